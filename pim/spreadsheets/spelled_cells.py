"""Cells as spreadsheets of any country write them: the numbers and days they can mean. Pure."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T]0{1,2}:00(?::00)?)?")
_OTHER_POINT = {
    ",": re.compile(r"-?(?:0|[1-9]\d*)\.(?:\d{1,2}|\d{4,})|-?0\.\d+"),
    ".": re.compile(r"-?(?:0|[1-9]\d*),(?:\d{1,2}|\d{4,})|-?0,\d+"),
}
"""Numbers with the other decimal separator than their file has, which cannot be grouping."""


def days(cell: str) -> list[str]:
    """The days that a cell can mean, as 2026-11-22; none where it is written otherwise. With dots
    and dashes the day comes first; with slashes the month may.
    """
    found = _DAY.fullmatch(cell.strip())
    if found is None:
        return []
    first, sign, second, year = found[1], found[2], found[3], found[4]
    orders = [(second, first)] if sign != "/" else [(second, first), (first, second)]
    made = (_day(int(year), int(month), int(day)) for month, day in orders)
    return list(dict.fromkeys(one for one in made if one))


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def number(cell: str, decimal: str) -> str:
    """A number with the decimal separator of its file, where it can only be meant so."""
    spelled = cell.strip()
    if _OTHER_POINT[decimal].fullmatch(spelled):
        return spelled.replace("." if decimal == "," else ",", decimal)
    return cell


def is_same_number(cell: str, spelled: str, decimal: str) -> bool:
    """Whether a cell is a number that went out as ``spelled``, with a point."""
    try:
        return Decimal(cell.strip().replace(decimal, ".")) == Decimal(spelled)
    except InvalidOperation:
        return False


def narrowed(cell: str, encoding: str) -> str:
    """A text as it comes back from a file in an encoding that lacks some of its letters."""
    return cell.encode(encoding, "replace").decode(encoding)
