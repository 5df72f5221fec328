"""The verbs of the job queue. Every function works inside the caller's transaction and never
commits.

The order of a job's life: :func:`enqueue`, :func:`claim`, :func:`progress`, and one of
:func:`finish`, :func:`fail`, :func:`retry`, :func:`release`. Who claimed a job holds its token; a
holder whose lease ran out may find it in other hands, and then gets :class:`LeaseLost`.
"""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import ColumnElement

from pim.errors import Conflict, NotFound, Text, text
from pim.jobs.models import ACTIVE, Job, Worker

LEASE_SECONDS = 30.0
MAX_ATTEMPTS = 3
BACKOFF = (timedelta(seconds=10), timedelta(seconds=60))


class Interruption(Exception):
    """The job must end now. No :class:`~pim.errors.EtalageError`: a handler that catches those must
    not swallow it.
    """


class LeaseLost(Interruption):
    """The job is in other hands (or was cancelled after its lease ran out): nothing of it may be
    written any more.
    """


class Cancelled(Interruption):
    """Somebody asked this job to stop."""


def enqueue(
    session: Session,
    kind: str,
    args: Mapping[str, Any],
    now: datetime,
    slot: str | None = None,
    run_after: datetime | None = None,
    by: str | None = None,
    subject: str = "",
    turn: str = "",
) -> Job:
    """Queue a job in the transaction that wants the work done; where the slot is known already, the
    job that has it.

    args: keyword arguments of the handler, JSON. slot: at most one job ever has it, so a moment or
    a hash belongs in it. run_after: not before this moment. by: who asked, as people know them.
    subject: what it is about, so that its jobs are found again. turn: jobs with the same one run
    one after the other.
    """
    if slot is not None and (existing := _by_slot(session, slot)):
        return existing
    job = Job(
        kind=kind,
        args=dict(args),
        subject=subject,
        turn=turn,
        slot=slot,
        run_after=run_after or now,
        requested_by=by,
        created=now,
    )
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:  # PostgreSQL: another session queued this slot a moment ago
        existing = _by_slot(session, slot) if slot is not None else None
        if existing is None:
            raise
        return existing
    session.info.setdefault("enqueued", []).append(
        job.id
    )  # pim.jobs.celery_app tells the broker after the commit
    return job


