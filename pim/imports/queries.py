"""Reading import runs and their reports, page by page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pim.errors import Text
from pim.imports.models import ImportProblem, ImportRun


def runs(session: Session, limit: int = 50) -> Sequence[ImportRun]:
    """The newest first."""
    return session.scalars(
        select(ImportRun).order_by(ImportRun.started.desc(), ImportRun.id).limit(limit)
    ).all()


def filenames(session: Session, run_ids: Iterable[str]) -> dict[str, str]:
    """Run id -> the name of its file."""
    known = select(ImportRun.id, ImportRun.filename).where(ImportRun.id.in_(run_ids))
    return dict(session.execute(known).all())


WARNINGS = "warnings"
_COUNTED_AS_WARNINGS = ("warning", "kept")


def problems_page(
    session: Session,
    run_id: str,
    after: int = 0,
    size: int = 100,
    severity: str = "",
    rule: str = "",
    column: str | None = None,
) -> Sequence[ImportProblem]:
    """Lines of a report in file order, from the one numbered ``after`` on; ``severity``, ``rule``
    and ``column`` keep what equals them. The severity :data:`WARNINGS` keeps all that a run counts
    as such.
    """
    statement = select(ImportProblem).where(
        ImportProblem.run_id == run_id, ImportProblem.number > after
    )
    if severity:
        severities = _COUNTED_AS_WARNINGS if severity == WARNINGS else (severity,)
        statement = statement.where(ImportProblem.severity.in_(severities))
    if rule:
        statement = statement.where(ImportProblem.rule == rule)
    if column is not None:
        statement = statement.where(ImportProblem.column == column)
    return session.scalars(statement.order_by(ImportProblem.number).limit(size)).all()


@dataclass(frozen=True)
class ProblemCause:
    """How often a rule was broken in a column. ``example``: one of its sentences."""

    severity: str
    rule: str
    column: str
    number: int
    example: Text


def causes(session: Session, run_id: str) -> list[ProblemCause]:
    """What a report comes down to, the most frequent first."""
    columns = (ImportProblem.severity, ImportProblem.rule, ImportProblem.column)
    counted = (
        select(*columns, func.count(), func.min(ImportProblem.message))
        .where(ImportProblem.run_id == run_id)
        .group_by(*columns)
    )
    found = [ProblemCause(*row) for row in session.execute(counted)]
    return sorted(
        found, key=lambda cause: (-cause.number, cause.severity, cause.rule, cause.column)
    )
