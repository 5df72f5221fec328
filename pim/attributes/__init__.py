"""Attribute types: what a value may be. A new type is one module and its class in the tuple below."""

from collections.abc import Mapping
from typing import Any

from pim.attributes.asset import Asset
from pim.attributes.base import NEUTRAL, AttributeType, Problem, Reading, Refused
from pim.attributes.boolean import Boolean
from pim.attributes.choice import Choice
from pim.attributes.choices import Choices
from pim.attributes.date import Date
from pim.attributes.gtin import Gtin
from pim.attributes.identifier import Identifier
from pim.attributes.link import Link
from pim.attributes.measurement import Measurement
from pim.attributes.number import Number
from pim.attributes.price import Price
from pim.attributes.richtext import RichText
from pim.attributes.settings import make
from pim.attributes.text import PlainText
from pim.errors import Invalid, text

__all__ = ["NEUTRAL", "TYPES", "AttributeType", "Problem", "Reading", "Refused", "build"]

TYPES: dict[str, type[AttributeType]] = {
    kind.code: kind
    for kind in (Identifier, PlainText, RichText, Number, Measurement, Price, Boolean, Date, Choice, Choices, Gtin, Asset, Link)
}


def build(type_code: str, settings: Mapping[str, Any]) -> AttributeType:
    """The type ``type_code`` with its settings as the structure file gives them (None: left out).

    :class:`Invalid` with the key ``type`` for an unknown type, else with every wrong setting under its own name.
    """
    kind = TYPES.get(type_code)
    if kind is None:
        raise Invalid({"type": [text("There is no attribute type “%(type)s”.", type=type_code)]})
    return make(kind, settings)
