"""What several of these pages need: the product, the scope in words, families, who answers for a
change.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import url_for

from pim.errors import NotFound, text
from pim.labels import label
from pim.products import policy, queries
from pim.products.change import Origin
from pim.products.queries import ProductDetail
from pim.structure import queries as catalog
from pim.structure.objects import PRODUCT, Scope, Structure
from pim.web.page import (
    PageContent,
    Undo,
    language,
    principal,
    session,
)
from pim.web.products.scope import (
    ScopeChoice,
    channel_choices,
    channel_label,
    locale_choices,
    locale_label,
    spelled,
)


@dataclass(frozen=True)
class ScopedPage(PageContent):
    """A page that says, and lets people change, in which channel and locale it is. ``spelled``: the
    scope as addresses say it.
    """

    structure: Structure
    scope: Scope
    spelled: str
    channels: list[ScopeChoice]
    locales: list[ScopeChoice]
    scope_label: str
    locale_label: str


def in_scope(structure: Structure, scope: Scope) -> dict[str, Any]:
    """The fields of a :class:`ScopedPage`."""
    return {
        "structure": structure,
        "scope": scope,
        "spelled": spelled(scope),
        "channels": channel_choices(structure, scope),
        "locales": locale_choices(structure, scope),
        "scope_label": channel_label(structure, scope.channel),
        "locale_label": locale_label(structure, scope.locale) if scope.locale else "",
    }


def families(structure: Structure) -> list[tuple[str, str]]:
    """(code, label) of the families of products."""
    return [
        (code, label(family.labels, language(), code))
        for code, family in structure.families_of(PRODUCT).items()
    ]


def source(step: str | None = None) -> Origin:
    """Changes made here are the person's, on behalf of the hub. ``step``: the :func:`new_step` that
    they belong to.
    """
    return Origin.by(principal(), "user", step)


STEP = "step-"
"""What the references of steps begin with; those of import runs do not."""


def new_step() -> str:
    """A name for what one click changes, by which it can be taken back."""
    return STEP + secrets.token_hex(12)


def undo_of(step: str) -> Undo:
    """For the message about a step."""
    return Undo(url_for("products.take_back"), {"step": step})


def visible_product(identifier: str) -> ProductDetail:
    """A product that the person who asks may see. For them others are not there: NotFound."""
    detail = queries.get(session(), identifier)
    if not policy.may_see(principal(), catalog.structure(session()), detail.document):
        raise NotFound(text("There is no product “%(code)s”.", code=identifier))
    return detail
