"""GTINs: digits as text. GS1 General Specifications, section 7.9 (check digit).

A GTIN is written with 8, 12, 13 or 14 digits, and zeros in front make no other one of it: a UPC
012345678905 is the EAN 0012345678905. It is kept as it was written, because channels ask for one
length or the other, and compared with all 14 digits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from stdnum import ean

from pim.attributes.base import NEUTRAL, AttributeType, InvalidValue, Reading, shown
from pim.attributes.decimals import EXPONENT
from pim.errors import Text, ngettext, text
from pim.problems import Problem
from pim.values import Value

LENGTHS = (8, 12, 13, 14)
ZEROS = "0" * LENGTHS[0]
DASHES = str.maketrans("", "", " -\u00a0\u2010\u2011\u2013")


@dataclass(frozen=True)
class GtinType(AttributeType):
    """No settings. A wrong check digit is a doubt: the hub shows it, and channels that care refuse
    it.
    """

    code: ClassVar[str] = "gtin"
    label: ClassVar[Text] = text("GTIN")
    help: ClassVar[Text] = text("The number under the bar code: EAN, UPC or GTIN-14.")
    control: ClassVar[str] = "gtin"
    is_searchable: ClassVar[bool] = True
    is_known_by_its_end: ClassVar[bool] = True

    def parse(self, raw: str, reading: Reading) -> Value:
        """The digits without blanks and dashes, None for blanks and for zeros alone, with which
        systems fill the field of an article that has none. Rules: ``exponent``, ``gtin``,
        ``length``.
        """
        digits = raw.translate(DASHES).strip()
        if not digits.strip("0"):
            return None
        if EXPONENT.fullmatch(raw):
            message = text(
                "“%(value)s”: a spreadsheet rounded the digits away. Format the column as text.",
                value=shown(raw),
            )
            raise InvalidValue("exponent", message)
        if not (digits.isascii() and digits.isdecimal()):
            raise InvalidValue(
                "gtin", text("“%(value)s” has characters that are not digits.", value=shown(raw))
            )
        if len(digits) not in LENGTHS:
            raise _wrong_length(digits)
        return digits

    def load(self, raw: Any) -> Value:
        """A JSON string; a number has lost its leading zeros. Rules: ``type`` and those of
        `parse`.
        """
        if raw is None:
            return None
        if not isinstance(raw, str):
            message = text(
                "“%(value)s” is not text; a GTIN written as a number loses its leading zeros.",
                value=shown(raw),
            )
            raise InvalidValue("type", message)
        return self.parse(raw, NEUTRAL)

    def check(self, value: Value) -> list[Problem]:
        """Rules: ``check_digit`` (a doubt)."""
        expected = ean.calc_check_digit(value[:-1])
        if value[-1] == expected:
            return []
        message = text(
            "“%(value)s” has check digit %(found)s where %(expected)s is due.",
            value=value,
            found=value[-1],
            expected=expected,
        )
        return [Problem("", "check_digit", message, severity="warning")]

    def terms(self, value: Value) -> tuple[str, ...]:
        """All 14 digits: an article has one GTIN, in whatever length it is written."""
        return (value.zfill(LENGTHS[-1]),)

    def words(self, value: Value) -> tuple[str, ...]:
        """In every length up to 13 digits, because a scanner reads a UPC as an EAN and a list has
        it the other way round.
        """
        if len(value) == 13 and value[0] != "0":
            return (value,)
        digits = value.lstrip("0")
        shorter = (digits.zfill(length) for length in LENGTHS[:-1] if len(digits) <= length)
        return tuple(dict.fromkeys((value, *shorter)))

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """Digits of a right length only wait for their check digit."""
        slow = super().reader(reading)

        def read(raw: str) -> Value:
            if (
                len(raw) in LENGTHS
                and raw[:8] != ZEROS
                and raw.isascii()
                and raw.isdecimal()
                and has_check_digit(raw)
            ):
                return raw
            return slow(raw)

        return read


def has_check_digit(digits: str) -> bool:
    """GS1 modulo 10 over the bytes: every digit once and every second one twice more; each byte is
    48 more than its digit, which the last term takes off again. Eight times as fast as stdnum.
    """
    raw = digits.encode()
    return (sum(raw) + 2 * sum(raw[-2::-2]) - 48 * (len(raw) + len(raw) // 2 * 2)) % 10 == 0


def _wrong_length(digits: str) -> InvalidValue:
    if len(digits) in (
        7,
        10,
        11,
    ):  # one or two short of a GTIN-8 or GTIN-12: a spreadsheet's number
        message = text(
            "“%(value)s” has %(length)s digits: did a spreadsheet drop leading zeros?",
            value=digits,
            length=len(digits),
        )
    else:
        message = ngettext(
            "“%(value)s” has %(num)s digit where a GTIN has 8, 12, 13 or 14.",
            "“%(value)s” has %(num)s digits where a GTIN has 8, 12, 13 or 14.",
            len(digits),
            value=shown(digits),
        )
    return InvalidValue("length", message)
