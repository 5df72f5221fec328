"""How values stand in the cells of a file: numbers and days as such, everything else as text,
options and categories by code or by label.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Literal

from pim.attributes import lists, units
from pim.attributes.base import AttributeType
from pim.errors import NotFound, text
from pim.labels import Labels
from pim.spreadsheets.columns import VERSION, SheetColumn, SheetStyle
from pim.spreadsheets.naming import Names
from pim.structure.objects import Attribute, Structure
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


_COUNTS = frozenset({VERSION, ".complete", ".variants"})
"""What is a number beside the values of attributes."""


def kind_of(attribute: Attribute) -> CellKind:
    """What the amounts of an attribute are."""
    if attribute.type.control in NUMBERS:
        return "number"
    return "day" if attribute.type.control == "date" else "text"


ValueSpeller = Callable[[Value], Sequence[str]]
"""A value -> its cells, one for each column of its address; blank where there is no value."""


class CellSpeller:
    """Spells the values of one structure in one style."""

    def __init__(self, structure: Structure, style: SheetStyle) -> None:
        self._structure, self._style = structure, style
        self.categories = self._names({c: one.labels for c, one in structure.categories.items()})
        self.families = self._names({c: one.labels for c, one in structure.families.items()})
        self.options = cache(self._option_names)
        """By the code of their attribute."""
        self.of_address = cache(self._of_address)
        """Address -> how its values are spelled: found out once, as there are many rows."""

    def _names(self, labels: Mapping[str, Labels]) -> Names | None:
        """None where codes are wanted."""
        return Names(labels, self._style.language) if self._style.language else None

    def _option_names(self, attribute: str) -> Names | None:
        type_ = self._structure.attributes[attribute].type
        labels: Mapping[str, Labels] = getattr(type_, "options", {})
        return self._names(labels)

    def _of_address(self, address: str) -> ValueSpeller:
        attribute = self._structure.attribute_at.get(address)
        if attribute is None:
            spell = self._of_fact(address)
            columns = 1
        else:
            spell = self._of_attribute(attribute)
            columns = len(attribute.type.columns(address))
        blank = ("",) * columns
        return lambda value: blank if value is None else spell(value)

    def _of_attribute(self, attribute: Attribute) -> ValueSpeller:
        type_, language = attribute.type, self._style.language
        names = self.options(attribute.code) if type_.has_options else None
        if names is not None:
            return _of_options(names, takes_many=type_.takes_many)
        if language and type_.control == "boolean":
            return lambda value: (type_.show(value, language),)
        if language and len(type_.columns("")) > 1:
            return _of_measures(type_)
        return lambda value: [self._with_room(cell) for cell in type_.cells(value)]

    def _of_fact(self, address: str) -> ValueSpeller:
        """Of what a product has beside its values; and of what it is linked with."""
        if address == "enabled":
            yes, no = self._yes_and_no()
            return lambda value: (yes if value else no,)
        if address == "family":
            families = self.families
            return lambda value: families.all_of([value]) if families else (str(value),)
        names = self.categories if address == "categories" else None
        return lambda value: (lists.join(names.all_of(value) if names else value),)

    def _yes_and_no(self) -> tuple[str, str]:
        if not self._style.language:
            return "1", "0"
        return self._style.tell(text("Yes")), self._style.tell(text("No"))

    def _with_room(self, cell: str) -> str:
        """What Excel cannot hold stands for itself, so that it is not taken for another text."""
        if len(cell) * 2 <= ROOM:
            return cell  # whatever its letters are: each takes two units of UTF-16 at most
        units = len(cell.encode("utf-16-le")) // 2
        return cell if units <= ROOM else self._style.tell(NO_ROOM)

    def kind(self, column: SheetColumn) -> CellKind:
        """What the cells of a column are, where they can be that."""
        if column.address in _COUNTS:
            return "number"
        attribute = self._structure.attribute_at.get(column.address)
        if attribute is None or column.part:
            return "text"  # the unit of an amount
        return kind_of(attribute)


def _of_options(names: Names, *, takes_many: bool) -> ValueSpeller:
    """Options by their labels."""
    if takes_many:
        return lambda value: (lists.join(names.all_of(value)),)
    return lambda value: names.all_of([value])


def _of_measures(type_: AttributeType) -> ValueSpeller:
    """An amount, and the symbol of its unit."""
    symbol_of = cache(partial(_symbol, type_))

    def spell(value: Value) -> Sequence[str]:
        amount, unit = type_.cells(value)
        return amount, symbol_of(unit)

    return spell


def _symbol(type_: AttributeType, unit: str) -> str:
    """The symbol of a unit, where that is read as this unit again."""
    dimension: str = getattr(type_, "dimension", "")
    known = units.DIMENSIONS[dimension].get(unit)
    if known is not None:
        with suppress(NotFound):
            if units.find_unit(known.symbol, dimension).code == unit:
                return known.symbol
    return unit


def cell_of(spelled: str, kind: CellKind, *, is_inherited: bool) -> SheetCell:
    """A spelled value as a cell: text where a spreadsheet could not keep the number or the day."""
    if not spelled:
        return BLANK
    is_kept = (
        kind == "text"
        or (kind == "number" and _keeps_number(spelled))
        or (kind == "day" and _keeps_day(spelled))
    )
    return SheetCell(spelled, kind if is_kept else "text", is_inherited)


def _keeps_number(spelled: str) -> bool:
    digits = spelled.lstrip("-").replace(".", "").strip("0")
    return len(digits) <= DIGITS and abs(Decimal(spelled)) < 10**DIGITS


def _keeps_day(spelled: str) -> bool:
    return FIRST_DAY <= date.fromisoformat(spelled) <= LAST_DAY
