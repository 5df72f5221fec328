"""Reading bulk edits and what they could not do."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pim.bulk_edits.models import BulkEdit, BulkEditProblem
from pim.bulk_edits.paging import FoundPage, PageRequest, found_page
from pim.errors import NotFound, Text, text
from pim.imports.report import guarded

COLUMNS = ("identifier", "address", "value", "rule", "severity", "message", "line", "column")


def get(session: Session, edit_id: str) -> BulkEdit:
    """:class:`NotFound` where there is none."""
    edit = session.get(BulkEdit, edit_id)
    if edit is None:
        raise NotFound(text("There is no bulk edit “%(id)s”.", id=edit_id))
    return edit


def edits(session: Session, actor: str | None = None, limit: int = 50) -> Sequence[BulkEdit]:
    """Those that were begun, the newest first. ``actor``: only this person's."""
    wanted = select(BulkEdit).where(BulkEdit.state.not_in(("reading", "draft")))
    if actor is not None:
        wanted = wanted.where(BulkEdit.actor == actor)
    return session.scalars(wanted.order_by(BulkEdit.created.desc(), BulkEdit.id).limit(limit)).all()


def known(session: Session, references: Collection[str]) -> frozenset[str]:
    """Those of these references that are bulk edits."""
    found = select(BulkEdit.id).where(BulkEdit.id.in_(references))
    return frozenset(session.scalars(found)) if references else frozenset()


def refusals(session: Session, edit_id: str, but: str, asked: PageRequest) -> FoundPage:
    """A page of its report, in the order in which it went, without the lines of one rule."""
    lines = select(BulkEditProblem).where(
        BulkEditProblem.edit_id == edit_id, BulkEditProblem.rule != but
    )
    if asked.sku:
        has_sku = func.lower(BulkEditProblem.identifier).contains(
            asked.sku.lower(), autoescape=True
        )
        lines = lines.where(has_sku)
    return found_page(session, lines.order_by(BulkEditProblem.number), asked)


def columns_told(session: Session, edit_id: str, rule: str) -> list[str]:
    """The columns of a file of which its report has a line with this rule."""
    lines = select(BulkEditProblem.column).where(
        BulkEditProblem.edit_id == edit_id, BulkEditProblem.rule == rule
    )
    found = session.scalars(lines.order_by(BulkEditProblem.number))
    return [column or "" for column in found]


def problems(session: Session, edit_id: str, limit: int | None = None) -> Iterator[BulkEditProblem]:
    """Its report, in the order in which it went."""
    lines = select(BulkEditProblem).where(BulkEditProblem.edit_id == edit_id)
    lines = lines.order_by(BulkEditProblem.number).limit(limit)
    yield from session.scalars(lines.execution_options(yield_per=1000))


@dataclass(frozen=True)
class LeftCause:
    """How often something was left as it was for one reason. ``example``: one of its sentences."""

    severity: str
    rule: str
    address: str
    number: int
    example: Text


def causes(session: Session, edit_id: str) -> list[LeftCause]:
    """What a report comes down to, the most frequent first."""
    columns = (BulkEditProblem.severity, BulkEditProblem.rule, BulkEditProblem.address)
    counted = (
        select(*columns, func.count(), func.min(BulkEditProblem.message))
        .where(BulkEditProblem.edit_id == edit_id)
        .group_by(*columns)
    )
    found = [LeftCause(*row) for row in session.execute(counted)]
    return sorted(found, key=lambda one: (-one.number, one.rule, one.address))


def as_csv(lines: Iterable[BulkEditProblem]) -> Iterator[str]:
    """The report for people, guarded against formulas."""
    yield _line(COLUMNS)
    for line in lines:
        cells = (getattr(line, name) for name in COLUMNS)
        yield _line([guarded("" if cell is None else str(cell)) for cell in cells])


def _line(cells: Iterable[str]) -> str:
    file = io.StringIO()
    csv.writer(file).writerow(list(cells))
    return file.getvalue()
