"""The life of an import run: how it begins, who may write it, how it goes on after a kill and ends.

A run is in one process's hands at a time. Whoever takes it up gets a new token, and every
transaction that writes rows asks for it: who was paused, or taken for dead, writes nothing more.
"""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pim.clock import Clock
from pim.db import Database, wait_for_turn
from pim.errors import Conflict, Text, text
from pim.imports.models import ImportRun, LateRow, MissingLink
from pim.imports.report import Tally
from pim.jobs.context import JobContext
from pim.jobs.models import ACTIVE, Job
from pim.jobs.service import LeaseLost

SILENCE = timedelta(minutes=5)
"""A run that no job stands behind and that was not heard of for so long is taken for dead."""
BEAT = timedelta(seconds=30)
"""How often a run that writes no rows says that it lives."""
STOPPED = text("It was stopped before it had come to the end.")


@dataclass(frozen=True)
class RunRequest:
    """What is to be taken in. ``profile``: its code; ``definition``: as the run keeps it;
    ``detected``: what was found out about the file.

    ``sha256``: of the file; ``fingerprint``: of the profile and of what it uses of the structure,
    "" where the run will never go on after a kill.
    """

    profile: str
    definition: Mapping[str, Any]
    filename: str
    sha256: str
    fingerprint: str
    actor: str
    dry_run: bool
    detected: Mapping[str, Any] = field(default_factory=dict)

    def unfinished(self) -> Sequence[ColumnElement[bool]]:
        """The runs of this file that have not come to their end."""
        return (
            ImportRun.profile == self.profile,
            ImportRun.sha256 == self.sha256,
            ImportRun.dry_run == self.dry_run,
            ImportRun.state == "running",
        )


class RunHold:
    """A run in our hands. ``run``: as it was when we took it. ``job``: that stands behind it."""

    def __init__(self, run: ImportRun, clock: Clock, job: JobContext | None) -> None:
        self.run = run
        self.clock = clock
        self.job = job
        self._token = run.token
        self._seen = clock()

    def keep(self, session: Session, **values: object) -> None:
        """In a transaction that writes something of the run, at its end: store these values of it.

        The run stays ours until the commit. :class:`Conflict` where it is in other hands, and
        :class:`LeaseLost` where its job is.
        """
        if self.job is not None:
            self.job.guard(session)
        self._seen = self.clock()
        ours = and_(
            ImportRun.id == self.run.id,
            ImportRun.token == self._token,
            ImportRun.state == "running",
        )
        kept = update(ImportRun).where(ours).values(seen=self._seen, **values)
        if session.execute(kept.returning(ImportRun.id)).first() is None:
            raise Conflict(
                text(
                    "The import of %(name)s stopped: another one took its place, or nothing was"
                    " heard of it for too long. What it had written stays.",
                    name=self.run.filename,
                )
            )

    def beat(self, database: Database) -> None:
        """Between two steps of what writes no rows: say now and then that we live."""
        if self.clock() - self._seen >= BEAT:
            with database.writing() as session:
                self.keep(session)

    def fail(self, database: Database, reason: Text) -> None:
        """Close the run, if it is ours still. Where the database is away, :func:`close_dead` will
        do it.
        """
        with suppress(Conflict, LeaseLost, SQLAlchemyError), database.writing() as session:
            self.keep(session, **_failed(reason, self.clock()))


def begin(
    session: Session, wanted: RunRequest, clock: Clock, job: JobContext | None = None
) -> RunHold:
    """Take up the run that a killed attempt left behind, to go on where it stopped, or a new one.

    It goes on only where its rows would be written as they were: the same file, read by the same
    profile with the same structure, and nothing else taken in by that profile since. A trial
    begins again, because what it had planned is gone. :class:`Conflict` where a job is taking in
    the same file, or another file is coming in by the same profile.
    """
    wait_for_turn(session, "import_run")
    now = clock()
    close_dead(session, now)
    if not wanted.dry_run:
        _refuse_twice(session, wanted, job)
        _refuse_beside_another(session, wanted)
    run = _to_go_on(session, wanted, job)
    if run is None:
        _close_predecessors(session, wanted, job, now)
        run = _new_run(session, wanted, now)
        _forget_what_waits(session)
    run.job_id, run.token, run.seen = job.job_id if job else None, uuid.uuid4().hex, now
    session.flush()
    return RunHold(run, clock, job)


def _forget_what_waits(session: Session) -> None:
    """What runs that have ended on the way kept for their end waits for nothing any more."""
    ended = select(ImportRun.id).where(ImportRun.state != "running")
    session.execute(delete(LateRow).where(LateRow.run_id.in_(ended)))
    session.execute(delete(MissingLink).where(MissingLink.run_id.in_(ended)))


