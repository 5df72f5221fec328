"""The address of a value, ``attribute[-locale][-channel][-CURRENCY]``: one string, everywhere the
same.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, NewType

from pim.errors import Invalid, text

Value = Any
"""JSON: text, "12.50" for decimals, true/false, "2026-11-22", a list of codes, {"amount": "1.5",
"unit": "KILOGRAM"}.
"""

Document = dict[str, Value]
"""Address -> value; an address that is absent is empty."""

ReadValues = NewType("ReadValues", Mapping[str, Value])
"""Address -> value as a reader made it of text or JSON, checked by its type; None clears.

The write path takes nothing else, and only readers make it (``tests/house/test_read_values.py``).
"""


def without(values: ReadValues, addresses: Collection[str]) -> ReadValues:
    """These values but for those at some addresses."""
    if not addresses:
        return values
    return replaced({one: value for one, value in values.items() if one not in addresses})


def replaced(values: Mapping[str, Value]) -> ReadValues:
    """Read values of which some were left out or put together anew: still what a reader made."""
    return ReadValues(values)


def without_items(values: ReadValues, address: str, items: Collection[Value]) -> ReadValues:
    """What was read, without the value at one address; where it is a list that holds some of the
    items, without these.

    A list of which nothing is left goes as a whole, so that it clears nothing.
    """
    value = values[address]
    rest = {place: own for place, own in values.items() if place != address}
    if not isinstance(value, list):
        return ReadValues(rest)
    left = [one for one in value if one not in items]
    if not left or len(left) == len(value):
        return ReadValues(rest)
    return ReadValues({**rest, address: left})


CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")
LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?_[A-Z]{2}")
CURRENCY = re.compile(r"[A-Z]{3}")
LABEL_CODE = re.compile(
    r"[A-Za-z0-9_]{1,100}"
)  # options, categories, association types: never part of an address


class Address(NamedTuple):
    """Where a value lives. ``str()`` gives the one spelling used in files, forms, keys, history and
    mappings.
    """

    attribute: str
    locale: str | None = None
    channel: str | None = None
    currency: str | None = None

    def __str__(self) -> str:
        return "-".join(part for part in self if part)


@lru_cache(maxsize=65536)
def parse_address(spelling: str) -> Address:
    """Read ``description-nl_NL-webshop`` or ``price-EUR``; :class:`Invalid` when it is no
    address.
    """
    attribute, *rest = spelling.split("-")
    found: dict[str, str] = {}
    for part in rest:
        kind = _kind_of(part)
        if kind is None or kind in found:
            raise Invalid(
                {spelling: [text("“%(part)s” is not a locale, channel or currency.", part=part)]}
            )
        found[kind] = part
    if not CODE.fullmatch(attribute):
        raise Invalid(
            {
                spelling: [
                    text(
                        "“%(code)s” is not an attribute code (a-z, 0-9 and _, first a letter).",
                        code=attribute,
                    )
                ]
            }
        )
    return Address(attribute, found.get("locale"), found.get("channel"), found.get("currency"))


def _kind_of(part: str) -> str | None:
    for kind, pattern in (("locale", LOCALE), ("channel", CODE), ("currency", CURRENCY)):
        if pattern.fullmatch(part):
            return kind
    return None


def is_empty(value: Value) -> bool:
    """Nothing there. A stored 0, "0" or False is a value."""
    return value is None or value == "" or value == [] or value == {}