def claim(
    session: Session,
    kinds: Collection[str],
    now: datetime,
    lease_seconds: float = LEASE_SECONDS,
    job_id: int | None = None,
) -> Job | None:
    """Take the oldest job that is due, or the one with ``job_id`` if it is; ``None`` where there is
    none.

    1. Give up jobs whose workers died too often.
    2. Look for a job that is queued, or that a dead worker left behind.
    3. Give it a token of its own: whoever held it before can change it no more.
    4. Give it a lease, which its worker renews while it lives.

    Two claims never get the same job: on SQLite a writing session is alone, on PostgreSQL a row
    that another session looks at is skipped.
    """
    _bury(session, now)
    query = (
        select(Job)
        .where(due(now), Job.kind.in_(kinds))
        .order_by(Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = session.scalar(query if job_id is None else query.where(Job.id == job_id))
    if job is None:
        return None
    job.state, job.token, job.attempts = "running", secrets.token_hex(16), job.attempts + 1
    job.lease_until = now + timedelta(seconds=lease_seconds)
    job.started = job.started or now
    session.flush()
    return job


def due(now: datetime) -> ColumnElement[bool]:
    """The condition on :class:`Job` under which somebody should take it."""
    waits = and_(Job.state == "queued", Job.run_after <= now, ~_has_predecessor())
    return or_(waits, abandoned(now))


def _has_predecessor() -> ColumnElement[bool]:
    """Whether a job that was queued before, with the same turn, has not ended yet."""
    earlier = aliased(Job)
    same_turn = and_(Job.turn != "", earlier.turn == Job.turn)
    return exists().where(same_turn, earlier.id < Job.id, earlier.state.in_(ACTIVE))


def abandoned(now: datetime) -> ColumnElement[bool]:
    """The condition under which the worker of a running job is taken for dead."""
    return and_(Job.state == "running", Job.lease_until < now)


def nobodys() -> ColumnElement[bool]:
    """The condition under which a job runs without a token or a lease: no worker would ever take it
    up again.
    """
    return and_(Job.state == "running", or_(Job.lease_until.is_(None), Job.token.is_(None)))


def free_nobodys(session: Session, now: datetime) -> None:
    """Queue the jobs that nobody runs, though they are called running."""
    for job in session.scalars(select(Job).where(nobodys())):
        _requeue(job, now)


def progress(
    session: Session,
    job_id: int,
    token: str,
    done: int,
    total: int | None,
    text: Text | None,
    now: datetime,
    lease_seconds: float = LEASE_SECONDS,
) -> None:
    """Store how far the job is and extend its lease. :class:`LeaseLost` without the token,
    :class:`Cancelled` when somebody asked.
    """
    job = _held(session, job_id, token)
    if job.cancel_requested:
        raise Cancelled
    job.progress_done, job.progress_total, job.progress_text = done, total, text
    job.lease_until = now + timedelta(seconds=lease_seconds)


def guard(session: Session, job_id: int, token: str) -> None:
    """To be called in the transaction that publishes: :class:`LeaseLost` unless the token is still
    the job's.

    The row stays locked until the commit, so nobody takes the job over in between. On PostgreSQL
    ask last: the lease waits for it.
    """
    _held(session, job_id, token)


def finish(session: Session, job_id: int, token: str, result: Any, now: datetime) -> None:
    """The job is done; ``result`` is JSON or ``None``."""
    job = _held(session, job_id, token)
    job.result, job.error = result, None
    _close(job, "done", now)


def fail(session: Session, job_id: int, token: str, error: Text, now: datetime) -> None:
    """The job failed for good; ``error`` is the sentence people read."""
    job = _held(session, job_id, token)
    job.error = error
    _close(job, "failed", now)


def retry(session: Session, job_id: int, token: str, error: Text, now: datetime) -> None:
    """The job failed for a reason that may pass: queue it again after a pause, or fail it after the
    third attempt.
    """
    job = _held(session, job_id, token)
    job.error = error
    if job.attempts >= MAX_ATTEMPTS:
        _close(job, "failed", now)
        return
    _requeue(job, now + BACKOFF[min(job.attempts, len(BACKOFF)) - 1])


def release(session: Session, job_id: int, token: str, now: datetime) -> None:
    """The worker is shutting down: give the job back, as if this attempt had not been."""
    job = _held(session, job_id, token)
    job.attempts -= 1
    _requeue(job, now)


def stopped(session: Session, job_id: int, token: str, now: datetime) -> None:
    """The handler ended because somebody cancelled the job."""
    _close(_held(session, job_id, token), "cancelled", now)


def cancel(session: Session, job_id: int, now: datetime) -> Job:
    """Stop a job: at once where it waits, at its next step where it runs. :class:`Conflict` where
    it has ended.
    """
    job = _locked(session, job_id)
    if job.state == "queued":
        _close(job, "cancelled", now)
    elif job.state == "running":
        job.cancel_requested = True
    else:
        raise Conflict(text("This job has already ended."))
    return job


def restart(session: Session, job_id: int, now: datetime) -> Job:
    """Queue a failed or cancelled job again, by hand. :class:`Conflict` where it is active or
    done.
    """
    job = _locked(session, job_id)
    if job.state not in ("failed", "cancelled"):
        raise Conflict(text("Only a job that failed or was cancelled can be started again."))
    job.attempts, job.cancel_requested, job.error, job.started, job.finished = (
        0,
        False,
        None,
        None,
        None,
    )
    job.progress_done, job.progress_total, job.progress_text = 0, None, None
    _requeue(job, now)
    session.info.setdefault("enqueued", []).append(job.id)
    return job


def beat(session: Session, name: str, now: datetime, *, runs_jobs: bool = True) -> None:
    """The worker with this name is alive. Rows of workers that never signed off go after a day."""
    session.execute(delete(Worker).where(Worker.seen < now - timedelta(days=1)))
    worker = session.get(Worker, name)
    if worker is None:
        session.add(Worker(name=name, started=now, seen=now, runs_jobs=runs_jobs))
    else:
        worker.seen = now


def sign_off(session: Session, name: str) -> None:
    """The worker with this name ends."""
    session.execute(delete(Worker).where(Worker.name == name))


def _by_slot(session: Session, slot: str) -> Job | None:
    return session.scalar(select(Job).where(Job.slot == slot))


def _locked(session: Session, job_id: int) -> Job:
    job = session.get(Job, job_id, with_for_update=True, populate_existing=True)
    if job is None:
        raise NotFound(text("There is no job %(id)s.", id=job_id))
    return job


def _held(session: Session, job_id: int, token: str) -> Job:
    job = session.get(Job, job_id, with_for_update=True, populate_existing=True)
    if (
        job is None
        or job.state != "running"
        or job.token is None
        or not secrets.compare_digest(job.token, token)
    ):
        raise LeaseLost
    return job


def _close(job: Job, state: str, now: datetime) -> None:
    job.state, job.finished, job.token, job.lease_until = state, now, None, None


def _requeue(job: Job, run_after: datetime) -> None:
    job.state, job.run_after, job.token, job.lease_until = "queued", run_after, None, None


def _bury(session: Session, now: datetime) -> None:
    """End what nobody will take over: dead jobs that somebody cancelled, and those whose worker
    died too often.
    """
    hopeless = or_(Job.attempts >= MAX_ATTEMPTS, Job.cancel_requested)
    for job in session.scalars(
        select(Job).where(abandoned(now), hopeless).with_for_update(skip_locked=True)
    ):
        if job.cancel_requested:
            _close(job, "cancelled", now)
            continue
        job.error = _epitaph(job)
        _close(job, "failed", now)
    session.flush()


def _epitaph(job: Job) -> Text:
    if job.progress_total is None:
        return text(
            "The worker died at step %(done)s; that was attempt %(count)s.",
            done=job.progress_done,
            count=job.attempts,
        )
    return text(
        "The worker died at step %(done)s of %(total)s; that was attempt %(count)s.",
        done=job.progress_done,
        total=job.progress_total,
        count=job.attempts,
    )
