"""Taking an import run back."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from pim.db import Database
from pim.errors import Conflict, Text, text
from pim.imports.models import ImportRun, SourceRow
from pim.imports.report import get_run
from pim.products import revert
from pim.products.change import Origin, WriteResult
from pim.products.models import Change, Product


def take_back(
    database: Database, run_id: str, origin: Origin, clock: Callable[[], datetime]
) -> list[WriteResult]:
    """:func:`pim.products.revert.revert_run`. No row of these products counts as unchanged from now
    on, of whatever profile: what it made of them is there no more. The run remembers who took it
    back, unless nothing could be.

    Of a run that was taken back before, only what was refused then is taken back.
    :class:`pim.errors.Conflict` where nothing was, or where the run never wrote anything.
    """
    with database.writing() as session:
        run = get_run(session, run_id)
        nothing, is_again = why_nothing_to_undo(run), run.undone is not None
        if nothing is not None and not is_again:
            raise Conflict(nothing)
        keys = select(Product.key).where(Product.id.in_(_products_of(run_id)))
        session.execute(delete(SourceRow).where(SourceRow.key.in_(keys)))
        undone = _undone_before(session, run_id)
    results = revert.revert_run(database, run_id, origin, clock, undone, is_again)
    if nothing is not None and all(one.outcome == "unchanged" for one in results):
        raise Conflict(nothing)
    if any(not one.is_refused for one in results):
        with database.writing() as session:
            _note(session, run_id, origin.actor, clock())
    return results


def why_nothing_to_undo(run: ImportRun) -> Text | None:
    """Why this run has nothing that could be taken back, in words."""
    if run.undone is not None:
        return text(
            "This import was already undone by %(who)s on %(when)s.",
            who=run.undone_by,
            when=run.undone,
        )
    if run.dry_run:
        return text("This was a trial: it wrote nothing that could be undone.")
    if not run.created + run.updated:
        return text("This import changed nothing that could be undone.")
    return None


def _undone_before(session: Session, run_id: str) -> Collection[str]:
    """The runs that have to do with the same products, or with models and variants of them, and
    were taken back.
    """
    changed = Product.id.in_(_products_of(run_id))
    relatives = select(Product.id).where(
        Product.root_id.in_(select(Product.root_id).where(changed))
    )
    references = select(Change.reference).where(
        or_(Change.product_id.in_(_products_of(run_id)), Change.product_id.in_(relatives))
    )
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
