"""Our side of the sandbox: as many long-lived decoding processes as there are processors, a new one
when one died.

A picture costs a pipe's round trip instead of a Python start. Whatever a file does to the process
that decodes it, the caller gets `Invalid` and lives.
"""

import atexit
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from media.kinds import PDF, kind_of
from media.presets import Preset
from media.wire import read_frame, write_frame
from pim.errors import Invalid, Text, text

WALL_SECONDS = 30.0
PROCESSES = max(2, os.cpu_count() or 1)
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """One preset's picture. width, height: pixels."""

    preset: Preset
    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """width, height: of the original as it is seen. drawn: in the order of the presets asked
    for.
    """

    width: int
    height: int
    frames: int
    drawn: list[DecodedPicture]


def decode(data: bytes, presets: Sequence[Preset]) -> Decoded:
    """Header and renditions of a picture, made in the sandbox. Invalid({"file": …}) when it is
    refused, damaged or hostile.
    """
    if kind_of(data) is PDF:
        raise Invalid({"file": [text("This is a PDF, not a picture.")]})
    with _slots:
        worker = _take_worker()
        try:
            answer, pictures = worker.ask(data, presets)
        except BaseException:
            # Whatever interrupted us, its answer must never be read as the next picture's.
            worker.close()
            raise
        _idle.append(worker)
    if "refused" in answer:
        msgid, parts = answer["refused"]
        raise Invalid({"file": [Text(msgid, parts)]})
    header = answer["header"]
    sized = zip(presets, pictures, answer["sizes"], strict=True)
    drawn = [
        DecodedPicture(preset, picture, width, height) for preset, picture, (width, height) in sized
    ]
    return Decoded(header["width"], header["height"], header["frames"], drawn)


class DecoderProcess:
    """One decoding process."""

    def __init__(self) -> None:
        self._expired = False
        # Almost nothing of our environment: it holds the database's password. One malloc arena, or
        # threads reserve address space.
        kept = {
            name: os.environ[name]
            for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
            if name in os.environ
        }
        paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "media.sandbox"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**kept, "PYTHONPATH": paths, "MALLOC_ARENA_MAX": "1"},
        )

    def ask(self, data: bytes, presets: Sequence[Preset]) -> tuple[dict[str, Any], list[bytes]]:
        """The JSON of the answer and the pictures. Invalid when the process died over it or took
        too long.
        """
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        limit = threading.Timer(WALL_SECONDS, self._expire)
        limit.daemon = True
        limit.start()
        try:
            write_frame(requests, orjson.dumps([asdict(preset) for preset in presets]))
            write_frame(requests, data)
            requests.flush()
            answer: dict[str, Any] = orjson.loads(read_frame(answers))
            return answer, [read_frame(answers) for _ in answer.get("sizes", [])]
        except (EOFError, OSError) as error:
            raise Invalid({"file": [self._cause_of_death()]}) from error
        finally:
            limit.cancel()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._process.kill()
        with self._process:  # waits and closes the pipes
            pass

    def _expire(self) -> None:
        self._expired = True
        self._process.kill()

    def _cause_of_death(self) -> Text:
        """Called when the pipe broke: the process is dying, or (talking nonsense) is made to."""
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if self._expired or (sys.platform != "win32" and code == -signal.SIGXCPU):
            return text(
                "The picture takes too long to decode. Make it smaller, or save it as a plain JPEG."
            )
        return text("The picture could not be decoded. Export it again and send the new file.")


def _take_worker() -> DecoderProcess:
    """An idle process, or a new one. One that died while idle (a restart of the machine's memory
    killer) is not the picture's fault.
    """
    while True:
        try:
            worker = _idle.pop()
        except IndexError:
            return DecoderProcess()
        if worker.is_alive():
            return worker
        worker.close()


def close_all() -> None:
    """End the idle processes; the next picture starts new ones."""
    while _idle:
        _idle.pop().close()


def _forget_workers() -> None:
    """After a fork (a pre-forking server): the pipes belong to the parent."""
    global _slots
    _idle.clear()
    _slots = threading.BoundedSemaphore(PROCESSES)


_idle: list[DecoderProcess] = []
_slots = threading.BoundedSemaphore(PROCESSES)
atexit.register(close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_workers)
