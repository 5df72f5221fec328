"""Keeping what is derived from products in step: the index after a change of structure."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.db import Counter, Database, current
from pim.products import indexing
from pim.products.models import Product
from pim.products.workspace import Workspace
from pim.search import index
from pim.structure import queries as catalog

CHUNK = 1000


def reindex_if_needed(database: Database) -> bool:
    """Build the index anew where it was not built for the structure as it is: what is filterable,
    searchable, required.
    """
    with database.reading() as session:
        version = current(session, "structure")
        if current(session, "indexed") == version:
            return False
    reindex(database)
    return True


def reindex(database: Database) -> None:
    """All of it, in one transaction: nobody sees half an index."""
    with database.writing() as session:
        build_index(session)


def build_index(session: Session) -> None:
    """The whole index anew, in the caller's transaction."""
    index.clear(session)
    for chunk in roots(session):
        work = Workspace(session, catalog.structure(session), datetime.now(UTC))
        work.load_roots(chunk)
        indexing.update(session, work, work.by_id.values())
    _note(session)


def roots(session: Session) -> Iterator[Sequence[int]]:
    """Ids of top products, a chunk at a time."""
    last = -1
    tops = select(Product.id).where(Product.parent_id.is_(None)).order_by(Product.id).limit(CHUNK)
    while chunk := session.scalars(tops.where(Product.id > last)).all():
        yield chunk
        last = chunk[-1]


def _note(session: Session) -> None:
    session.merge(Counter(name="indexed", value=current(session, "structure")))
