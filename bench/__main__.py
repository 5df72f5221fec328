"""``make bench``: the whole pipeline at two sizes, each step in a process of its own, between two runs of its yardstick.

``python -m bench [--rows 100000] [--small 10000]``; ends with 1 when a limit is broken. Figures of one machine mean little, ratios hold.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bench.generate import write

MEGABYTE = 1024  # ru_maxrss counts kilobytes on Linux


class Step(NamedTuple):
    """What a process printed as JSON, and its peak memory in MB."""

    answer: Any
    peak: float


class Hub:
    """A fresh hub with its own data folder, driven as a user would: by the command line."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.folder = folder / str(rows)
        self.source = write(self.folder, rows)
        self.raw = self.folder / "raw.db"
        self.environ = {**os.environ, "PIM_HOME": str(self.folder / "data")}

    def pim(self, *arguments: str | Path) -> Step:
        return run([sys.executable, "-c", "from pim.cli import main; main()", *map(str, arguments)], self.environ)

    def yardstick(self, name: str, source: Path, target: Path) -> float:
        return float(run([sys.executable, "-m", "bench.yardsticks", name, str(source), str(target)], self.environ).answer["seconds"])

    def import_file(self) -> Step:
        return self.pim("import", "products", self.source, "--profile", self.folder / "profile.yaml", "--json")


def run(command: list[str], environ: Mapping[str, str]) -> Step:
    """Run to the end; a failure ends the bench with what the process said."""
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own commands
    assert process.stdout
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    return Step(json.loads(said) if said.startswith(("{", "[")) else said, usage.ru_maxrss / MEGABYTE)


def measure(folder: Path, rows: int) -> dict[str, float]:
    """All figures at one size, in seconds and MB; yardsticks are the mean of a run before and a run after."""
    hub = Hub(folder, rows)
    hub.pim("init")
    hub.pim("structure", "apply", hub.folder / "structure.yaml")
    before = hub.yardstick("import_raw", hub.source, hub.raw)
    first = hub.import_file()
    hub.raw.unlink()
    after = hub.yardstick("import_raw", hub.source, hub.raw)
    again = hub.import_file()
    if (first.answer["created"], again.answer["unchanged"]) != (rows, rows):
        sys.exit(f"The import did something else: {first.answer}, {again.answer}")
    hub.pim("products", "approve", "--all-complete")
    hub.pim("feeds", "apply", hub.folder / "feeds.yaml")
    export_before = hub.yardstick("export_raw", hub.raw, hub.folder / "raw.xml")
    feed = hub.pim("feeds", "run", "--all", "--full", "--json")
    export_after = hub.yardstick("export_raw", hub.raw, hub.folder / "raw.xml")
    if feed.answer[0]["items"] != rows:
        sys.exit(f"The feed did something else: {feed.answer}")
    page = run([sys.executable, "-m", "bench.pages"], hub.environ).answer["p95"]
    return {
        "import": first.answer["seconds"], "import again": again.answer["seconds"], "import raw": (before + after) / 2,
        "feed": feed.answer[0]["seconds"], "feed raw": (export_before + export_after) / 2, "page p95": page,
        "import MB": first.peak, "feed MB": feed.peak,
    }  # fmt: skip


def verdicts(large: Mapping[str, float], small: Mapping[str, float]) -> Iterator[tuple[str, float, float]]:
    """(what, figure, limit): every figure must not be above its limit."""
    yield "first import / raw import", large["import"] / large["import raw"], 1 / 0.15
    yield "import again / first import", large["import again"] / large["import"], 1 / 3
    yield "feed / raw export", large["feed"] / large["feed raw"], 3.0
    yield "list page p95, large / small", large["page p95"] / small["page p95"], 2.0
    for step in ("import", "feed"):
        yield f"memory of {step}, large / small", large[f"{step} MB"] / small[f"{step} MB"], 1.3
        yield f"memory of {step}, MB", large[f"{step} MB"], 300.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--small", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="etalage-bench-") as folder:
        figures = {rows: measure(Path(folder), rows) for rows in (given.small, given.rows)}
    for rows, found in figures.items():
        print(f"{rows:>9,} rows: " + " · ".join(f"{name} {figure:.3g}" for name, figure in found.items()))
    broken = False
    for what, figure, limit in verdicts(figures[given.rows], figures[given.small]):
        broken |= figure > limit
        print(f"{'ABOVE ' if figure > limit else 'ok    '} {what:34} {figure:8.2f}  limit {limit:.2f}")
    sys.exit(broken)


if __name__ == "__main__":
    main()
