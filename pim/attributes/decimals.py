"""Numbers as files write them -> one canonical string: ``-12.5``, no exponent, no grouping, no idle
zeros.

The decimal separator is declared, never guessed: with "," a lone "1.299" could be 1299 or 1.299 and
is refused, while "1.299,00" and "1.299.000" can mean only one thing. A value is a string, so
equality is identity of spelling.
"""

import re
from decimal import Decimal
from functools import lru_cache

from pim.attributes.base import InvalidValue, shown
from pim.errors import text

WHOLE_DIGITS = 20
FRACTION_DIGITS = 20
LONGEST = 80
GROUPS = ".,'’ \u00a0\u202f"
EXPONENT = re.compile(r"\s*[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+\s*")


@lru_cache(maxsize=8)
def _shape(decimal: str) -> re.Pattern[str]:
    groups = "".join(one for one in GROUPS if one != decimal)
    grouped = rf"[1-9][0-9]{{0,2}}(?P<group>[{groups}])[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*"
    whole = rf"(?P<whole>[0-9]+|{grouped}|)"
    # A minus may be the mathematical one, and stand behind the number, as SAP writes it.
    return re.compile(
        rf"(?P<sign>[+\-−]?){whole}(?:{re.escape(decimal)}(?P<fraction>[0-9]+))?(?P<minus> ?[-−])?"
    )


def read_decimal(raw: str, decimal: str = ".") -> str | None:
    """``raw`` as canonical string, None for blanks. Rules: ``number``, ``grouping``, ``exponent``,
    ``digits``.

    ``decimal`` is "." or ","; a minus may stand behind; thousands may be grouped with any of
    ``. , ' ’`` and blanks, evenly.
    """
    spelling = raw.strip()
    if not spelling:
        return None
    found = _shape(decimal).fullmatch(spelling) if len(spelling) <= LONGEST else None
    if found is None or not (found["whole"] or found["fraction"]):
        raise _no_number(spelling, decimal)
    if found["sign"] and found["minus"]:
        raise _no_number(spelling, decimal)
    group, fraction = found["group"], found["fraction"]
    if group is not None and group in ".," and fraction is None and spelling.count(group) == 1:
        message = text(
            "“%(value)s” could be two numbers: is “%(group)s” grouping or decimals?",
            value=spelling,
            group=group,
        )
        raise InvalidValue("grouping", message)
    whole = found["whole"] if group is None else found["whole"].replace(group, "")
    is_negative = bool(found["minus"]) or found["sign"] in ("-", "−")
    return _canonical(whole, fraction or "", spelling, is_negative=is_negative)


def sortable(value: str) -> str:
    """A canonical string, or one with idle zeros, as a text that sorts as the numbers do: a letter
    for the number of whole digits stands before them. ``12.50`` -> ``B12.5``; below 0 all of it is
    turned round.
    """
    if "." in value:
        value = value.rstrip("0").removesuffix(".")
    if value[0] != "-":
        return chr(_ZERO + len(value.partition(".")[0])) + value
    digits = value[1:]
    return chr(_ZERO - len(digits.partition(".")[0])) + digits.translate(_TURNED) + _AFTER_DIGITS


_ZERO = 64
"""Before A, the sign of numbers with one whole digit; those before it are left to numbers below
0, of which there are 31."""
_TURNED = str.maketrans("0123456789", "9876543210")
_AFTER_DIGITS = "~"


def plain(number: Decimal) -> str:
    """The canonical string of a finite Decimal."""
    spelling = format(number, "f")
    if "." in spelling:
        spelling = spelling.rstrip("0").rstrip(".")
    return "0" if spelling in ("-0", "") else spelling


def fraction_digits(value: str) -> int:
    """How many digits stand behind the point of a canonical string."""
    return len(value.partition(".")[2])


def _canonical(whole: str, fraction: str, spelling: str, *, is_negative: bool) -> str:
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    if len(whole) > WHOLE_DIGITS or len(fraction) > FRACTION_DIGITS:
        raise InvalidValue(
            "digits",
            text(
                "“%(value)s” has more than %(limit)s digits.",
                value=shown(spelling),
                limit=WHOLE_DIGITS,
            ),
        )
    value = f"{whole}.{fraction}" if fraction else whole
    return f"-{value}" if is_negative and value != "0" else value


def _no_number(spelling: str, decimal: str) -> InvalidValue:
    if EXPONENT.fullmatch(spelling):
        message = text(
            "“%(value)s” is in exponent notation: a spreadsheet shortened it. Format the column as"
            " text.",
            value=shown(spelling),
        )
        return InvalidValue("exponent", message)
    message = text(
        "“%(value)s” is not a number with “%(decimal)s” as its decimal separator.",
        value=shown(spelling),
        decimal=decimal,
    )
    return InvalidValue("number", message)
