"""What is brought to a target: an immutable file, read in pieces and watched while it is read."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from pim.deliveries.egress import Egress
from pim.deliveries.targets import DeliveryTarget
from pim.errors import Conflict, Unavailable, ngettext, text

PIECE = 1 << 16


class WatchedFile:
    """A file that is read while somebody may stop the job, and before the time is over."""

    def __init__(self, file: BinaryIO, until: float, longest: float, check: Callable[[], None]):
        self._file, self._until, self._longest, self._check = file, until, longest, check

    def read(self, size: int = PIECE) -> bytes:
        self._check()
        if time.monotonic() > self._until:
            minutes = round(self._longest / 60)
            sentence = ngettext(
                "The server is too slow: the file was not there after %(num)s minute.",
                "The server is too slow: the file was not there after %(num)s minutes.",
                minutes,
            )
            raise Unavailable(sentence)
        return self._file.read(size)

    def pieces(self) -> Iterator[bytes]:
        while piece := self.read(PIECE):
            yield piece


@dataclass(frozen=True)
class Shipment:
    """``key``: what the receiver knows this delivery by. ``name``: of the file there. ``open_file``
    opens the file anew each time. ``check`` raises where the work must end.
    """

    key: str
    name: str
    size: int
    sha256: str
    media_type: str
    open_file: Callable[[], BinaryIO]
    check: Callable[[], None] = lambda: None

    @contextmanager
    def reading(self, longest: float) -> Iterator[WatchedFile]:
        with self.open_file() as file:
            yield WatchedFile(file, time.monotonic() + longest, longest, self.check)

    def demand_whole(self) -> None:
        """:class:`Conflict` where a disk damaged the file since it was built."""
        digest = sha256()
        with self.open_file() as file:
            while piece := file.read(PIECE):
                digest.update(piece)
        if digest.hexdigest() != self.sha256:
            raise Conflict(text("The file of this build is damaged. Build the feed again."))

    @property
    def part_name(self) -> str:
        """What the file is called there until it is whole."""
        return f".{self.name}.{self.key[:8]}.part"


@dataclass(frozen=True)
class Way:
    """How a target is reached: the target, what opens it, and the hub's way out. ``root``: the
    folder of this machine that folder targets lie in.
    """

    target: DeliveryTarget
    secret: str
    egress: Egress
    root: str = ""

    def told(self, said: str) -> str:
        """What a server says, in one short line. Some repeat the password that they refuse."""
        line = " ".join("".join(c if c.isprintable() else " " for c in said).split())
        if self.secret:
            line = line.replace(self.secret, "…")
        return line if len(line) <= 300 else f"{line[:299]}…"
