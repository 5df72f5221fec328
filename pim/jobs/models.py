"""The tables of the job queue: jobs, schedules and the workers that are alive."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String, true
from sqlalchemy.orm import Mapped, mapped_column

from pim import errors
from pim.db import Base, Json, Sentence, Utc

ACTIVE = ("queued", "running")


class Job(Base):
    """One piece of work and everything that is known about it.

    state: queued, running, done, failed or cancelled. subject: what it is about
    (``feed:google_nl``). slot: work with the same slot is queued once, ever. turn: jobs with the
    same turn run one after the other, in the order in which they were queued; "" for those that
    wait for nobody. attempts: how often it
    was claimed. token: new at every claim; who does not hold it may not write. lease_until: until
    when the holder is believed to live.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_state", "state", "run_after"),
        Index("ix_job_subject", "subject", "id"),
        Index("ix_job_turn", "turn", "id"),
        Index("ix_job_requested_by", "requested_by", "finished"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60), index=True)
    args: Mapped[dict[str, Any]] = mapped_column(Json)
    subject: Mapped[str] = mapped_column(String(200), default="", server_default="")
    state: Mapped[str] = mapped_column(String(20), default="queued")
    slot: Mapped[str | None] = mapped_column(String(250), unique=True)
    turn: Mapped[str] = mapped_column(String(200), default="", server_default="")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Utc)
    token: Mapped[str | None] = mapped_column(String(32))
    run_after: Mapped[datetime] = mapped_column(Utc)
    progress_done: Mapped[int] = mapped_column(Integer, default=0)
    progress_total: Mapped[int | None] = mapped_column(Integer)
    progress_text: Mapped[errors.Text | None] = mapped_column(Sentence)
    result: Mapped[Any | None] = mapped_column(Json)
    error: Mapped[errors.Text | None] = mapped_column(Sentence)
    requested_by: Mapped[str | None] = mapped_column(String(250))
    created: Mapped[datetime] = mapped_column(Utc)
    started: Mapped[datetime | None] = mapped_column(Utc)
    finished: Mapped[datetime | None] = mapped_column(Utc)
    cancel_requested: Mapped[bool] = mapped_column(default=False)


class Schedule(Base):
    """A job that comes back: five cron fields, read on the clocks of ``zone``. next_at: the first
    slot that was not queued yet.
    """

    __tablename__ = "schedule"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(190), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    args: Mapped[dict[str, Any]] = mapped_column(Json)
    cron: Mapped[str] = mapped_column(String(190))
    zone: Mapped[str] = mapped_column(String(60))
    enabled: Mapped[bool] = mapped_column(default=True)
    next_at: Mapped[datetime] = mapped_column(Utc, index=True)


class Worker(Base):
    """A process that is alive, and when it was last heard of. ``runs_jobs``: False where it only
    plans and announces them. Without a fresh row that runs jobs the interface says that nothing is
    being done.
    """

    __tablename__ = "worker"

    name: Mapped[str] = mapped_column(String(190), primary_key=True)
    started: Mapped[datetime] = mapped_column(Utc)
    seen: Mapped[datetime] = mapped_column(Utc)
    runs_jobs: Mapped[bool] = mapped_column(default=True, server_default=true())
