"""The set-up in words: what its parts and their properties are called, for pages that name them."""

from collections.abc import Mapping
from typing import Any

from pim.errors import Named, Text, text

SECTIONS: Mapping[str, Text] = {
    "locales": text("Language"),
    "currencies": text("Currency"),
    "channels": text("Channel"),
    "groups": text("Attribute group"),
    "attributes": text("Attribute"),
    "options": text("Option"),
    "families": text("Family"),
    "variants": text("Family variant"),
    "categories": text("Category"),
    "associations": text("Kind of link"),
}
"""One thing of each section of the structure."""

PROPERTIES: Mapping[str, Text] = {
    "name": text("Name"),
    "label": text("Name"),
    "role": text("Role"),
    "active": text("May sign in"),
    "link": text("Link"),
    "password": text("Password"),
    "code": text("Code"),
    "channel": text("Channel"),
    "locale": text("Language"),
    "currency": text("Currency"),
    "exporter": text("Exporter"),
    "mapping": text("Mapping"),
    "options": text("Settings"),
    "schedule": text("Schedule"),
    "address": text("Address"),
    "paused": text("Paused"),
    "pinned": text("Pinned"),
    "published": text("Published build"),
    "accepted": text("Build found right"),
    "only_complete": text("Only complete products"),
    "owner": text("Owner"),
    "key": text("Column that names the product"),
    "columns": text("Columns"),
    "file": text("File"),
    "clear": text("Cell that empties a value"),
    "doubts": text("Values that look wrong"),
    "kind": text("Kind"),
}


def section_name(section: str) -> Text:
    """What one thing of a section of the structure is called."""
    return SECTIONS.get(section) or text("%(name)s", name=section)


def property_name(name: str) -> Text:
    """A property of the audit log: one of a person or a feed, or a thing of the structure with its
    section before it (``attributes color``).
    """
    return PROPERTIES.get(name) or text("%(name)s", name=name)


def thing_name(section: str, code: str, definition: Any) -> Text:
    """“Attribute Colour”; the code where the definition has no labels."""
    labels = definition.get("labels") if isinstance(definition, Mapping) else None
    return text("%(kind)s %(name)s", kind=section_name(section), name=Named(code, labels or {}))


VERBS = {
    "add": text("new"),
    "change": text("changed"),
    "move": text("other order"),
    "remove": text("removed"),
}
"""What a change made of an entry of the structure, by its verb."""
