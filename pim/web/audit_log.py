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
from pim.http.numbers import number_from
from pim.imports import store
from pim.owners import name_of
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
}
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
    kind, code = request.args.get("kind", ""), request.args.get("code", "")
    kind = kind if kind in get_args(AuditKind) else ""
    before = request.args.get("before", type=number_from)
    found = audit.entries(session(), kind=kind, code=code, before=before, limit=SHOWN + 1)
    older = ""
    if len(found) > SHOWN:
        older = url_for("audit_log.index", kind=kind, code=code, before=found[SHOWN - 1].id)
    names = _names(session())
    lines = [_line(one, names) for one in found[:SHOWN]]
    return show_page(AuditLogPage(lines, KINDS, kind, older))


def _names(reading: Session) -> dict[tuple[str, str], str]:
    """(kind, code) -> what people call the feeds, import profiles and people that there are."""
    return {
        **{("feed", one.code): one.label for one in feeds.feeds(reading)},
        **{("profile", one.code): one.label for one in store.profiles(reading)},
        **{("person", one.email): one.name for one in users(reading)},
    }


def _line(entry: AuditEntry, names: Mapping[tuple[str, str], str]) -> AuditLine:
    more = max(0, len(entry.properties) - DIFFERENCES)
    label = text("%(name)s", name=names.get((entry.kind, entry.code), entry.code))
    if entry.kind == "structure":
        label = KINDS["structure"]
    return AuditLine(
        entry,
        label,
        KINDS[entry.kind],
        VERBS[entry.verb],
        [_difference(entry, name) for name in entry.properties[:DIFFERENCES]],
        more,
    )


def _difference(entry: AuditEntry, name: str) -> AuditDifference:
    old, new = entry.old.get(name), entry.new.get(name)
    section, _, code = name.partition(" ")
    label = thing_name(section, code, new or old) if code else property_name(name)
    return AuditDifference(label, code, _shown(name, old), _shown(name, new))


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return tell(text("Yes") if value else text("No"))
    if name == "link" and value in LINKS:
        return tell(LINKS[value])
    if name == "owner" and value:
        return tell(name_of(value))
    if name == "role" and value in BUILT_IN_ROLES:
        return tell(BUILT_IN_ROLES[value].label)
    if value is None or isinstance(value, str):
        return value or ""
    return orjson.dumps(value).decode()
