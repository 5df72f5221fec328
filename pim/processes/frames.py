"""Frames between two processes: four bytes of length, then the bytes."""

from collections.abc import Sequence
from typing import IO

MAX_FRAME = 256 * 1024 * 1024
"""Bytes of a message, all its frames together."""
MAX_FRAMES = 1000


def write_frames(stream: IO[bytes], frames: Sequence[bytes]) -> None:
    """Write one message of some frames, and send it on its way."""
    stream.write(len(frames).to_bytes(4, "big"))
    for frame in frames:
        stream.write(len(frame).to_bytes(4, "big"))
        stream.write(frame)
    stream.flush()


def read_frames(stream: IO[bytes]) -> list[bytes]:
    """Read one message; EOFError when the other side is gone or talks nonsense."""
    count = _read_number(stream)
    if count > MAX_FRAMES:
        raise EOFError
    frames: list[bytes] = []
    total = 0
    for _ in range(count):
        size = _read_number(stream)
        total += size
        if total > MAX_FRAME:
            raise EOFError
        frames.append(_read(stream, size))
    return frames


def _read_number(stream: IO[bytes]) -> int:
    size = int.from_bytes(_read(stream, 4), "big")
    if size > MAX_FRAME:
        raise EOFError
    return size


def _read(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError
    return data
