"""Taking an import run back."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from pim.db import Database
from pim.imports.models import ImportRun, SourceRow
from pim.products import revert
from pim.products.change import Origin, WriteResult
from pim.products.models import Change, Product


def take_back(
    database: Database, run_id: str, origin: Origin, clock: Callable[[], datetime]
) -> list[WriteResult]:
    """:func:`pim.products.revert.revert_run`. No row of these products counts as unchanged from now
    on, of whatever profile: what it made of them is there no more. The run remembers who took it
    back, unless nothing could be.
    """
    with database.writing() as session:
        keys = select(Product.key).where(Product.id.in_(_products_of(run_id)))
        session.execute(delete(SourceRow).where(SourceRow.key.in_(keys)))
        undone = _undone_before(session, run_id)
    results = revert.revert_run(database, run_id, origin, clock, undone)
    if any(not one.is_refused for one in results):
        with database.writing() as session:
            _note(session, run_id, origin.actor, clock())
    return results


def _undone_before(session: Session, run_id: str) -> Collection[str]:
    """The runs that have to do with the same products and were taken back."""
    references = select(Change.reference).where(Change.product_id.in_(_products_of(run_id)))
    undone = select(ImportRun.id).where(
        ImportRun.id != run_id,
        ImportRun.undone.is_not(None),
        ImportRun.id.in_(references),
    )
    return session.scalars(undone).all()


def _products_of(run_id: str) -> Select[int]:
    """The ids of the products that a run changed."""
    return select(Change.product_id).where(Change.reference == run_id)


def _note(session: Session, run_id: str, actor: str, now: datetime) -> None:
    """Who takes back what is taken back already changes nothing."""
    still_there = (ImportRun.id == run_id, ImportRun.undone.is_(None))
    session.execute(update(ImportRun).where(*still_there).values(undone=now, undone_by=actor))
