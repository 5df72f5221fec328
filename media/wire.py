"""Frames between us and the sandbox: four bytes of length, then the bytes."""

from typing import IO

MAX_FRAME = 256 * 1024 * 1024


def write_frame(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(4, "big"))
    stream.write(data)


def read_frame(stream: IO[bytes]) -> bytes:
    """EOFError when the other side is gone or talks nonsense."""
    size = int.from_bytes(_read(stream, 4), "big")
    if size > MAX_FRAME:
        raise EOFError
    return _read(stream, size)


def _read(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError
    return data
