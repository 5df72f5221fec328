"""A million keys and a number for each, in a few bytes a key. Pure."""

from array import array
from typing import Literal

SMALLEST = 1 << 12
FREE = 0
"""No number: those that are kept are never 0."""


class HashIndex:
    """Key -> the first number that was given for it.

    Open addressing in two arrays: 12 or 16 bytes a place, where a dictionary of Python's numbers
    takes over 100. A hash stands for its key: two keys with the same 64 bits are not to be
    expected.

    ``holds``: "lines" (1 to 4 thousand million, 4 bytes) or "ids" (any but 0, 8 bytes).
    """

    def __init__(self, holds: Literal["lines", "ids"]) -> None:
        self._type = "I" if holds == "lines" else "q"
        self._count = 0
        self._make_places(SMALLEST)

    def first(self, key: object, number: int) -> int:
        """The number that was given for this key first: ``number`` itself when the key is new."""
        hashed = hash(key)
        place = self._place_of(hashed)
        found = self._numbers[place]
        if found != FREE:
            return found
        self._hashes[place], self._numbers[place] = hashed, number
        self._count += 1
        if 2 * self._count > self._mask:
            self._grow()
        return number

    def get(self, key: object) -> int | None:
        """The number of a key; None where it has none."""
        found = self._numbers[self._place_of(hash(key))]
        return None if found == FREE else found

    def _make_places(self, size: int) -> None:
        self._hashes = array("q", bytes(8 * size))
        self._numbers = array(self._type, bytes(array(self._type).itemsize * size))
        self._mask = size - 1

    def _place_of(self, hashed: int) -> int:
        """Where this hash stands, or the free place where it belongs."""
        hashes, numbers, mask = self._hashes, self._numbers, self._mask
        place = hashed & mask
        while numbers[place] != FREE and hashes[place] != hashed:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        hashes, numbers = self._hashes, self._numbers
        self._make_places(2 * len(hashes))
        for hashed, number in zip(hashes, numbers, strict=True):
            if number != FREE:
                place = self._place_of(hashed)
                self._hashes[place], self._numbers[place] = hashed, number
