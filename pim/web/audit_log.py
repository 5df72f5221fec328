"""The audit log: who changed the set-up, when, and from what to what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import orjson
from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pim import audit
from pim.accounts.permissions import Permission
from pim.audit import AuditEntry, AuditKind
from pim.errors import Text, text
from pim.http.numbers import number_from
from pim.web.page import PageContent, needs, session, show_page

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
VERBS = {"added": text("new"), "changed": text("changed"), "removed": text("removed")}


@dataclass(frozen=True)
class AuditDifference:
    """A property before and after, as text; empty where it was not there."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class AuditLine:
    """``more``: how many differences there are besides those that are shown."""

    entry: AuditEntry
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
    lines = [_line(one) for one in found[:SHOWN]]
    return show_page(AuditLogPage(lines, KINDS, kind, older))


def _line(entry: AuditEntry) -> AuditLine:
    differences = [
        AuditDifference(name, _shown(entry.old.get(name)), _shown(entry.new.get(name)))
        for name in entry.properties
    ]
    more = max(0, len(differences) - DIFFERENCES)
    kind, verb = KINDS[entry.kind], VERBS[entry.verb]
    return AuditLine(entry, kind, verb, differences[:DIFFERENCES], more)


def _shown(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return orjson.dumps(value).decode()
