"""Attribute types: what a value may be. A type is a module of this package, and is found there."""

from pim.attributes.base import NEUTRAL, AttributeType, InvalidValue, Reading
from pim.attributes.registry import all_types, build

__all__ = ["NEUTRAL", "AttributeType", "InvalidValue", "Reading", "all_types", "build"]