def close_dead(session: Session, now: datetime) -> None:
    """End the runs that nobody will: their job has ended, or their process without one is gone."""
    for run in dead(session, now):
        job = session.get(Job, run.job_id) if run.job_id is not None else None
        reason = job.error if job is not None and job.error is not None else STOPPED
        _close(session, [ImportRun.id == run.id], reason, now)


def dead(session: Session, now: datetime) -> Sequence[ImportRun]:
    """The runs that are called running, and that nobody works on any more."""
    active = select(Job.id).where(Job.state.in_(ACTIVE))
    heard = func.coalesce(ImportRun.seen, ImportRun.started)
    abandoned = or_(
        and_(ImportRun.job_id.is_not(None), ImportRun.job_id.not_in(active)),
        and_(ImportRun.job_id.is_(None), heard < now - SILENCE),
    )
    found = select(ImportRun).where(ImportRun.state == "running", abandoned)
    return session.scalars(found.order_by(ImportRun.started)).all()


def _refuse_twice(session: Session, wanted: RunRequest, job: JobContext | None) -> None:
    """The same file twice at the same time would be the same work twice, in each other's way."""
    jobs = select(ImportRun.job_id).where(*wanted.unfinished(), ImportRun.job_id.is_not(None))
    others = jobs if job is None else jobs.where(ImportRun.job_id != job.job_id)
    other = session.scalars(others).first()
    if other is not None:
        raise Conflict(
            text(
                "Job %(job)s is taking in this file already; %(name)s was not taken in a second"
                " time.",
                job=other,
                name=wanted.filename,
            )
        )


def _refuse_beside_another(session: Session, wanted: RunRequest) -> None:
    """Of two files of one profile at the same time, the rows of yesterday's could be written over
    those of today's. (Uploads wait for each other: their jobs have one turn.)
    """
    others = select(ImportRun.filename).where(
        ImportRun.profile == wanted.profile,
        ImportRun.sha256 != wanted.sha256,
        ImportRun.dry_run.is_(False),
        ImportRun.state == "running",
    )
    other = session.scalars(others).first()
    if other is not None:
        raise Conflict(
            text(
                "%(name)s was not taken in: %(other)s is coming in by the same profile, and their"
                " rows would mix. Try again when that has ended; an import that was killed counts"
                " as ended when nothing was heard of it for five minutes.",
                name=wanted.filename,
                other=other,
            )
        )


def _to_go_on(session: Session, wanted: RunRequest, job: JobContext | None) -> ImportRun | None:
    """Locked, so that a batch that is being committed is counted."""
    if wanted.dry_run or not wanted.fingerprint:
        return None
    same = (ImportRun.fingerprint == wanted.fingerprint, _takeable(job))
    found = select(ImportRun).where(*wanted.unfinished(), *same)
    return session.scalars(
        found.with_for_update().execution_options(populate_existing=True)
    ).first()


def _takeable(job: JobContext | None) -> ColumnElement[bool]:
    """Runs whose process we cannot hear of but by taking them from it, and earlier attempts of
    our own job.
    """
    without_job = ImportRun.job_id.is_(None)
    return without_job if job is None else or_(without_job, ImportRun.job_id == job.job_id)


def _close_predecessors(
    session: Session, wanted: RunRequest, job: JobContext | None, now: datetime
) -> None:
    """Runs that a new one takes the place of. Somebody else's trial of the same file is none: it
    may be at work, and is in nobody's way.
    """
    if not wanted.dry_run:
        replaced = _takeable(job)
    elif job is not None:
        replaced = ImportRun.job_id == job.job_id
    else:
        return
    reason = text("It ended in the middle and was begun again.")
    _close(session, [*wanted.unfinished(), replaced], reason, now)


def _new_run(session: Session, wanted: RunRequest, now: datetime) -> ImportRun:
    """A run that has not read a row yet."""
    run = ImportRun(
        **asdict(wanted) | {"filename": wanted.filename[:255]},
        **asdict(Tally()),
        id=uuid.uuid4().hex,
        state="running",
        cursor=0,
        milliseconds=0,
        started=now,
    )
    session.add(run)
    return run


def _close(
    session: Session, which: Sequence[ColumnElement[bool]], reason: Text, now: datetime
) -> None:
    running = ImportRun.state == "running"
    session.execute(update(ImportRun).where(running, *which).values(_failed(reason, now)))


def _failed(reason: Text, now: datetime) -> dict[str, Any]:
    return {"state": "failed", "error": str(reason), "finished": now}


def tally_of(run: ImportRun) -> Tally:
    """What an earlier attempt at this run came to."""
    return Tally(**{name: getattr(run, name) for name in Tally.__slots__})
