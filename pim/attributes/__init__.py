"""Attribute types: what a value may be. A new type is one module and its class in the tuple
below.
"""

from collections.abc import Mapping
from typing import Any

from pim.attributes.asset import AssetType
from pim.attributes.base import NEUTRAL, AttributeType, InvalidValue, Reading
from pim.attributes.boolean import BooleanType
from pim.attributes.choice import ChoiceType
from pim.attributes.choices import ChoicesType
from pim.attributes.date import DateType
from pim.attributes.gtin import GtinType
from pim.attributes.identifier import IdentifierType
from pim.attributes.link import LinkType
from pim.attributes.measurement import MeasurementType
from pim.attributes.number import NumberType
from pim.attributes.price import PriceType
from pim.attributes.richtext import RichTextType
from pim.attributes.settings import make
from pim.attributes.text import TextType
from pim.errors import Invalid, text

__all__ = ["NEUTRAL", "TYPES", "AttributeType", "InvalidValue", "Reading", "build"]

TYPES: dict[str, type[AttributeType]] = {
    kind.code: kind
    for kind in (
        IdentifierType,
        TextType,
        RichTextType,
        NumberType,
        MeasurementType,
        PriceType,
        BooleanType,
        DateType,
        ChoiceType,
        ChoicesType,
        GtinType,
        AssetType,
        LinkType,
    )
}


def build(type_code: str, settings: Mapping[str, Any]) -> AttributeType:
    """The type ``type_code`` with its settings as the structure file gives them (None: left out).

    :class:`Invalid` with the key ``type`` for an unknown type, else with every wrong setting under
    its own name.
    """
    kind = TYPES.get(type_code)
    if kind is None:
        raise Invalid({"type": [text("There is no attribute type “%(type)s”.", type=type_code)]})
    return make(kind, settings)
