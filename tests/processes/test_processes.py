"""Processes beside this one: they answer, they are given up when they hang, and what they die of is
told; and the garbage collector, which belongs to all threads of a process.
"""

import gc
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from pim.garbage import ALLOCATIONS, paused_collection
from pim.processes.process import ProcessDied, WorkerProcess

CODE = """
import os, time
from pim.processes.worker import Limits, serve

def answer(frames):
    word = frames[0].decode() if frames else ""
    if word == "hang":
        time.sleep(60)
    if word == "spin":
        while True:
            pass
    if word == "crash":
        os._exit(3)
    if word == "grow":
        return [str(len(bytearray(1 << 30))).encode()]
    if word == "print":
        print("this is no answer")
    if word == "write":
        with open(frames[1].decode(), "wb") as file:
            file.write(b"x")
    return [frame[::-1] for frame in frames]

serve(answer, Limits(memory=1 << 29, cpu_seconds=1, writes_files=False))
"""


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerProcess]:
    (tmp_path / "echo_process.py").write_text(textwrap.dedent(CODE))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = WorkerProcess("echo_process", is_quiet=True)
    yield found
    found.close()


def test_it_answers_one_question_after_the_other(process: WorkerProcess) -> None:
    assert process.ask([b"abc", b""], 30) == [b"cba", b""]
    assert process.ask([], 30) == []
    assert process.ask([b"print"], 30) == [b"tnirp"]


@pytest.mark.parametrize(
    ("word", "seconds", "cause"),
    [
        ("hang", 0.5, "too slow"),
        ("spin", 30, "too much processor time"),
        ("crash", 30, "crashed"),
        ("grow", 30, "crashed"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits on Windows")
def test_what_it_dies_of_is_told(
    process: WorkerProcess, word: str, seconds: float, cause: str
) -> None:
    with pytest.raises(ProcessDied) as died:
        process.ask([word.encode()], seconds)
    assert died.value.cause == cause
    assert not process.is_alive()
    with pytest.raises(ProcessDied):
        process.ask([b"again"], seconds)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits on Windows")
def test_it_can_write_no_file(process: WorkerProcess, tmp_path: Path) -> None:
    with pytest.raises(ProcessDied):
        process.ask([b"write", str(tmp_path / "out").encode()], 30)
    assert not (tmp_path / "out").exists() or (tmp_path / "out").stat().st_size == 0


def test_pauses_of_the_garbage_collector_may_overlap() -> None:
    """Two jobs that do not end in the order in which they began: the second used to find the first
    one's pause, and to leave it on for good.
    """
    before = gc.get_threshold()
    first, second = paused_collection(), paused_collection()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold()[0] == ALLOCATIONS
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
