"""The history of a product in words: who, when, from where, which value from what to what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.accounts.models import User
from pim.errors import Text, text
from pim.imports.models import ImportRun
from pim.products import queries
from pim.products.models import Change
from pim.products.queries import Detail
from pim.structure import Structure
from pim.web.product_form import shown_value
from pim.web.product_view import address_label
from pim.workflow import APPROVED, DRAFT, RETIRED, REVIEW

SHOWN = 200
STATUS_WORDS = {DRAFT: text("Draft"), REVIEW: text("In review"), APPROVED: text("Approved"), RETIRED: text("Retired")}


@dataclass(frozen=True)
class Difference:
    """One value: what it was, what it became; sentences or plain text."""

    label: str
    old: Text | str
    new: Text | str


@dataclass(frozen=True)
class Event:
    """One change. ``headline``: what it was about, where there is more to say than values.

    ``origin``: the file and row it came from, ``run``: that import.
    """

    at: datetime
    version: int
    who: str
    source: str
    origin: Text | None
    run: str | None
    headline: Text | None
    differences: list[Difference]


def events(session: Session, structure: Structure, detail: Detail) -> list[Event]:
    """The latest first. A change keeps what was before it; what came after is what the next one found, or what is there now."""
    product = detail.product
    changes = queries.history(session, product.id, SHOWN)
    names, files = _names(session, changes), _files(session, changes)
    facts = {name: getattr(product, name) for name in ("family", "family_variant", "enabled", "status")}
    later: dict[str, Any] = product.values | facts
    later["parent"] = detail.ancestors[-1].identifier if detail.ancestors else None
    found = []
    for change in changes:
        found.append(
            Event(
                change.at, change.version, names.get(change.actor, change.actor), change.source, _origin(change, files),
                change.reference if change.reference in files else None,
                _headline(change), _differences(structure, change, later),
            )
        )  # fmt: skip
        later.update(change.old)
    return found


def _differences(structure: Structure, change: Change, later: dict[str, Any]) -> list[Difference]:
    said = ("published", "reason")
    return [
        Difference(address_label(structure, address), _shown(structure, address, old), _shown(structure, address, later.get(address)))
        for address, old in change.old.items()
        if address not in said
    ]


def _shown(structure: Structure, address: str, value: Any) -> Text | str:
    if address == "status" and value in STATUS_WORDS:
        return STATUS_WORDS[value]
    if address == "enabled" and value is not None:
        return text("Yes") if value else text("No")
    return shown_value(structure, address, value)


def _headline(change: Change) -> Text | None:
    if change.version == 1:
        return text("Created")
    if "published" not in change.old:
        return None
    reason = change.old.get("reason")
    if reason:
        return text("Approved and published, although nothing was complete: %(reason)s", reason=reason)
    former = change.old["published"]
    return text("Approved and published") if former is None else text("Approved; %(count)s values published", count=len(former))


def _origin(change: Change, files: dict[str, str]) -> Text | None:
    if change.source != "import":
        return None
    name = files.get(change.reference or "", "–")
    return text("%(file)s, line %(line)s", file=name, line=change.row) if change.row else text("%(file)s", file=name)


def _names(session: Session, changes: Iterable[Change]) -> dict[str, str]:
    actors = {one.actor for one in changes}
    return dict(session.execute(select(User.email, User.name).where(User.email.in_(actors))).all())


def _files(session: Session, changes: Sequence[Change]) -> dict[str, str]:
    runs = {one.reference for one in changes if one.source == "import" and one.reference}
    return dict(session.execute(select(ImportRun.id, ImportRun.filename).where(ImportRun.id.in_(runs))).all())
