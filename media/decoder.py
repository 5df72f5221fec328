"""Our side of the sandbox: as many long-lived decoding processes as there are processors, a new one
when one died.

A picture costs a pipe's round trip instead of a Python start. Whatever a file does to the process
that decodes it, the caller gets `Invalid` and lives.
"""

import atexit
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from media.kinds import PDF, kind_of
from media.presets import Preset
from pim.errors import Invalid, Text, text
from pim.processes.process import (
    CauseOfDeath,
    ProcessDied,
    WorkerProcess,
    bare_environment,
)

WALL_SECONDS = 30.0
PROCESSES = max(2, os.cpu_count() or 1)
"""What a decoding process knows of our environment."""


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
            answer, pictures = worker.draw(data, presets)
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


class DecoderProcess(WorkerProcess):
    """One decoding process. It knows almost nothing of our environment, which holds the database's
    password.
    """

    def __init__(self) -> None:
        super().__init__("media.sandbox", bare_environment(), is_quiet=True)

    def draw(self, data: bytes, presets: Sequence[Preset]) -> tuple[dict[str, Any], list[bytes]]:
        """The JSON of the answer and the pictures. Invalid when the process died over it or took
        too long.
        """
        wanted = orjson.dumps([asdict(preset) for preset in presets])
        try:
            spelled, *pictures = self.ask([wanted, data], WALL_SECONDS)
        except ProcessDied as died:
            raise Invalid({"file": [SENTENCES[died.cause]]}) from died
        try:
            return _checked(orjson.loads(spelled), len(pictures)), pictures
        except (ValueError, KeyError, TypeError) as error:
            # Hostile content may have taken the process over; what it says is not believed.
            raise Invalid({"file": [SENTENCES["crashed"]]}) from error


def _checked(answer: dict[str, Any], pictures: int) -> dict[str, Any]:
    """The answer, if it has the shape that :mod:`media.sandbox` describes; ValueError, KeyError or
    TypeError where it has not.
    """
    if "refused" in answer:
        msgid, parts = answer["refused"]
        str(msgid) % dict(parts)
        return answer
    header = answer["header"]
    if not all(isinstance(header[name], int) for name in ("width", "height", "frames")):
        raise ValueError("no header")
    if len(answer["sizes"]) != pictures or any(len(size) != 2 for size in answer["sizes"]):
        raise ValueError("other pictures than sizes")
    return answer


_TOO_SLOW = text(
    "The picture takes too long to decode. Make it smaller, or save it as a plain JPEG."
)
SENTENCES: Mapping[CauseOfDeath, Text] = {
    "too slow": _TOO_SLOW,
    "too much processor time": _TOO_SLOW,
    "crashed": text("The picture could not be decoded. Export it again and send the new file."),
}
"""What people are told of the picture that a process died of."""


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
