"""The main navigation: what there is, for whom, and where the reader is."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, url_for

from pim.accounts.queries import Person
from pim.errors import Text, text
from pim.web.page import tell

# (page group, its first page, sentence, icon, permission)
PLACES: Sequence[tuple[str, str, Text, str, str]] = (
    ("dashboard", "dashboard.show", text("Dashboard"), "layout-dashboard", "dashboard.view"),
    ("products", "products.index", text("Products"), "packages", "products.view"),
    ("imports", "imports.index", text("Imports"), "file-import", "imports.view"),
    ("feeds", "feeds.index", text("Feeds"), "broadcast", "feeds.view"),
    ("jobs", "jobs.index", text("Jobs"), "activity", "jobs.view"),
    ("settings", "settings.index", text("Settings"), "settings", "catalog.view"),
)


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    label: str
    icon: str
    url: str
    active: bool


def entries(person: Person | None, endpoint: str | None) -> list[NavigationEntry]:
    """The places this person may go to."""
    if person is None:
        return []
    here = (endpoint or "").split(".")[0]
    return [
        NavigationEntry(tell(label), icon, url_for(first), group == here)
        for group, first, label, icon, permission in PLACES
        if first in current_app.view_functions and person.may(permission)
    ]
