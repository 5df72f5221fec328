"""The columns of a spreadsheet of products. What a column holds stands in its header, so that it
may be moved, and its label changed: ``Name [name-de_DE]``, or ``name-de_DE`` in a file with codes.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from babel.numbers import get_decimal_symbol

from pim.errors import Invalid, Text, text
from pim.i18n import translate
from pim.labels import label
from pim.structure.objects import PRODUCT, Attribute, Scope, Structure, why_no_address

SKU, VERSION = ".sku", ".version"
NAME = ".name"
"""Asks for the attribute that products are called by."""
FACTS: Mapping[str, str] = {".family": "family", ".categories": "categories"}
"""What a list calls them -> the address at which they are changed."""
TELLING: Mapping[str, Text] = {
    ".model": text("Model"),
    ".status": text("Status"),
    ".complete": text("Complete, %%"),
    ".locales": text("Complete by language"),
    ".missing": text("Missing"),
    ".variants": text("Variants"),
    ".changed": text("Changed"),
    ".actor": text("Changed by"),
}
"""Columns that tell something, and are not read back."""
LABELS: Mapping[str, Text] = {
    SKU: text("SKU"),
    VERSION: text("Version, please leave it"),
    "family": text("Family"),
    "categories": text("Categories"),
    "enabled": text("Switched on"),
}
_LABELLED = re.compile(r".*\[([^\[\]]+)\]\s*", re.DOTALL)


@dataclass(frozen=True)
class SheetStyle:
    """``language``: in which headers, options and categories are called by their labels; "" for
    codes.
    """

    language: str = ""

    @property
    def decimal(self) -> str:
        """The decimal separator of text files, as spreadsheets of this language expect it."""
        return str(get_decimal_symbol(self.language or "en"))

    @property
    def delimiter(self) -> str:
        return ";" if self.decimal == "," else ","

    @property
    def version_column(self) -> str:
        """What is in the header of the versions: it says in which language the file is."""
        return f"{VERSION}-{self.language}" if self.language else VERSION

    def tell(self, sentence: Text) -> str:
        return translate(sentence, self.language or "en")


@dataclass(frozen=True)
class SheetColumn:
    """``address``: of the value, or what the column tells. ``part``: which of the value's cells it
    has; a measurement has one for its amount and one for its unit.
    """

    address: str
    header: str
    part: int = 0


def address_in(header: str) -> str:
    """What the column under a header holds."""
    found = _LABELLED.fullmatch(header)
    return found[1] if found else header.strip()


def language_in(version_column: str) -> str:
    """The language of a file, by what the header of its versions holds."""
    return version_column.removeprefix(VERSION).removeprefix("-")


def columns_of_view(
    structure: Structure, codes: Iterable[str], scope: Scope, families: Collection[str | None]
) -> list[str]:
    """The addresses of what a list shows in a scope, in its order: ``codes`` as the columns of the
    list spell them, or addresses. :class:`Invalid` for one that there is not.
    """
    found: dict[str, None] = {}
    wrong: dict[str, list[Text]] = {}
    for code in codes:
        places = _places(structure, code, scope, families)
        if places is None:
            wrong[code] = [why_no_address(structure, code)]
        else:
            found |= dict.fromkeys(places)
    if wrong:
        raise Invalid(wrong)
    return list(found)


def _places(
    structure: Structure, code: str, scope: Scope, families: Collection[str | None]
) -> Sequence[str] | None:
    """Where a column of the list has its values; None where there is no such column."""
    if code == SKU:
        return ()
    if code == NAME:
        known = structure.families
        names = [known[one].label for one in sorted(filter(None, families)) if one in known]
        called = [structure.attributes[one] for one in dict.fromkeys(names) if one]
        return [place for one in called for place in _in_scope(structure, one, scope)]
    if code in FACTS:
        return (FACTS[code],)
    if code in TELLING or code in structure.known_addresses:
        return (code,)
    attribute = structure.attributes.get(code)
    return None if attribute is None else list(_in_scope(structure, attribute, scope))


def _in_scope(structure: Structure, attribute: Attribute, scope: Scope) -> Iterator[str]:
    currencies: Sequence[str | None] = (None,)
    if attribute.is_per_currency:
        channel = structure.channels.get(scope.channel)
        currencies = channel.currencies if channel else structure.currencies
    for currency in currencies:
        yield structure.address_in(attribute, scope.channel, scope.locale, currency)


def columns_of_everything(structure: Structure, families: Collection[str | None]) -> list[str]:
    """The addresses of all that products of these families may hold, whatever the scope."""
    known = structure.families_of(PRODUCT)
    asked = [known[one] for one in filter(None, families) if one in known]
    held = {code for family in asked or known.values() for code in family.attributes}
    values = [
        address
        for address, attribute in structure.attribute_at.items()
        if attribute.code in held and attribute.code != structure.identifier
    ]
    links = sorted(structure.association_addresses)
    return [".model", ".status", "family", "enabled", "categories", *values, *links]


def sheet_columns(
    structure: Structure, addresses: Iterable[str], style: SheetStyle
) -> list[SheetColumn]:
    """The columns of a file: the SKU in front, the versions behind all others, so that no row ends
    in blanks.
    """
    own = [
        SheetColumn(address, _header(structure, spelled, address, style), part)
        for address in addresses
        if address != structure.identifier
        for part, spelled in enumerate(_spelled(structure, address))
    ]
    first = SheetColumn(SKU, _header(structure, SKU, SKU, style))
    last = SheetColumn(VERSION, _header(structure, style.version_column, VERSION, style))
    return [first, *own, last]


def _spelled(structure: Structure, address: str) -> Sequence[str]:
    """What the columns of an address are called in a file with codes."""
    attribute = structure.attribute_at.get(address)
    return (address,) if attribute is None else attribute.type.columns(address)


def _header(structure: Structure, spelled: str, address: str, style: SheetStyle) -> str:
    if not style.language:
        return spelled
    name = _label(structure, address, style)
    if spelled != address and address in structure.attribute_at:
        name = style.tell(text("%(name)s, unit", name=name))
    return f"{name} [{spelled}]"


def _label(structure: Structure, address: str, style: SheetStyle) -> str:
    told = LABELS.get(address) or TELLING.get(address)
    if told is not None:
        return style.tell(told)
    attribute = structure.attribute_at.get(address)
    if attribute is not None:
        return label(attribute.labels, style.language, attribute.code)
    code = address.removesuffix("-products")
    return label(structure.associations[code].labels, style.language, code)
