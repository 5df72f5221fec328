"""Numbers: a decimal comma that can be no grouping is taken for what it is, and what could be a
thousand is asked.
"""

import re
from collections.abc import Sequence
from typing import ClassVar

from babel.numbers import get_decimal_symbol

from pim.attributes.base import AttributeType
from pim.attributes.locales import babel_locale
from pim.values import parse_address
from pim.web.controls.base import Control
from pim.web.page import language

# Whatever stands around the number (a minus, a currency) is the type's affair.
COMMA = re.compile(r"[^0-9.,]*([0-9]+,([0-9]{1,2}|[0-9]{4,})|0,[0-9]+)[^0-9.,]*")
GROUPED = re.compile(r"[^0-9.,]*[1-9][0-9]{0,2}\.[0-9]{3}[^0-9.,]*")
WITH_GROUPS = re.compile(
    r"([^0-9.,]*)([1-9][0-9]{0,2})((?:\.[0-9]{3})+|(?:[ '’\u00a0\u202f][0-9]{3})+)"
    r",([0-9]+)([^0-9.,]*)"
)
"""``1.299,50`` and ``1 299,50``, in which only the comma can stand before decimals."""
GROUPS_ALONE = re.compile(r"[^0-9.,]*[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}[^0-9.,]*")
"""``1.299.000``: a number has one decimal point at most."""
NO_DIGIT = re.compile(r"[^0-9]")


def with_point(typed: str) -> str:
    """``12,50`` as ``12.50``, ``0,750`` as ``0.750`` and ``1.299,50`` as ``1299.50``; ``1,299``
    stays, for it may mean a thousand. So may ``1.299`` where people write a decimal comma: it
    becomes the former, which the type asks about.
    """
    if found := WITH_GROUPS.fullmatch(typed):
        before, first, groups, fraction, after = found.groups()
        return f"{before}{first}{NO_DIGIT.sub('', groups)}.{fraction}{after}"
    if GROUPS_ALONE.fullmatch(typed):
        return typed.replace(".", "")
    if COMMA.fullmatch(typed):
        return typed.replace(",", ".")
    if GROUPED.fullmatch(typed) and get_decimal_symbol(babel_locale(language())) == ",":
        return typed.replace(".", ",")
    return typed


class NumberControl(Control):
    name_of_control: ClassVar[str] = "number"

    @classmethod
    def posted(cls, type_: AttributeType, parts: Sequence[str], unit: str) -> str:
        return with_point(parts[-1]) if parts else ""


class PriceControl(NumberControl):
    name_of_control: ClassVar[str] = "price"
    reading: ClassVar[str] = "price"

    @property
    def currency(self) -> str:
        return parse_address(self.address).currency or ""
