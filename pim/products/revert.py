"""Taking back what an import run or one change did: the undo log read backwards, written as a new
change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.db import Database
from pim.errors import text
from pim.problems import Problem
from pim.products import publishing, queries, service
from pim.products.change import Origin, ProductInput, RecordKind, WriteResult
from pim.products.models import Change
from pim.products.stores import STORES, RecordStore
from pim.values import ReadValues
from pim.workflow import RETIRED

BATCH = 500
"""Products that are taken back in one transaction."""
HISTORY = 200
"""Changes among which one can be taken back by itself: those that the page shows."""


def products_of(session: Session, reference: str) -> Sequence[int]:
    """Ids of the products that this run changed, ascending."""
    return session.scalars(
        select(Change.product_id)
        .where(Change.reference == reference)
        .distinct()
        .order_by(Change.product_id)
    ).all()


def revert_run(
    database: Database, reference: str, source: Origin, clock: Callable[[], datetime]
) -> list[WriteResult]:
    """:func:`revert` for everything a run changed, in batches of their own; one that is killed is
    taken up by doing it again.
    """
    with database.reading() as session:
        ids = products_of(session, reference)
    results: list[WriteResult] = []
    for start in range(0, len(ids), BATCH):
        with database.writing_batch() as session:
            results += revert(session, reference, ids[start : start + BATCH], source, clock())
    return results


def revert(
    session: Session, reference: str, ids: Sequence[int], source: Origin, now: datetime
) -> list[WriteResult]:
    """Give these products (or other records) the values they had before the run with this
    reference.

    A value that somebody changed since is left as it is, and listed. A product that the run created
    is retired, not deleted; another record that it created is emptied. Doing it again changes
    nothing. ``source`` should own everything (owner None).
    """
    changes = _changes(session, ids)
    results: list[WriteResult] = []
    for store in STORES.values():
        record_id = store.column("id")
        named = select(record_id, store.column("identifier"), store.column("kind"))
        records = session.execute(named.where(record_id.in_(ids), *store.own)).all()
        undone = [_undo(row, changes.get(row.id, ()), reference) for row in records]
        results += _take_back(session, store, undone, source, now)
    return results


@dataclass(frozen=True)
class _Undo:
    """What taking a run back means for one record. ``restored``: address -> the value before the
    run. ``later``: address -> the change that somebody made there since. ``was_created``: whether
    the run made it.
    """

    identifier: str
    kind: RecordKind
    restored: Mapping[str, Any]
    later: Mapping[str, Change]
    was_created: bool


def _take_back(
    session: Session, store: RecordStore, undone: Sequence[_Undo], source: Origin, now: datetime
) -> list[WriteResult]:
    created = [one.identifier for one in undone if one.was_created]
    if not store.has_workflow:
        undone = [_emptied(session, store, one) if one.was_created else one for one in undone]
        created = []
    restored = [one for one in undone if one.identifier not in created]
    edits = [ProductInput(one.identifier, ReadValues(one.restored), one.kind) for one in restored]
    results = service.write(session, edits, source, now, store)
    for result, one in zip(results, restored, strict=True):
        result.problems.extend(_later(address, change) for address, change in one.later.items())
    if created:
        results += publishing.move(session, created, RETIRED, source, now)
    return results


def _emptied(session: Session, store: RecordStore, one: _Undo) -> _Undo:
    """A record without a workflow cannot be retired: what the run gave it is cleared."""
    is_it = (store.column("identifier") == one.identifier, *store.own)
    row = session.execute(
        select(store.column("values"), store.column("family")).where(*is_it)
    ).one()
    held = [*row.values, *(["family"] if row.family else [])]
    cleared = {address: None for address in held if address not in one.later}
    return replace(one, restored=cleared)


def values_before(session: Session, product_id: int, change_id: int) -> ReadValues:
    """What stood before one change, at every address that nobody changed since; nothing for a
    change that there is not.
    """
    changed_since: set[str] = set()
    for change in queries.history(session, product_id, HISTORY):
        if change.id == change_id and change.version > 1:
            before = {
                address: value
                for address, value in change.old.items()
                if address not in changed_since
            }
            return ReadValues(before)
        changed_since.update(change.old)
    return ReadValues({})


def _changes(session: Session, ids: Sequence[int]) -> dict[int, list[Change]]:
    found: dict[int, list[Change]] = {}
    for change in session.scalars(
        select(Change).where(Change.product_id.in_(ids)).order_by(Change.id)
    ):
        found.setdefault(change.product_id, []).append(change)
    return found


def _undo(record: Any, changes: Sequence[Change], reference: str) -> _Undo:
    restored: dict[str, Any] = {}
    later: dict[str, Change] = {}
    was_created = False
    for change in changes:
        if change.reference == reference:
            was_created = was_created or change.version == 1
            for address, before in change.old.items():
                restored.setdefault(address, before)
                later.pop(address, None)
        else:
            is_of_run = (address for address in change.old if was_created or address in restored)
            later.update(dict.fromkeys(is_of_run, change))
    left = {address: value for address, value in restored.items() if address not in later}
    return _Undo(record.identifier, record.kind, left, later, was_created)


def _later(address: str, change: Change) -> Problem:
    sentence = text(
        "Left as it is: %(who)s changed it since, on %(when)s.",
        who=change.actor,
        when=f"{change.at:%Y-%m-%d}",
    )
    return Problem(address, "changed since", sentence, "", "kept")
