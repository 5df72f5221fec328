"""In which line each product of a file stands first: a million of them in a few bytes each."""

from array import array

SMALLEST = 1 << 12
EMPTY = 0
"""No line: lines are counted from 1."""


class LineIndex:
    """Hash of a key -> the line where it stood first.

    Open addressing in two arrays: 12 bytes a place, where a dictionary of Python's numbers takes
    over 100. A hash stands for its key: two keys of one file with the same 64 bits are not to be
    expected.
    """

    def __init__(self) -> None:
        self._count = 0
        self._make_places(SMALLEST)

    def _make_places(self, size: int) -> None:
        self._hashes = array("q", bytes(8 * size))
        self._lines = array("L" if array("L").itemsize == 4 else "I", bytes(4 * size))
        self._mask = size - 1

    def first_line(self, key: str, line: int) -> int:
        """The line where this key stood first: ``line`` itself when it is new."""
        place = self._place_of(hash(key))
        first = self._lines[place]
        if first != EMPTY:
            return first
        self._hashes[place], self._lines[place] = hash(key), line
        self._count += 1
        if 2 * self._count > self._mask:
            self._grow()
        return line

    def _place_of(self, hashed: int) -> int:
        """Where this hash stands, or the free place where it belongs."""
        hashes, lines, mask = self._hashes, self._lines, self._mask
        place = hashed & mask
        while lines[place] != EMPTY and hashes[place] != hashed:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        hashes, lines = self._hashes, self._lines
        self._make_places(2 * len(hashes))
        for hashed, line in zip(hashes, lines, strict=True):
            if line != EMPTY:
                place = self._place_of(hashed)
                self._hashes[place], self._lines[place] = hashed, line
