"""Keeping the index in step with the structure: what a change makes out of date is rebuilt in
batches, and a rebuild that was interrupted goes on where it stopped.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from pim.db import Database, current
from pim.products import index_parts, indexing
from pim.products.models import Product
from pim.products.stores import STORES, RecordStore
from pim.products.workspace import LoadedProduct, Workspace
from pim.search import index
from pim.search.models import IndexPart
from pim.structure import queries as catalog

CHUNK = 1000
"""Products that are rebuilt in one transaction."""
REMOVED_AT_ONCE = 20_000
"""Entries that are removed in one transaction."""
FEW = 2000
"""So many products are rebuilt at once, in the transaction that changes the structure."""

EMPTYING = -1
"""The cursor of a part whose entries, made by something else, are still to be removed."""
GONE = ""
"""The fingerprint of a part that the structure does not have any more."""


def mark_outdated(session: Session) -> bool:
    """Note which parts of the index were made by something else than the structure as it is now.

    Is anything left to rebuild? :func:`rebuild_index` does it.
    """
    wanted = index_parts.fingerprints(catalog.structure(session))
    parts = {part.part: part for part in session.scalars(select(IndexPart))}
    for name, fingerprint in wanted.items():
        part = parts.get(name)
        if part is None:
            session.add(IndexPart(part=name, fingerprint=fingerprint, cursor=_first_cursor(name)))
        elif part.fingerprint != fingerprint:
            part.fingerprint, part.cursor = fingerprint, _first_cursor(name)
    for name in parts.keys() - wanted.keys():
        parts[name].fingerprint, parts[name].cursor = GONE, EMPTYING
    session.flush()
    return bool(outdated(session))


def _first_cursor(part: str) -> int:
    """Words and completeness are replaced batch by batch; other entries are removed first."""
    name = index_parts.parse(part)
    return 0 if name.is_words or name.scope is not None else EMPTYING


def outdated(session: Session) -> Sequence[IndexPart]:
    """The parts that are not whole, those first that are furthest behind."""
    behind = select(IndexPart).where(IndexPart.cursor.is_not(None))
    return session.scalars(behind.order_by(IndexPart.cursor, IndexPart.part)).all()


def is_current(session: Session) -> bool:
    """Whether every part of the index is whole and made by the structure as it is; only reads."""
    wanted = index_parts.fingerprints(catalog.structure(session))
    made = {part.part: part.fingerprint for part in session.scalars(select(IndexPart))}
    if not made:
        return current(session, "structure") == 0
    return made == wanted and not outdated(session)


def follow_structure(session: Session) -> bool:
    """After a change of the structure: in a small shop the index follows in the same transaction.

    True where it could not, and :func:`rebuild_index` has to be called (or a job queued) once the
    transaction is over.
    """
    if not mark_outdated(session):
        return False
    for store in STORES.values():
        few = session.scalars(select(store.column("id")).limit(FEW + 1)).all()
        if len(few) > FEW:
            return True
    while rebuild_step(session) is not None:
        pass
    return False


def rebuild_index(
    database: Database,
    progress: Callable[[int, int], object] = lambda done, total: None,
    guard: Callable[[Session], object] = lambda session: None,
) -> None:
    """Rebuild what is out of date, a batch in a transaction. Killed or stopped, it goes on later.

    ``progress`` is told how many of how many products are done; ``guard`` is called in every
    transaction, and may raise to stop.
    """
    with database.reading() as session:
        total = max(_last_id(session, store) for store in STORES.values())
    while True:
        with database.writing_batch() as session:
            guard(session)
            reached = rebuild_step(session)
        if reached is None:
            return
        progress(min(reached, total), total)


def _last_id(session: Session, store: RecordStore) -> int:
    return int(session.scalar(select(func.max(store.column("id")))) or 0)


def rebuild_if_outdated(
    database: Database, progress: Callable[[int, int], object] = lambda done, total: None
) -> bool:
    """Bring the index in step after an upgrade or an interrupted rebuild; was there anything?"""
    with database.writing() as session:
        if not mark_outdated(session):
            return False
    rebuild_index(database, progress)
    return True


def reindex(database: Database) -> None:
    """Throw the index away and rebuild all of it."""
    with database.writing() as session:
        index.clear(session)
        session.execute(delete(IndexPart))
        for name, fingerprint in index_parts.fingerprints(catalog.structure(session)).items():
            session.add(IndexPart(part=name, fingerprint=fingerprint, cursor=0))
    rebuild_index(database)


def rebuild_step(session: Session) -> int | None:
    """One batch, in the caller's transaction; the last product it reached, None at the end."""
    parts = outdated(session)
    if not parts:
        return None
    first = parts[0]
    if first.cursor == EMPTYING:
        _empty_some(session, first)
        return 0
    store = index_parts.parse(first.part).store
    together = [
        part
        for part in parts
        if part.cursor == first.cursor and index_parts.parse(part.part).store is store
    ]
    return _fill_some(session, store, together, first.cursor or 0)


def _empty_some(session: Session, part: IndexPart) -> None:
    """Remove entries of a part; when none is left it is ready to be filled, or gone."""
    name = index_parts.parse(part.part)
    if index.remove_some(session, name.address, name.term, REMOVED_AT_ONCE):
        return
    if part.fingerprint == GONE:
        session.delete(part)
    else:
        part.cursor = 0


def _fill_some(session: Session, store: RecordStore, parts: Sequence[IndexPart], above: int) -> int:
    """Make these parts, which stand at the same cursor, for the next records of their store."""
    record_id = store.column("id")
    after = select(record_id).where(record_id > above, *store.own).order_by(record_id)
    ids = session.scalars(after.limit(CHUNK)).all()
    if not ids:
        for part in parts:
            part.cursor = None
        return above
    last = ids[-1]
    work = _loaded(session, store, ids)
    items = [work.by_id[product_id] for product_id in ids]
    _replace(work, items, {part.part for part in parts}, above)
    for part in parts:
        part.cursor = last
    return int(last)


def _loaded(session: Session, store: RecordStore, ids: Sequence[int]) -> Workspace:
    """The records with their relatives, from which they inherit."""
    work = Workspace(session, catalog.structure(session), datetime.now(UTC), store=store)
    between = store.column("id").between(ids[0], ids[-1])
    root = store.column("root_id")
    work.load_roots(session.scalars(select(root).where(between, *store.own).distinct()))
    return work


def _replace(work: Workspace, items: Sequence[LoadedProduct], parts: set[str], above: int) -> None:
    """Make some parts of the index for these records, all there are with ``above < id``."""
    session, store = work.session, work.store
    made = {(name.address, name.term) for name in map(index_parts.parse, parts)}
    for address, term in made:
        if term is not None:
            index.remove_between(session, address, term, above, items[-1].id)
    entries: list[index.IndexEntry] = []
    words: list[tuple[int, str]] = []
    for item in items:
        terms, text = indexing.expected(work, item)
        words.append((item.id, text))
        for address, term in terms:
            if (address, term) in made or (address, None) in made:
                entries.append((address, term, item.id))
    index.change_terms(session, entries, [])
    if store.indexed_at(index_parts.WORDS) in parts:
        index.change_words(session, words)


def roots(session: Session, *wanted: ColumnElement[bool]) -> Iterator[Sequence[int]]:
    """Ids of top products, a chunk at a time; ``wanted``: only of these."""
    last = -1
    tops = select(Product.id).where(Product.parent_id.is_(None), *wanted)
    tops = tops.order_by(Product.id).limit(CHUNK)
    while chunk := session.scalars(tops.where(Product.id > last)).all():
        yield chunk
        last = chunk[-1]
