"""What moved where the order of a list was changed: as little as explains it. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any


def moved(then: Sequence[str], now: Sequence[str]) -> list[str]:
    """The codes that moved, in their new order, where all others stay as they stood to each other.
    Both hold the same codes.
    """
    places = {code: place for place, code in enumerate(then)}
    now_in_old_places = [places[code] for code in now]
    staying = set(_longest_rising(now_in_old_places))
    return [code for code in now if places[code] not in staying]


def behind(codes: Sequence[str], wanted: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Behind which other one each of the wanted codes stands; behind nothing at the beginning."""
    neighbours = [None, *codes]
    before = dict(zip(codes, neighbours, strict=False))
    return {code: {"behind": before[code]} for code in wanted}


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The longest rising part of a sequence: for each length the least number in which one of that
    length can end, and for each number the one before it there.
    """
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(ends, number)
        before[number] = ends[length - 1] if length else None
        ends[length : length + 1] = [number]
    found: list[int] = []
    number_before = ends[-1] if ends else None
    while number_before is not None:
        found.append(number_before)
        number_before = before[number_before]
    return found
