"""The conditions of the list's address, as chips above it.

An address says all of them in ``f``, each on a line of its own: no value has a line end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from pim.errors import Invalid, Text
from pim.products import condition_words, conditions
from pim.products.conditions import PARAMETER
from pim.products.list_words import spelled_conditions
from pim.structure.objects import Structure
from pim.web.page import language, session, tell
from pim.web.products.blueprint import LIST


@dataclass(frozen=True)
class FilterChip:
    """A condition in words. ``spelled``: as the address says it; ``without``: the list without
    it.
    """

    words: str
    spelled: str
    without: str


def joined(spelled: Sequence[str]) -> str:
    """These conditions as an address says them, each once."""
    return "\n".join(dict.fromkeys(spelled))


def chips(structure: Structure, asked: Mapping[str, str]) -> list[FilterChip]:
    """One for each condition of an address, but for those that are not understood."""
    spelled = spelled_conditions(asked)
    return [
        FilterChip(
            tell(
                condition_words.said(
                    session(), structure, conditions.read(structure, one), language()
                )
            ),
            one,
            _list_with(asked, [other for other in spelled if other != one]),
        )
        for one in spelled
        if why_not(structure, one) is None
    ]


def why_not(structure: Structure, spelled: str) -> Text | None:
    """Why a condition is not understood; None where it is."""
    try:
        conditions.read(structure, spelled)
    except Invalid as error:
        ((sentence, *_),) = error.messages.values()
        return sentence
    return None


def _list_with(asked: Mapping[str, str], spelled: Sequence[str]) -> str:
    values: dict[str, Any] = {**asked, PARAMETER: joined(spelled) or None}
    return url_for(LIST, **values)
