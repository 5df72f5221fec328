"""What several of these pages need: the scope in words, families, who answers for a change."""

from typing import Any

from pim.labels import label
from pim.products.change import Origin
from pim.structure.objects import Scope, Structure
from pim.web.page import (
    language,
    principal,
)
from pim.web.products.scope import channel_label, locale_label


def in_scope(structure: Structure, scope: Scope) -> dict[str, Any]:
    """What a page needs to say, and to change, in which channel and locale it is."""
    channels = [(code, channel_label(structure, code)) for code in structure.channels]
    return {
        "structure": structure,
        "scope": scope,
        "channels": channels,
        "scope_label": channel_label(structure, scope.channel),
        "locale_label": locale_label,
    }


def families(structure: Structure) -> list[tuple[str, str]]:
    """(code, label) of the families."""
    return [
        (code, label(family.labels, language(), code))
        for code, family in structure.families.items()
    ]


def source() -> Origin:
    """Changes made here are the person's, on behalf of the hub."""
    return Origin.by(principal(), "user")
