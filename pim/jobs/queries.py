"""What pages, the command line and workers ask about jobs."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from pim.errors import NotFound, text
from pim.jobs import service
from pim.jobs.models import ACTIVE, Job, Worker

SILENCE = timedelta(seconds=30)


def get(session: Session, job_id: int) -> Job:
    """The job; :class:`NotFound` where there is none."""
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound(text("There is no job %(id)s.", id=job_id))
    return job


def recent(session: Session, limit: int = 50, kind: str | None = None) -> Sequence[Job]:
    """The newest jobs first."""
    query = select(Job).order_by(Job.id.desc()).limit(limit)
    return session.scalars(query if kind is None else query.where(Job.kind == kind)).all()


def of_subject(session: Session, subject: str, kind: str | None = None) -> Sequence[Job]:
    """The jobs about something, the newest first."""
    query = select(Job).where(Job.subject == subject).order_by(Job.id.desc())
    return session.scalars(query if kind is None else query.where(Job.kind == kind)).all()


def last_of(session: Session, subject: str) -> Job | None:
    """The newest job about something."""
    query = select(Job).where(Job.subject == subject).order_by(Job.id.desc()).limit(1)
    return session.scalar(query)


def running(session: Session) -> Sequence[Job]:
    """What waits or runs, in the order in which it was asked for."""
    return session.scalars(select(Job).where(Job.state.in_(ACTIVE)).order_by(Job.id)).all()


def active_of(session: Session, who: str) -> Sequence[Job]:
    """What somebody asked for and what waits or runs, in the order in which it was asked for."""
    theirs = select(Job).where(Job.requested_by == who, Job.finished.is_(None))
    return session.scalars(theirs.where(Job.state.in_(ACTIVE)).order_by(Job.id)).all()


def ended_of(session: Session, who: str, since: datetime, limit: int) -> Sequence[Job]:
    """What somebody asked for and what has ended since, the latest first."""
    theirs = select(Job).where(Job.requested_by == who, Job.finished > since)
    return session.scalars(theirs.order_by(Job.finished.desc(), Job.id.desc()).limit(limit)).all()


def count_ended_of(session: Session, who: str, since: datetime) -> int:
    """How many of somebody's jobs have ended since."""
    theirs = select(func.count()).where(Job.requested_by == who, Job.finished > since)
    return session.scalar(theirs) or 0


def is_due(session: Session, kinds: Collection[str], now: datetime) -> bool:
    """Is there something to claim (or to bury)? A read, so that idle workers never take the write
    lock.
    """
    return bool(session.scalar(select(exists().where(service.due(now), Job.kind.in_(kinds)))))


def overdue(session: Session, since: datetime) -> Sequence[int]:
    """Ids of the jobs that somebody should have taken before ``since``."""
    return session.scalars(select(Job.id).where(service.due(since)).order_by(Job.id)).all()


def has_live_worker(session: Session, now: datetime) -> bool:
    """Was somebody heard of in the last half minute who runs jobs? If not, the interface warns that
    they only pile up.
    """
    alive = (Worker.seen > now - SILENCE, Worker.runs_jobs.is_(True))
    return bool(session.scalar(select(exists().where(*alive))))


def is_served(session: Session, now: datetime) -> bool:
    """Was any process of this hub heard of in the last half minute?"""
    return bool(session.scalar(select(exists().where(Worker.seen > now - SILENCE))))


def time_left(job: Job, now: datetime) -> timedelta | None:
    """What remains at the pace so far; ``None`` where that cannot be said."""
    total, done = job.progress_total, job.progress_done
    if job.state != "running" or job.started is None or not total or not done:
        return None
    spent = now - job.started
    remaining = max(total - done, 0)
    return spent * remaining / done
