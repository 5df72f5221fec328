"""Which field of a channel a column of its file is: by its name, or by where the exporter writes
the field.
"""

import re
from collections.abc import Sequence
from contextlib import suppress

from pim.attributes.quantities import Money, Picture, measure
from pim.feeds.contract import Exporter, Field, Group, Listing, Property, Totals
from pim.feeds.operations import MappedValue
from pim.todays_file import reading

_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_PREFIX = re.compile(r"^\w+:")
_SOME = 2
"""Marked items that are written: of one alone it is not clear which element of XML is the item."""


def fields_of_columns(exporter: Exporter, columns: Sequence[str]) -> dict[str, Field]:
    """Column -> field, for the columns that are one."""
    by_name = {_plain(one.name): one for one in exporter.fields}
    found = {column: by_name[name] for column in columns if (name := _plain(column)) in by_name}
    taken = {one.name for one in found.values()}
    for column, target in _written_at(exporter).items():
        if column in columns and column not in found and target.name not in taken:
            found[column] = target
    return {column: found[column] for column in columns if column in found}


def _plain(name: str) -> str:
    """``g:image_link``, ``image link`` and ``Image Link`` are one name."""
    return _NOT_IN_NAMES.sub("_", _PREFIX.sub("", name).lower()).strip("_")


def _written_at(exporter: Exporter) -> dict[str, Field]:
    """Column -> the field that the exporter writes there, found by values that nothing else has;
    without columns in which it writes several. An exporter that cannot write them tells nothing.
    """
    marks = {
        _mark(number, item): target
        for number, target in enumerate(exporter.fields)
        for item in range(_SOME)
    }
    file = b""
    with suppress(Exception):  # of whatever an exporter makes of values that no product has
        records = [exporter.render(_marked(exporter, item))[0] for item in range(_SOME)]
        totals = Totals(_SOME)
        file = exporter.head(totals) + b"".join(records) + exporter.tail(totals)
    if not file:
        return {}
    found: dict[str, dict[str, Field]] = {}
    for item in reading.read(file).items:
        for column, values in item.items():
            for mark, target in marks.items():
                if any(mark in value for value in values):
                    found.setdefault(column, {})[target.name] = target
    return {column: one for column, (one, *others) in _listed(found) if not others}


def _listed(found: dict[str, dict[str, Field]]) -> list[tuple[str, list[Field]]]:
    return [(column, list(fields.values())) for column, fields in found.items()]


def _mark(number: int, item: int) -> str:
    """Seven digits, so that a number, a text and an address can hold them."""
    return f"7{number:05}{item}"


def _marked(exporter: Exporter, item: int) -> Group:
    """A product with a mark in every field."""
    identifier = f"marked-{item}"
    listing = Listing(identifier, identifier, None)
    for number, target in enumerate(exporter.fields):
        value = _value(target, _mark(number, item), exporter.context.currency)
        listing[target.name] = [value] if target.repeat else value
    return Group([listing])


def _value(target: Field, mark: str, currency: str) -> MappedValue:
    """A value of the field's kind with the mark in it."""
    if target.kind == "price":
        return Money(f"{mark}.00", currency)
    if target.kind == "measurement":
        return measure(mark, target.unit or "KILOGRAM")
    if target.kind == "picture":
        return Picture(f"https://shop.example/{mark}.jpg")
    if target.kind == "url":
        return f"https://shop.example/{mark}"
    if target.kind == "properties":
        return Property(mark, mark, mark)
    return mark
