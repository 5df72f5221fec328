"""The main navigation, by the work that people do: what there is, for whom, and where the reader
is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for

from pim.accounts.permissions import Permission
from pim.accounts.queries import Person
from pim.errors import Text, text
from pim.web.page import tell

RAIL = "rail"
"""What the cookie ``sidebar`` says of one that is folded to its icons."""


@dataclass(frozen=True, slots=True)
class NavigationPlace:
    """A page that the navigation leads to. ``arguments``: what its address asks for."""

    endpoint: str
    label: Text
    icon: str
    permission: Permission
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """The page group, as blueprints are called."""
        return self.endpoint.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class NavigationSection:
    """Pages of one kind of work; its own link leads to the first that the reader may open."""

    label: Text
    icon: str
    places: Sequence[NavigationPlace]


SECTIONS = (
    NavigationSection(
        text("Today"),
        "calendar-check",
        (
            NavigationPlace(
                "dashboard.show", text("Today"), "calendar-check", Permission.DASHBOARD_VIEW
            ),
        ),
    ),
    NavigationSection(
        text("Products"),
        "packages",
        (
            NavigationPlace(
                "products.index", text("All products"), "packages", Permission.PRODUCTS_VIEW
            ),
            NavigationPlace(
                "products.index",
                text("In review"),
                "eye-check",
                Permission.PRODUCTS_VIEW,
                {"status": "review", "variants": "1"},
            ),
            NavigationPlace(
                "products.index",
                text("Drafts"),
                "pencil",
                Permission.PRODUCTS_VIEW,
                {"status": "draft", "variants": "1"},
            ),
        ),
    ),
    NavigationSection(
        text("Pictures"),
        "photo",
        (NavigationPlace("assets.index", text("Pictures"), "photo", Permission.MEDIA_VIEW),),
    ),
    NavigationSection(
        text("Sources"),
        "database-import",
        (
            NavigationPlace(
                "imports.index", text("Imports"), "file-import", Permission.IMPORTS_VIEW
            ),
            NavigationPlace(
                "imports.profiles.index",
                text("Import profiles"),
                "adjustments",
                Permission.IMPORTS_VIEW,
            ),
        ),
    ),
    NavigationSection(
        text("Channels"),
        "broadcast",
        (
            NavigationPlace("feeds.index", text("Feeds"), "broadcast", Permission.FEEDS_VIEW),
            NavigationPlace(
                "taxonomies.index", text("Taxonomies"), "binary-tree", Permission.FEEDS_VIEW
            ),
        ),
    ),
    NavigationSection(
        text("Settings"),
        "settings",
        (
            NavigationPlace(
                "settings.index", text("Structure"), "settings", Permission.CATALOG_VIEW
            ),
            NavigationPlace(
                "settings.history", text("Versions"), "history", Permission.CATALOG_VIEW
            ),
            NavigationPlace(
                "words.index",
                text("Words of the shop"),
                "text-spellcheck",
                Permission.PRODUCTS_VIEW,
            ),
            NavigationPlace("people.index", text("People"), "users", Permission.USERS_MANAGE),
            NavigationPlace(
                "audit_log.index", text("Audit log"), "history", Permission.USERS_MANAGE
            ),
            NavigationPlace(
                "jobs.index", text("Jobs and schedules"), "activity", Permission.JOBS_VIEW
            ),
            NavigationPlace("system.show", text("System"), "server", Permission.USERS_MANAGE),
        ),
    ),
)
PART_OF = {"feed_versions": "feeds"}
"""Page groups without a place of their own, and the group that they belong to."""


def places() -> Iterable[NavigationPlace]:
    """Every page that the navigation leads to, for somebody who may everything."""
    return (place for section in SECTIONS for place in section.places)


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A line of the navigation. ``below``: the entries of a section that has several."""

    label: str
    icon: str
    url: str
    is_active: bool
    below: Sequence["NavigationEntry"] = ()


def entries(person: Person | None) -> list[NavigationEntry]:
    """The sections with the places this person may go to."""
    if person is None:
        return []
    here = _here()
    return [
        _section(section, found, here)
        for section in SECTIONS
        if (found := [one for one in section.places if person.may(one.permission)])
    ]


def _section(
    section: NavigationSection, found: Sequence[NavigationPlace], here: NavigationPlace | None
) -> NavigationEntry:
    below = [
        NavigationEntry(
            tell(one.label), one.icon, url_for(one.endpoint, **one.arguments), one == here
        )
        for one in found
    ]
    return NavigationEntry(
        tell(section.label),
        section.icon,
        below[0].url,
        here in found,
        below if len(below) > 1 else (),
    )


def _here() -> NavigationPlace | None:
    """The place where the reader is: the page itself, as its address asks for it, else the first
    place of the page's group.
    """
    itself = [
        one
        for one in places()
        if one.endpoint == request.endpoint
        and all(request.args.get(name) == value for name, value in one.arguments.items())
    ]
    if itself:
        return max(itself, key=lambda one: len(one.arguments))
    group = (request.endpoint or "").rpartition(".")[0]
    group = PART_OF.get(group, group)
    return next((one for one in places() if one.group == group), None)


def is_rail() -> bool:
    """Whether the reader folded the navigation to its icons."""
    return request.cookies.get("sidebar") == RAIL
