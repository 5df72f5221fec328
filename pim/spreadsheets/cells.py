"""How values stand in the cells of a file: numbers and days as such, everything else as text,
options and categories by code or by label.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from pim.attributes import lists, units
from pim.attributes.base import AttributeType
from pim.errors import NotFound, text
from pim.labels import Labels
from pim.spreadsheets.columns import SKU, VERSION, SheetColumn, SheetStyle
from pim.spreadsheets.naming import Names
from pim.structure.objects import Structure
from pim.values import Value

CellKind = Literal["text", "number", "day"]
ROOM = 32_767
"""Characters (of UTF-16) that a cell of Excel has room for."""
DIGITS = 15
"""So many of a number Excel keeps."""
FIRST_DAY, LAST_DAY = date(1900, 3, 1), date(9999, 12, 31)
"""Excel counts a 29 February 1900 that never was, and no day before that year."""
NUMBERS = frozenset({"number", "price", "measurement"})
"""The controls of the types whose values are numbers."""
NO_ROOM = text("(This text is too long for a cell and is edited on the page of its product.)")


@dataclass(frozen=True, slots=True)
class SheetCell:
    """``text``: a number with a point, a day as 2026-11-22. ``is_inherited``: a model lends it."""

    text: str
    kind: CellKind = "text"
    is_inherited: bool = False


BLANK = SheetCell("")


class CellSpeller:
    """Spells the values of one structure in one style."""

    def __init__(self, structure: Structure, style: SheetStyle) -> None:
        self._structure, self._style = structure, style
        self.categories = self._names({c: one.labels for c, one in structure.categories.items()})
        self.families = self._names({c: one.labels for c, one in structure.families.items()})
        self.options = cache(self._option_names)
        """By the code of their attribute."""

    def _names(self, labels: Mapping[str, Labels]) -> Names | None:
        """None where codes are wanted."""
        return Names(labels, self._style.language) if self._style.language else None

    def _option_names(self, attribute: str) -> Names | None:
        type_ = self._structure.attributes[attribute].type
        labels: Mapping[str, Labels] = getattr(type_, "options", {})
        return self._names(labels)

    def texts(self, address: str, value: Value) -> Sequence[str]:
        """The cells of a value, one for each column of its address; blank where there is none."""
        attribute = self._structure.attribute_at.get(address)
        if attribute is None:
            return ("" if value is None else self._fact(address, value),)
        if value is None:
            return ("",) * len(attribute.type.columns(address))
        if attribute.type.has_options and (names := self.options(attribute.code)) is not None:
            codes = names.all_of(value if attribute.type.takes_many else [value])
            return (lists.join(codes) if attribute.type.takes_many else codes[0],)
        if self._style.language and attribute.type.control == "boolean":
            return (attribute.type.show(value, self._style.language),)
        cells = attribute.type.cells(value)
        if self._style.language and len(cells) > 1:
            return (cells[0], _symbol(attribute.type, cells[1]))
        return tuple(self._with_room(cell) for cell in cells)

    def _fact(self, address: str, value: Value) -> str:
        if address == "enabled":
            if not self._style.language:
                return "1" if value else "0"
            return self._style.tell(text("Yes") if value else text("No"))
        if address == "family":
            return self.families.all_of([value])[0] if self.families else str(value)
        names = self.categories if address == "categories" else None
        return lists.join(names.all_of(value) if names else value)

    def _with_room(self, cell: str) -> str:
        """What Excel cannot hold stands for itself, so that it is not taken for another text."""
        if len(cell) * 2 <= ROOM or len(cell.encode("utf-16-le")) // 2 <= ROOM:
            return cell
        return self._style.tell(NO_ROOM)

    def kind(self, column: SheetColumn) -> CellKind:
        """What the cells of a column are, where they can be that."""
        if column.address in (VERSION, ".complete", ".variants"):
            return "number"
        attribute = self._structure.attribute_at.get(column.address)
        if attribute is None or column.part:
            return "text"
        if attribute.type.control in NUMBERS:
            return "number"
        return "day" if attribute.type.control == "date" else "text"


def _symbol(type_: AttributeType, unit: str) -> str:
    """The symbol of a unit, where that is read as this unit again."""
    dimension: str = getattr(type_, "dimension", "")
    known = units.DIMENSIONS[dimension].get(unit)
    if known is not None:
        with suppress(NotFound):
            if units.find_unit(known.symbol, dimension).code == unit:
                return known.symbol
    return unit


def cell_of(column: SheetColumn, spelled: str, kind: CellKind, *, is_inherited: bool) -> SheetCell:
    """A spelled value as a cell: text where a spreadsheet could not keep the number or the day."""
    if not spelled:
        return BLANK
    if (kind == "number" and not _keeps_number(spelled)) or (
        kind == "day" and not _keeps_day(spelled)
    ):
        kind = "text"
    return SheetCell(spelled, kind, is_inherited and column.address not in (SKU, VERSION))


def _keeps_number(spelled: str) -> bool:
    digits = spelled.lstrip("-").replace(".", "").strip("0")
    return len(digits) <= DIGITS and abs(Decimal(spelled)) < 10**DIGITS


def _keeps_day(spelled: str) -> bool:
    return FIRST_DAY <= date.fromisoformat(spelled) <= LAST_DAY
