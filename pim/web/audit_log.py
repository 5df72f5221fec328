"""The audit log: who changed the set-up, when, and from what to what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import orjson
from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pim import audit
from pim.accounts.permissions import Permission
from pim.accounts.principals import BUILT_IN_ROLES
from pim.accounts.queries import users
from pim.audit import AuditEntry, AuditKind
from pim.errors import Text, text
from pim.feeds import queries as feeds
from pim.imports import store
from pim.owners import name_of
from pim.taxonomies.queries import taxonomies
from pim.web.list_places import number_at, say_unknown
from pim.web.page import PageContent, needs, session, show_page, tell
from pim.web.setup_words import property_name, thing_name

pages = Blueprint("audit_log", __name__)
SHOWN = 50
DIFFERENCES = 100
"""Of one entry that are shown: a file may have changed thousands of options."""
KINDS: Mapping[str, Text] = {
    "person": text("Person"),
    "role": text("Role"),
    "token": text("Token"),
    "feed": text("Feed"),
    "profile": text("Import profile"),
    "structure": text("Structure"),
    "taxonomy": text("Taxonomy"),
    "word": text("Word of the shop"),
}
AuditKey = tuple[str, str]
"""The kind and the code of what was changed."""
LINKS = {"sign_in": text("to sign in"), "invite": text("invitation")}
VERBS = {"added": text("new"), "changed": text("changed"), "removed": text("removed")}


@dataclass(frozen=True)
class AuditDifference:
    """A property before and after, as text; empty where it was not there. ``code``: of a thing of
    the structure, beside what people call it.
    """

    label: Text
    code: str
    old: str
    new: str


@dataclass(frozen=True)
class AuditLine:
    """``label``: of what was changed. ``more``: how many differences there are besides those that
    are shown.
    """

    entry: AuditEntry
    label: Text
    kind: Text
    verb: Text
    differences: Sequence[AuditDifference]
    more: int


@dataclass(frozen=True)
class AuditLogPage(PageContent):
    """``kinds``: what may be changed -> label; ``kind``: the one that is chosen, "" for all.
    ``next``: where older lines are, "" at the end.
    """

    template = "settings/audit_log.html"
    lines: Sequence[AuditLine]
    kinds: Mapping[str, Text]
    kind: str
    next: str


@pages.get("/settings/log")
@needs(Permission.USERS_MANAGE)
def index() -> ResponseReturnValue:
    code = request.args.get("code", "")
    kind = request.args.get("kind", "")
    if kind and kind not in get_args(AuditKind):
        say_unknown(kind)
        kind = ""
    before = number_at("before") or None
    found = audit.entries(session(), kind=kind, code=code, before=before, limit=SHOWN + 1)
    shown = found[:SHOWN]
    older = ""
    if len(found) > SHOWN:
        older = url_for("audit_log.index", kind=kind, code=code, before=shown[-1].id)
    names = _names(session())
    lines = [_line(entry, names) for entry in shown]
    return show_page(AuditLogPage(lines, KINDS, kind, older))


def _names(reading: Session) -> dict[AuditKey, str]:
    """What people call the feeds, import profiles, taxonomies and people that there are."""
    names: dict[AuditKey, str] = {}
    for feed in feeds.feeds(reading):
        names["feed", feed.code] = feed.label
    for profile in store.profiles(reading):
        names["profile", profile.code] = profile.label
    for taxonomy in taxonomies(reading):
        names["taxonomy", taxonomy.code] = taxonomy.label
    for user in users(reading):
        names["person", user.email] = user.name
    return names


def _line(entry: AuditEntry, names: Mapping[AuditKey, str]) -> AuditLine:
    shown = entry.properties[:DIFFERENCES]
    return AuditLine(
        entry=entry,
        label=_label(entry, names),
        kind=KINDS[entry.kind],
        verb=VERBS[entry.verb],
        differences=[_difference(entry, name) for name in shown],
        more=len(entry.properties) - len(shown),
    )


def _label(entry: AuditEntry, names: Mapping[AuditKey, str]) -> Text:
    """What people call the thing; its code where it is gone or has no name."""
    if entry.kind == "structure":
        return KINDS["structure"]
    name = names.get((entry.kind, entry.code), entry.code)
    return text("%(name)s", name=name)


def _difference(entry: AuditEntry, name: str) -> AuditDifference:
    """``name``: of a property, or of a thing of the structure with its section before it."""
    old = entry.old.get(name)
    new = entry.new.get(name)
    section, _, code = name.partition(" ")
    label = property_name(name)
    if code:
        label = thing_name(section, code, new or old)
    return AuditDifference(label, code, _shown(name, old), _shown(name, new))


def _shown(name: str, value: Any) -> str:
    """A value in words, where there are any."""
    if isinstance(value, bool):
        return tell(text("Yes") if value else text("No"))
    if name == "link" and value in LINKS:
        return tell(LINKS[value])
    if name == "owner" and value:
        return tell(name_of(value))
    if name == "role" and value in BUILT_IN_ROLES:
        return tell(BUILT_IN_ROLES[value].label)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return orjson.dumps(value).decode()
