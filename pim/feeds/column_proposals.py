"""Columns to begin with: all attributes of a group or family, the columns of a file that an import
profile reads, or the header of a file that a partner has.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pim.errors import Invalid, NotFound, text
from pim.feeds.column_editing import FilledColumn
from pim.feeds.own_columns import OwnColumn, OwnColumnKind
from pim.labels import label
from pim.structure.objects import Attribute, Structure
from pim.values import parse_address

KIND_OF_TYPE: Mapping[str, OwnColumnKind] = {
    "boolean": "yes_no",
    "choice": "code",
    "choices": "code",
    "date": "date",
    "number": "number",
    "price": "number",
}
"""What the values of an attribute are in a file; all others are texts. A GTIN is one too: an ERP
gets back even what no channel would take.
"""
PROVIDERS = {"parent": "$model", "family": "$family_code", "categories": "$category_codes"}
"""What a profile calls it -> what a mapping calls it."""
DELIMITERS = "\t;,|"


def of_group(structure: Structure, group: str, locale: str) -> list[FilledColumn]:
    """A column for each attribute of a group; :class:`NotFound`."""
    if group not in structure.groups:
        raise NotFound(text("There is no group “%(code)s”.", code=group))
    found = [one for one in structure.attributes.values() if one.group == group]
    return _named_by_people(structure, found, locale)


def of_family(structure: Structure, family: str, locale: str) -> list[FilledColumn]:
    """A column for each attribute of a family; :class:`NotFound`."""
    if family not in structure.families:
        raise NotFound(text("There is no family “%(code)s”.", code=family))
    found = [structure.attributes[code] for code in structure.families[family].attributes]
    return _named_by_people(structure, found, locale)


def of_profile(
    structure: Structure, columns: Iterable[tuple[str, str]], key: str
) -> list[FilledColumn]:
    """The columns that an import profile reads, each filled by the address that it goes to.
    ``columns``: name and address; ``key``: the one that names the product.
    """
    return [
        _filled(structure, name, address, is_key=name == key)
        for name, address in columns
        if address
    ]


def of_header(structure: Structure, header: str, locale: str) -> list[FilledColumn]:
    """The columns that the first line of a file names, filled where an attribute is called so.
    :class:`Invalid` where there is none.
    """
    lines = header.lstrip("\ufeff").strip().splitlines()
    if not lines:
        raise Invalid({"header": [text("Paste the line that names the columns.")]})
    delimiter = max(DELIMITERS, key=lines[0].count)
    names = [one.strip() for one in next(csv.reader(lines[:1], delimiter=delimiter))]
    called = _by_name(structure, locale)
    found = []
    for name in filter(None, names):
        code = called.get(name.casefold())
        if code is None:
            found.append(FilledColumn(OwnColumn(name)))
        else:
            found.append(_filled(structure, name, code))
    return found


def filled_by(structure: Structure, name: str, source: str) -> FilledColumn:
    """A column of this name, of the kind that its source has; ``source`` may be nothing."""
    return _filled(structure, name, source) if source else FilledColumn(OwnColumn(name))


def _named_by_people(
    structure: Structure, attributes: Sequence[Attribute], locale: str
) -> list[FilledColumn]:
    """Named by their labels; by their codes where two have the same."""
    labels = [_shown(one, locale) for one in attributes]
    return [
        _filled(structure, shown if labels.count(shown) == 1 else one.code, one.code)
        for one, shown in zip(attributes, labels, strict=True)
    ]


def _shown(attribute: Attribute, locale: str) -> str:
    code = attribute.code
    return label(attribute.labels, locale, code) if attribute.labels else code


def _by_name(structure: Structure, locale: str) -> Mapping[str, str]:
    """What an attribute may be called in a file -> its code; its code has the last word."""
    ways: Sequence[Callable[[Attribute], Iterable[str]]] = (
        lambda one: one.labels.values(),
        lambda one: [_shown(one, locale)],
        lambda one: [one.code],
    )
    return {
        name.casefold(): one.code
        for way in ways
        for one in structure.attributes.values()
        for name in way(one)
    }


def _filled(structure: Structure, name: str, address: str, *, is_key: bool = False) -> FilledColumn:
    """A column that is filled by an attribute, an address, or what the hub knows besides."""
    rule: Mapping[str, Any] = {"from": [PROVIDERS.get(address, address)]}
    if address in PROVIDERS or address.startswith("$"):
        return FilledColumn(OwnColumn(name, several=address == "categories"), rule)
    if address in structure.association_addresses:
        return FilledColumn(OwnColumn(name, several=True), rule)
    attribute = structure.attributes.get(_attribute_of(address))
    if attribute is None:
        return FilledColumn(OwnColumn(name))
    if attribute.type.is_identifier:
        is_named = is_key or name == address
        column = OwnColumn(name, required=is_named, unique=is_named)
        return FilledColumn(column, {"from": ["$identifier"]})
    kind = KIND_OF_TYPE.get(attribute.type.code, "text")
    return FilledColumn(OwnColumn(name, kind, several=attribute.type.takes_many), rule)


def _attribute_of(address: str) -> str:
    try:
        return parse_address(address).attribute
    except Invalid:
        return ""
