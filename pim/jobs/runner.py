"""Threads that claim jobs and run them. The one place that catches every exception, because a job
that fails must say so.
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog
from sqlalchemy import exc as database_errors
from sqlalchemy.orm import Session

from pim.clock import Clock, utc_now
from pim.db import Database
from pim.errors import EtalageError, Text, Unavailable, is_disk_full, text
from pim.jobs import queries, schedules, service
from pim.jobs.context import Companion, JobContext, Stopped

Handler = Callable[..., Mapping[str, Any] | None]
"""``handler(context, **args)``; what it returns (JSON or None) is the job's result."""


@dataclass(frozen=True)
class Ending:
    """How a job ended: what the log calls it, and what is left to write."""

    name: str
    write: Callable[[Session], None]


TidyUp = Callable[[Session, datetime], None]

# What may be over in a minute. A full disk reaches us from SQLite as OperationalError and from
# files as OSError.
TRANSIENT = (
    database_errors.OperationalError,
    database_errors.TimeoutError,
    ConnectionError,
    TimeoutError,
)
BEAT = timedelta(seconds=5)
RESEND = timedelta(minutes=1)

log = structlog.get_logger()


class Runner:
    """Runs jobs of the kinds it has handlers for, in ``workers`` threads, and queues what the
    schedules say.

    lease_seconds: how long a job stays with a worker that is not heard of. poll_seconds: how often
    idle threads look. announce: tells a broker the ids of jobs that wait for longer than they
    should (see :mod:`pim.jobs.celery_app`). lends: somebody else's threads call :meth:`run_one`,
    so jobs are run though there are no ``workers``. tidy: puts an end to what ended jobs left open;
    called in the transaction that ends a job, and with every beat. tend: queues what is due though
    nobody asked for it; called with every beat.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        workers: int = 2,
        clock: Clock = utc_now,
        lease_seconds: float = service.LEASE_SECONDS,
        poll_seconds: float = 0.5,
        announce: Callable[[int], None] | None = None,
        lends: bool = False,
        tidy: TidyUp = lambda session, now: None,
        tend: TidyUp = lambda session, now: None,
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{id(self)}"
        self._database = database
        self._handlers = dict(handlers)
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._poll_seconds = poll_seconds
        self._announce = announce
        self._runs_jobs = lends or workers > 0
        self._tidy = tidy
        self._tend_kinds = tend
        self._announced = clock()
        self._seen: datetime | None = None
        self._ending = threading.Event()
        self._running: set[JobContext] = set()
        loops = [("scheduler", self._tend)] + [
            (f"worker-{number}", self.run_one) for number in range(1, workers + 1)
        ]
        self._threads = [
            threading.Thread(target=self._loop, args=(step,), name=name, daemon=True)
            for name, step in loops
        ]

    def start(self) -> None:
        """Start the threads; returns at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 30.0) -> None:
        """Ask running jobs to give themselves back, wait for them at most ``timeout`` seconds, and
        sign off.
        """
        self._ending.set()
        for context in list(self._running):
            context.interrupt(Stopped())
        until = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0))
        # Where the database is away, silence says the same in half a minute.
        with (
            contextlib.suppress(database_errors.SQLAlchemyError),
            self._database.writing() as session,
        ):
            service.sign_off(session, self.name)

    def run_until_idle(self) -> int:
        """Queue due slots and run all that is due, in this thread. How many jobs were run; for the
        command line and tests.
        """
        with self._database.writing() as session:
            schedules.tick(session, self._clock())
            self._tidy(session, self._clock())
        count = 0
        while self.run_one():
            count += 1
        return count

    def run_one(self, job_id: int | None = None) -> bool:
        """Claim the next due job, or this one if it is due, and run it to its end. Was there
        one?
        """
        with self._database.reading() as session:
            if not queries.is_due(session, self._handlers, self._clock()):
                return False
        with self._database.writing() as session:
            # On SQLite this waits for the write lock, and the lease must not begin before that.
            session.connection()
            job = service.claim(session, self._handlers, self._clock(), self._lease_seconds, job_id)
            self._tidy(session, self._clock())  # jobs that nobody will take up were ended
            if job is None or job.token is None:
                return False
            context = JobContext(self._database, job.id, job.token, job.attempts, self._clock)
            kind, args, asked = job.kind, dict(job.args), job.requested_by
        with structlog.contextvars.bound_contextvars(
            job=context.job_id, kind=kind, person=asked, attempt=context.attempt
        ):
            self._run(context, kind, args)
        return True

    def _run(self, context: JobContext, kind: str, args: dict[str, Any]) -> None:
        self._running.add(context)
        try:
            if self._ending.is_set():  # stop() may have looked before we were in the set
                context.interrupt(Stopped())
            began = time.monotonic()
            with Companion(context, self._lease_seconds):
                ending = self._outcome(context, kind, args)
            self._settle(context, ending)
            log.info("job", outcome=ending.name, ms=round(1000 * (time.monotonic() - began)))
        finally:
            self._running.discard(context)

    def _outcome(self, context: JobContext, kind: str, args: dict[str, Any]) -> Ending:
        """Run the handler; how the job ends."""
        key = context.job_id, context.token
        try:
            context.check()
            result = self._handlers[kind](context, **args)
            orjson.dumps(
                result
            )  # a result that is no JSON is the handler's fault, and known as such
        except Stopped:
            return Ending("given back", lambda one: service.release(one, *key, self._clock()))
        except service.Cancelled:
            return Ending("cancelled", lambda one: service.stopped(one, *key, self._clock()))
        except service.LeaseLost:
            # says Lost again, unless the handler made that up
            return Ending("lost", lambda one: service.guard(one, *key))
        except Exception as error:
            log.exception("job failed")
            verb, sentence = _verdict(error)
            return Ending("failed", lambda one: verb(one, *key, sentence, self._clock()))
        return Ending("done", lambda one: service.finish(one, *key, result, self._clock()))

    def _settle(self, context: JobContext, ending: Ending) -> None:
        try:
            with self._database.writing() as session:
                with contextlib.suppress(service.Cancelled):  # it ended before it heard of that
                    context.write_progress(session, self._lease_seconds)
                ending.write(session)
                self._tidy(session, self._clock())
        except service.LeaseLost:
            log.warning("job is in other hands; what this worker did last was not kept")

    def _loop(self, step: Callable[[], bool]) -> None:
        """Repeat a step until the end; after one that found nothing, and after trouble, pause."""
        while not self._ending.is_set():
            busy = False
            try:
                busy = step()
            except Exception:  # a database that is away must not end the thread: it comes back
                log.exception("worker in trouble")
            if not busy:
                self._ending.wait(self._poll_seconds)

    def _tend(self) -> bool:
        """What one thread does for all: say that we live, queue due slots, remind the broker."""
        now = self._clock()
        if self._seen is None or now - self._seen >= BEAT:
            with self._database.writing() as session:
                service.beat(session, self.name, now, runs_jobs=self._runs_jobs)
                self._tidy(session, now)
                self._tend_kinds(session, now)
            self._seen = now
        with self._database.reading() as session:
            due = schedules.is_due(session, now)
        if due:
            with self._database.writing() as session:
                schedules.tick(session, now)
        if self._announce is not None and now - self._announced >= RESEND:
            self._remind(self._announce, now)
        return False

    def _remind(self, announce: Callable[[int], None], now: datetime) -> None:
        with self._database.reading() as session:
            waiting = queries.overdue(session, now - RESEND)
        for job_id in waiting:
            announce(job_id)
        self._announced = now


def _verdict(error: Exception) -> tuple[Callable[..., None], Text]:
    """Which verb of the service the error asks for, and what people read. Never the text of a
    foreign error: it may hold secrets.
    """
    if isinstance(error, Unavailable):
        return service.retry, error.message
    if isinstance(error, EtalageError):
        return service.fail, error.message
    if is_disk_full(error):
        return service.retry, text(
            "The disk is full. Nothing was left half done; make room and start the job again."
        )
    if isinstance(error, TRANSIENT):
        return service.retry, text(
            "The database or another server did not answer (%(kind)s).", kind=type(error).__name__
        )
    return service.fail, text(
        "Something went wrong that nobody foresaw (%(kind)s); the log has the details.",
        kind=type(error).__name__,
    )
