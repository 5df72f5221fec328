"""Numbers: a decimal comma that can be no grouping is taken for what it is."""

import re
from collections.abc import Sequence
from typing import ClassVar

from pim.attributes.base import AttributeType
from pim.values import parse_address
from pim.web.controls.base import Control

COMMA = re.compile(r"\s*-?[0-9]+,([0-9]{1,2}|[0-9]{4,})\s*")


def with_point(typed: str) -> str:
    """``12,50`` as ``12.50``; ``1,299`` stays, for it may mean a thousand."""
    return typed.replace(",", ".") if COMMA.fullmatch(typed) else typed


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
