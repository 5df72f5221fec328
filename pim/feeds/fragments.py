"""Where in a build's file each product stands, so that the next build copies what did not change.

A build is its own cache: beside its file lies an index of fixed records, one per top product (with
its variants), in feed order.
"""

import sys
from array import array
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pim.feeds.traces import EarlierRecords, Trace


class Fragment(NamedTuple):
    """One top product in a build.

    ``root``, ``seq``, ``members``: what
    :func:`pim.products.published_products.group_versions` said of it.
    ``at``, ``length``: bytes in the file; ``report_at``, ``report_length``: in the report.
    ``worth``: of what is not retired (:mod:`pim.feeds.worth`).
    """

    root: int
    seq: int
    members: int
    at: int
    length: int
    items: int
    excluded: int
    report_at: int
    report_length: int
    worth: int = 0


WIDTH = len(Fragment._fields)
WIDTH_WITHOUT_WORTH = 9
"""Of the indexes of builds that have no worth."""


class FragmentWriter:
    """Collects the index of a build as it is written: 80 bytes a product."""

    def __init__(self) -> None:
        self._numbers = array("q")

    def add(self, fragment: tuple[int, ...]) -> None:
        """The numbers of a :class:`Fragment`, in its order."""
        self._numbers.extend(fragment)

    def __len__(self) -> int:
        return len(self._numbers) // WIDTH

    def save(self, path: Path) -> None:
        numbers = self._numbers
        if sys.byteorder == "big":
            numbers = array("q", numbers)
            numbers.byteswap()
        with path.open("wb") as file:
            numbers.tofile(file)


class PreviousBuild:
    """A previous build's fragments, read front to back beside the new one. Gives what is asked in
    ascending order of root.
    """

    def __init__(self, file: BinaryIO, report: BinaryIO, index: bytes, trace: Trace) -> None:
        numbers = array("q", index)
        if sys.byteorder == "big":
            numbers.byteswap()
        self._numbers = numbers
        self._place = 0
        self._file = file
        self._report = report
        self._records = EarlierRecords(trace)

    def find(self, root: int, seq: int, members: int) -> Fragment | None:
        """The fragment of this top product where it is still true: no later change than ``seq``,
        nobody came or went.
        """
        numbers, place = self._numbers, self._place
        while place < len(numbers) and numbers[place] < root:
            place += WIDTH
        self._place = place
        if place >= len(numbers) or numbers[place] != root:
            return None
        found = Fragment(*numbers[place : place + WIDTH])
        return found if (found.seq, found.members) == (seq, members) else None

    def text(self, fragment: Fragment) -> bytes:
        return _slice(self._file, fragment.at, fragment.length)

    def trace(self, fragment: Fragment) -> bytes:
        return self._records.of(fragment.root)

    def reasons(self, fragment: Fragment) -> bytes:
        return _slice(self._report, fragment.report_at, fragment.report_length)


def _slice(file: BinaryIO, at: int, length: int) -> bytes:
    if not length:
        return b""
    file.seek(at)
    return file.read(length)
