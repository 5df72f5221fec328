"""Real processes and a real kill -9."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def killed(
    script: str, *arguments: str, chance: random.Random, lines: int = 1, within: float = 0.1
) -> list[str]:
    """Run a script, wait for ``lines`` lines of its output, and kill it at some moment ``within``
    so many seconds after. All it said.
    """
    process = start(script, *arguments)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    time.sleep(chance.uniform(0, within))
    process.send_signal(signal.SIGKILL)
    said += process.communicate()[0].splitlines(keepends=True)
    assert process.returncode in (-signal.SIGKILL, 0), said
    return [line.strip() for line in said if line.endswith("\n")]
