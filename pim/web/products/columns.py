"""The columns of the list: which there are, and which of them an address or a person asks for.

An address spells them in their order, ``.status,.complete,brand:240``: attributes by their codes,
everything else with a dot before it, and a width in pixels where it is another than usual.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pim.errors import Text, text
from pim.labels import label
from pim.structure.objects import PRODUCT, Attribute, Structure
from pim.web.page import language, tell

NAME = ".name"
"""The first column, which is always there."""
USUAL = ".sku,.family,.status,.complete,.changed"
"""What somebody sees who has chosen nothing."""
MOST = 40
"""Columns that a list shows."""
NARROWEST, WIDEST = 56, 900
"""Pixels."""
MATRIX = "matrix"
"""The look of the table of a model's variants: that of a list whose rows neither open nor are
selected."""
LEAST_NAME = 320
"""Pixels of the first column, where nobody gave it a width."""


@dataclass(frozen=True)
class ListColumn:
    """``kind``: how a cell is drawn: a fact's code without its dot, "value", "figure" (a value that
    stands to the right) or "assets". ``width``: in pixels; 0 for what the others leave.
    """

    code: str
    label: str
    kind: str
    width: int
    usual_width: int
    attribute: Attribute | None = None

    @property
    def spelled(self) -> str:
        """As an address says it."""
        return self.code if self.width == self.usual_width else f"{self.code}:{self.width}"


@dataclass(frozen=True)
class _Fact:
    label: Text
    width: int


FACTS: Mapping[str, _Fact] = {
    ".sku": _Fact(text("SKU"), 112),
    ".family": _Fact(text("Family"), 130),
    ".status": _Fact(text("Status"), 132),
    ".complete": _Fact(text("Complete"), 150),
    ".locales": _Fact(text("Complete by language"), 240),
    ".missing": _Fact(text("Missing"), 220),
    ".quality": _Fact(text("Quality"), 90),
    ".variants": _Fact(text("Variants"), 100),
    ".feeds": _Fact(text("Feeds"), 130),
    ".categories": _Fact(text("Categories"), 200),
    ".changed": _Fact(text("Changed"), 130),
    ".actor": _Fact(text("Changed by"), 140),
}
"""What a list says of products besides their values."""
_FIGURES = frozenset({"number", "price", "measurement"})
_USUAL_WIDTHS = {"figure": 110, "assets": 130, "value": 180}


def read(structure: Structure, spelled: str) -> list[ListColumn]:
    """The columns that an address asks for, the name first; what there is not (any more) is left
    out.
    """
    found = {NAME: _fact(NAME, _Fact(text("Product"), 0))}
    for one in spelled.split(","):
        code, _, width = one.partition(":")
        column = found.get(code) or _column(structure, code)
        if column is not None and len(found) < MOST:
            found[code] = replace(column, width=_width(width) or column.width)
    return list(found.values())


def spell(columns: Sequence[ListColumn]) -> str:
    """These columns as an address says them; the name only where it has a width."""
    return ",".join(one.spelled for one in columns if one.code != NAME or one.width)


def least_width(columns: Sequence[ListColumn]) -> int:
    """Pixels that the columns take; a wider window gives the rest to the name."""
    return sum(one.width or LEAST_NAME for one in columns)


@dataclass(frozen=True)
class ColumnGroup:
    """Columns that belong together in the chooser."""

    label: str
    columns: list[ListColumn]


def groups(structure: Structure) -> list[ColumnGroup]:
    """All columns there are: the facts, then attributes by their groups."""
    facts = [_fact(code, one) for code, one in FACTS.items()]
    of_values: dict[str, list[ListColumn]] = {code: [] for code in structure.groups}
    for attribute in _offered(structure):
        of_values.setdefault(attribute.group or "", []).append(_of_attribute(attribute))
    named = [
        ColumnGroup(_group_label(structure, code), columns)
        for code, columns in of_values.items()
        if columns
    ]
    return [ColumnGroup(tell(text("The product")), facts), *named]


def _group_label(structure: Structure, code: str) -> str:
    group = structure.groups.get(code)
    return label(group.labels, language(), code) if group else tell(text("Without a group"))


def _offered(structure: Structure) -> Iterator[Attribute]:
    """The attributes that products have; the identifier is a fact already."""
    held = {
        code for family in structure.families_of(PRODUCT).values() for code in family.attributes
    }
    for code, attribute in structure.attributes.items():
        if code in held and code != structure.identifier:
            yield attribute


def _column(structure: Structure, code: str) -> ListColumn | None:
    if code in FACTS:
        return _fact(code, FACTS[code])
    attribute = structure.attributes.get(code)
    return None if attribute is None else _of_attribute(attribute)


def _fact(code: str, fact: _Fact) -> ListColumn:
    return ListColumn(code, tell(fact.label), code.removeprefix("."), fact.width, fact.width)


def _of_attribute(attribute: Attribute) -> ListColumn:
    kind = "value"
    if attribute.type.names_assets:
        kind = "assets"
    elif attribute.type.control in _FIGURES:
        kind = "figure"
    width = _USUAL_WIDTHS[kind]
    name = label(attribute.labels, language(), attribute.code)
    return ListColumn(attribute.code, name, kind, width, width, attribute)


def _width(spelled: str) -> int:
    """Pixels, within what can be read; 0 for what is no number."""
    if not (spelled.isascii() and spelled.isdecimal() and len(spelled) < 6):
        return 0
    return min(max(int(spelled), NARROWEST), WIDEST)
