"""Taking back what an import run or one change did."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.db import Database
from pim.products import queries
from pim.products.change import Origin, WriteResult, waits_for_others
from pim.products.models import Change, Product, UndoneRun
from pim.products.stores import PRODUCTS, STORES, RecordStore
from pim.products.taking_back import restore, take_back
from pim.products.undo_log import RecordUndo, changes_of, undo_of_change, undo_of_run

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


def made_by(session: Session, reference: str) -> Collection[str]:
    """The names of those who made the changes with this reference."""
    wanted = select(Change.actor).where(Change.reference == reference).distinct()
    return session.scalars(wanted).all()


def was_approval(session: Session, reference: str) -> bool:
    """Whether the changes with this reference published something."""
    wanted = select(Change.id).where(Change.reference == reference, Change.is_approval)
    return session.scalar(wanted.limit(1)) is not None


def _taken_back(session: Session, reference: str) -> set[int]:
    """Ids of the products of this run of which somebody has taken something back since."""
    last_of_run = (
        select(Change.product_id, func.max(Change.id).label("id"))
        .where(Change.reference == reference)
        .group_by(Change.product_id)
        .subquery()
    )
    is_since = (Change.product_id == last_of_run.c.product_id, Change.id > last_of_run.c.id)
    reverted = select(Change.product_id).where(*is_since, Change.source == "revert")
    return set(session.scalars(reverted))


def revert_run(
    database: Database,
    reference: str,
    source: Origin,
    clock: Callable[[], datetime],
    undone: Collection[str] = (),
    is_again: bool = False,
) -> list[WriteResult]:
    """:func:`revert` for everything a run changed, in batches of their own; one that is killed is
    taken up by doing it again. Values that change places come back together, behind the others, and
    models go behind what stood below them. ``is_again``: it was done before, and what it did then
    is left alone, whatever became of it since.
    """
    with database.reading() as session:
        undone = {*undone, *_undone_among(session, reference)}
        ids = products_of(session, reference)
        if is_again:
            done = _taken_back(session, reference)
            ids = [one for one in ids if one not in done]
    results: dict[int, WriteResult] = {}
    newest_first = ids[::-1]
    for start in range(0, len(ids), BATCH):
        part = newest_first[start : start + BATCH]
        with database.writing_batch() as session:
            results |= revert(session, reference, part, source, clock(), undone, is_part=True)
    late = [number for number, one in results.items() if waits_for_others(one.problems)]
    if late:
        with database.writing_batch() as session:
            results |= revert(session, reference, late, source, clock(), undone)
    if any(not one.is_refused for one in results.values()):
        with database.writing() as session:
            session.merge(UndoneRun(reference=reference, at=clock()))
    return [results[number] for number in sorted(results)]


def _undone_among(session: Session, reference: str) -> Sequence[str]:
    """The runs that have to do with the same products, or with models and variants of them, and
    were taken back.
    """
    changed = select(Change.product_id).where(Change.reference == reference)
    roots = select(Product.root_id).where(Product.id.in_(changed))
    relatives = select(Product.id).where(Product.root_id.in_(roots))
    is_near = or_(Change.product_id.in_(changed), Change.product_id.in_(relatives))
    others = (
        UndoneRun.reference != reference,
        UndoneRun.reference.in_(select(Change.reference).where(is_near)),
    )
    return session.scalars(select(UndoneRun.reference).where(*others)).all()


def revert(
    session: Session,
    reference: str,
    ids: Sequence[int],
    source: Origin,
    now: datetime,
    undone: Collection[str] = (),
    is_part: bool = False,
) -> dict[int, WriteResult]:
    """Give these products (or other records) the values they had before the run with this
    reference.

    The results are by id. A value that somebody changed since is left as it is, and listed. A
    product that the run created is gone again where nobody else touched it or put something below
    it, otherwise it is retired; another record that it created is emptied. Doing it again changes
    nothing. ``source`` should own everything (owner None).

    ``undone``: the references of runs that were taken back before. What they wrote does not come
    back, and what they or an undo did is nobody's work. A model that one of them made, and that had
    to stay because these products stand below it, goes when they do.
    """
    models = _models_above(session, ids) if undone else ()
    results: dict[int, WriteResult] = {}
    for store in STORES.values():
        undos = _undos(session, store, ids, reference, undone)
        results |= take_back(session, store, undos, source, now, is_part)
    left = [
        one
        for one in _undos(session, PRODUCTS, models, reference, undone)
        if one.was_created and one.is_untouched and one.id not in results
    ]
    tried = take_back(session, PRODUCTS, left, source, now, is_part=True)
    return results | {number: one for number, one in tried.items() if one.outcome == "removed"}


def _models_above(session: Session, ids: Sequence[int]) -> list[int]:
    """Ids of the models that these products stand below, at whatever height."""
    found: list[int] = []
    level = ids
    while level:
        above = select(Product.parent_id).where(in_values(session, Product.id, level))
        level = [one for one in session.scalars(above.distinct()) if one is not None]
        found += level
    return found


def _undos(
    session: Session,
    store: RecordStore,
    ids: Sequence[int],
    reference: str,
    undone: Collection[str],
) -> list[RecordUndo]:
    """What taking the run back means for those of these records that are in this store."""
    record_id = store.column("id")
    named = select(record_id, store.column("identifier"), store.column("kind"))
    records = session.execute(named.where(record_id.in_(ids), *store.own)).all()
    changes = changes_of(session, ids) if records else {}
    return [undo_of_run(row, changes.get(row.id, ()), reference, undone) for row in records]


@dataclass(frozen=True)
class UndoneChange:
    """What became of taking one change back. ``addresses``: of the values that it gives back.
    ``status``: the one that the record has again, None where that stays.
    """

    result: WriteResult
    addresses: Collection[str]
    status: str | None


def revert_change(
    session: Session,
    store: RecordStore,
    record_id: int,
    change_id: int,
    source: Origin,
    now: datetime,
) -> UndoneChange:
    """:func:`revert` for a single change of one record. Nothing happens for a change that there is
    not, and for the one that made the record.
    """
    columns = [store.column(name) for name in ("id", "identifier", "kind")]
    record = session.execute(select(*columns).where(columns[0] == record_id, *store.own)).one()
    one = undo_of_change(record, queries.history(session, record_id, HISTORY), change_id)
    [result] = restore(session, store, [one], source, now)
    status = one.status_before
    if status is not None and not _has_status(session, record_id, status):
        status = None
    return UndoneChange(result, one.restored.keys(), status)


def _has_status(session: Session, product_id: int, status: str) -> bool:
    return session.scalar(select(Product.status).where(Product.id == product_id)) == status
