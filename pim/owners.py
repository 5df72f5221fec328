"""Who may own an attribute, in words: the hub's people and the systems around it. Pure."""

from collections.abc import Mapping

from pim.errors import Text, text

NAMES: Mapping[str, Text] = {
    "hub": text("people here"),
    "erp": text("ERP"),
    "supplier": text("supplier"),
}


def name_of(owner: str) -> Text:
    """What people call an owner; a system that only this shop knows keeps its code."""
    return NAMES.get(owner) or text("%(owner)s", owner=owner)
