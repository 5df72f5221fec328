"""What a running job sees of the queue, and the companion that keeps its lease."""

import threading
from types import TracebackType

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pim.clock import Clock
from pim.db import Database
from pim.errors import Text
from pim.jobs import service

log = structlog.get_logger()


class Stopped(service.Interruption):
    """The worker is shutting down; the job will be taken up again."""


class JobContext:
    """The first argument of every handler.

    database: for the handler's own transactions, one per step. job_id, attempt: which job this is,
    and its how many-th try (from 1); a handler finds what an earlier attempt left and goes on from
    there. clock: the time, an aware UTC moment.
    """

    def __init__(
        self, database: Database, job_id: int, token: str, attempt: int, clock: Clock
    ) -> None:
        self.database = database
        self.job_id = job_id
        self.attempt = attempt
        self.clock = clock
        self._token = token
        self._progress: tuple[int, int | None, Text | None] = (0, None, None)
        self._interruption: service.Interruption | None = None

    def progress(self, done: int, total: int | None = None, text: Text | str | None = None) -> None:
        """Say how far the job is; cheap enough for every row, because the companion writes it down
        once a second or so.

        Raises :class:`Lost`, :class:`Cancelled` or :class:`Stopped` when the job must end: let it
        pass.
        """
        self._progress = (
            done,
            total,
            Text(text.replace("%", "%%")) if isinstance(text, str) else text,
        )
        self.check()

    def check(self) -> None:
        """Raise what :meth:`progress` would, for steps that have no number."""
        if self._interruption is not None:
            raise self._interruption

    def cancelled(self) -> bool:
        """Must the job end? For loops that tidy up first and then call :meth:`check`."""
        return self._interruption is not None

    def guard(self, session: Session) -> None:
        """In the writing transaction that publishes: :class:`Lost` unless this job is still ours,
        and it stays ours until the commit.
        """
        service.guard(session, self.job_id, self._token)

    def interrupt(self, reason: service.Interruption) -> None:
        """The next :meth:`check` raises this; the first reason counts."""
        self._interruption = self._interruption or reason

    def write_progress(self, session: Session, lease_seconds: float) -> None:
        """Store the progress and extend the lease; :class:`Lost`, :class:`Cancelled`."""
        session.connection()  # wait for SQLite's write lock before looking at the clock
        service.progress(
            session, self.job_id, self._token, *self._progress, self.clock(), lease_seconds
        )

    @property
    def token(self) -> str:
        return self._token


class Companion:
    """A thread beside a running job: extends the lease, writes the progress down, hears that the
    job must stop.
    """

    def __init__(self, context: JobContext, lease_seconds: float) -> None:
        self._context = context
        self._lease_seconds = lease_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=f"job-{context.job_id}-lease", daemon=True
        )

    def __enter__(self) -> "Companion":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(min(1.0, self._lease_seconds / 4)):
            try:
                with self._context.database.writing() as session:
                    self._context.write_progress(session, self._lease_seconds)
            except service.Interruption as reason:
                self._context.interrupt(reason)
                return
            except (
                SQLAlchemyError
            ) as error:  # the database is away; the lease may run out, and then the guard holds
                log.warning(
                    "lease not extended", job=self._context.job_id, error=type(error).__name__
                )
