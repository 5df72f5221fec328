"""What is kept, and for how long. A job clears the rest away every night.

Products, their history, pictures, feeds, the audit log and the versions of the set-up are kept for
ever. What only tells of work that is over goes after a time that the settings say; what was left
behind by something that was killed goes after a day.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from media import maintenance as media
from media.storage import Storage
from pim.accounts.models import AccountLink, Attempt, UserSession
from pim.accounts.permissions import Permission
from pim.audit import AuditEntry
from pim.bulk_edits.models import BulkEdit, BulkEditProblem, OwnCells, SelectedBatch
from pim.config import EXPORTS, UPLOADS, Retention
from pim.db import Database
from pim.errors import Text, ngettext, text
from pim.feeds import maintenance as feeds
from pim.feeds.models import FeedBuild
from pim.imports.models import ImportProblem, ImportRun
from pim.jobs import schedules
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind, JobTools
from pim.jobs.models import ACTIVE, Job
from pim.outbox import OutboxRow
from pim.spreadsheets.models import SheetExport
from pim.versions import SetupVersion

AT_ONCE = 5000
"""Rows that are removed in one transaction, so that others can save meanwhile."""
GRACE = timedelta(days=1)
"""A file this young in a scratch folder may belong to something that runs."""
OUTBOX = timedelta(days=30)
ATTEMPTS = timedelta(days=1)
"""Longer than any limit looks back."""
SCHEDULE = "tidy"


@dataclass(frozen=True)
class Outdated:
    """Rows that may go: those of a table that meet a condition."""

    key: InstrumentedAttribute[Any]
    condition: ColumnElement[bool]


def outdated_rows(kept: Retention, now: datetime) -> Iterator[Outdated]:
    """Everything in the database whose time is over, as :func:`tidy` removes it."""
    yield Outdated(AccountLink.id, AccountLink.expires <= now)
    yield Outdated(UserSession.id, UserSession.ends <= now)
    yield Outdated(Attempt.id, Attempt.at < now - ATTEMPTS)
    yield Outdated(OutboxRow.id, OutboxRow.at < now - OUTBOX)
    if kept.jobs:
        before = now - timedelta(days=kept.jobs)
        yield Outdated(Job.id, and_(Job.state.not_in(ACTIVE), Job.finished < before))
    begun = BulkEdit.state.in_(("reading", "draft"))
    yield Outdated(BulkEdit.id, and_(begun, BulkEdit.created < now - GRACE))
    ended = select(BulkEdit.id).where(BulkEdit.state == "done")
    yield Outdated(OwnCells.edit_id, OwnCells.edit_id.in_(ended))
    yield Outdated(SelectedBatch.edit_id, SelectedBatch.edit_id.in_(ended))
    if kept.uploads:
        before = now - timedelta(days=kept.uploads)
        yield Outdated(SheetExport.id, SheetExport.created < before)
    if kept.reports:
        edits = select(BulkEdit.id).where(BulkEdit.finished < now - timedelta(days=kept.reports))
        yield Outdated(BulkEditProblem.edit_id, BulkEditProblem.edit_id.in_(edits))
        is_old = ImportRun.finished < now - timedelta(days=kept.reports)
        runs = select(ImportRun.id).where(is_old)
        yield Outdated(ImportProblem.run_id, ImportProblem.run_id.in_(runs))
        yield Outdated(ImportRun.id, and_(is_old, ImportRun.dry_run))


def tidy(
    database: Database,
    storage: Storage,
    home: Path,
    kept: Retention,
    now: datetime,
    check: Callable[[], None] = lambda: None,
) -> Mapping[str, int]:
    """Clear away what need not be kept; how many rows and files went.

    ``check``: called between the transactions, and raises where the work must end.
    """
    rows = 0
    for one in outdated_rows(kept, now):
        while removed := _remove_some(database, one):
            rows += removed
            check()
    files = 0
    for path in _outdated_files(home, kept, now):
        check()
        _remove_path(path)
        files += 1
    with database.writing() as session:
        files += len(media.collect(session, storage, now)) + len(
            feeds.collect(session, storage, now)
        )
    return {"rows": rows, "files": files}


def _remove_some(database: Database, one: Outdated) -> int:
    """Some of the rows, in a transaction of their own; of a report all its lines."""
    with database.writing() as session:
        some = select(one.key).where(one.condition).limit(AT_ONCE)
        keys = set(session.scalars(some))
        if keys:
            session.execute(delete(one.key.class_).where(one.key.in_(keys)))
        return len(keys)


def _outdated_files(home: Path, kept: Retention, now: datetime) -> Iterator[Path]:
    yield from _older(home / "tmp", now - GRACE)
    if kept.uploads:
        for folder in (UPLOADS, EXPORTS):
            yield from _older(home / folder, now - timedelta(days=kept.uploads))


def _older(folder: Path, moment: datetime) -> Iterable[Path]:
    if not folder.is_dir():
        return []
    return [one for one in folder.iterdir() if one.stat().st_mtime < moment.timestamp()]


def _remove_path(path: Path) -> None:
    if path.is_dir():
        rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@dataclass(frozen=True)
class TidyArguments:
    pass


class Tidy(JobKind[TidyArguments]):
    """Every night."""

    name: ClassVar[str] = "tidy"
    label: ClassVar[Text] = text("Clearing away what is no longer needed")
    permission: ClassVar[str] = Permission.USERS_MANAGE
    arguments = TidyArguments

    def run(
        self, tools: JobTools, context: JobContext, arguments: TidyArguments
    ) -> Mapping[str, Any]:
        settings = tools.settings
        return tidy(
            context.database,
            tools.storage,
            settings.home,
            settings.retention,
            context.clock(),
            context.check,
        )

    def subject(self, arguments: TidyArguments) -> str:
        return SCHEDULE

    def outcome(self, result: Mapping[str, Any]) -> Text:
        return text(
            "%(rows)s and %(files)s removed",
            rows=ngettext("%(num)s row", "%(num)s rows", result["rows"]),
            files=ngettext("%(num)s file", "%(num)s files", result["files"]),
        )


TIDY = Tidy()


def plan_nightly(session: Session, now: datetime) -> None:
    """Have it done every night; what somebody has changed of that schedule stays."""
    if schedules.get(session, SCHEDULE) is None:
        schedules.plan(session, SCHEDULE, TIDY.name, {}, "30 3 * * *", "UTC", now)


COUNTED = (
    (text("Jobs"), Job),
    (text("Imports"), ImportRun),
    (text("Lines of import reports"), ImportProblem),
    (text("Bulk edits"), BulkEdit),
    (text("Builds of feeds"), FeedBuild),
    (text("Rows of the outbox"), OutboxRow),
    (text("Lines of the audit log"), AuditEntry),
    (text("Versions of structure, profiles and feeds"), SetupVersion),
    (text("Sessions"), UserSession),
)


def counts(session: Session) -> list[tuple[Text, int]]:
    """How many rows there are of what grows."""
    return [
        (label, session.scalar(select(func.count()).select_from(table)) or 0)
        for label, table in COUNTED
    ]
