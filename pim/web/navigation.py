"""The main navigation: what there is, for whom, and where the reader is."""

from dataclasses import dataclass

from flask import current_app, url_for

from pim.accounts.permissions import Permission
from pim.accounts.queries import Person
from pim.errors import Text, text
from pim.web.page import tell


@dataclass(frozen=True, slots=True)
class NavigationPlace:
    """A place of the main navigation. ``group``: the blueprint; ``endpoint``: its first page."""

    group: str
    endpoint: str
    label: Text
    icon: str
    permission: Permission


PLACES = (
    NavigationPlace(
        "dashboard",
        "dashboard.show",
        text("Dashboard"),
        "layout-dashboard",
        Permission.DASHBOARD_VIEW,
    ),
    NavigationPlace(
        "products", "products.index", text("Products"), "packages", Permission.PRODUCTS_VIEW
    ),
    NavigationPlace("assets", "assets.index", text("Pictures"), "photo", Permission.MEDIA_VIEW),
    NavigationPlace(
        "imports", "imports.index", text("Imports"), "file-import", Permission.IMPORTS_VIEW
    ),
    NavigationPlace("feeds", "feeds.index", text("Feeds"), "broadcast", Permission.FEEDS_VIEW),
    NavigationPlace("jobs", "jobs.index", text("Jobs"), "activity", Permission.JOBS_VIEW),
    NavigationPlace(
        "settings", "settings.index", text("Settings"), "settings", Permission.CATALOG_VIEW
    ),
)


FURTHER = (
    NavigationPlace(
        "imports",
        "imports.profiles.index",
        text("Import profiles"),
        "adjustments",
        Permission.IMPORTS_VIEW,
    ),
    NavigationPlace(
        "settings", "settings.history", text("Versions"), "history", Permission.CATALOG_VIEW
    ),
    NavigationPlace("people", "people.index", text("People"), "users", Permission.USERS_MANAGE),
    NavigationPlace(
        "audit_log", "audit_log.index", text("Audit log"), "history", Permission.USERS_MANAGE
    ),
    NavigationPlace("system", "system.show", text("System"), "server", Permission.USERS_MANAGE),
    NavigationPlace("login", "login.account", text("My account"), "user", Permission.ACCOUNT_OWN),
)
"""Pages that the command field leads to beside them."""


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
        NavigationEntry(tell(one.label), one.icon, url_for(one.endpoint), one.group == here)
        for one in PLACES
        if one.endpoint in current_app.view_functions and person.may(one.permission)
    ]
