"""Workers on other machines: with PIM_BROKER_URL set, Celery carries the ids of jobs, and nothing
else.

The row stays the truth. A message that is lost is sent again by the scheduler
(:class:`~pim.jobs.runner.Runner` with ``announce``), one that comes twice finds the job claimed.
Import this module only where a broker is set: it needs the extra ``distributed``.
"""

from collections.abc import Callable

import structlog
from celery import Celery, signals
from kombu.exceptions import OperationalError
from sqlalchemy import event
from sqlalchemy.orm import Session

from pim.db import Database
from pim.jobs.runner import Runner

TASK = "etalage.run"
log = structlog.get_logger()


def _leave_logging_alone(**_: object) -> None:
    """With a receiver of this signal Celery logs as the process does (:mod:`pim.logs`)."""


class Broker:
    """The way to the broker at ``url``, for instance ``redis://localhost:6379/0``."""

    def __init__(self, url: str) -> None:
        self.celery = Celery("etalage", broker=url)
        self.celery.conf.update(
            task_ignore_result=True,
            task_publish_retry=False,
            broker_connection_retry_on_startup=True,
            broker_connection_max_retries=None,
            # Who waits for a broker is a person at a form: give up at once, the scheduler sends
            # again.
            broker_transport_options={
                "max_retries": 1,
                "interval_start": 0,
                "interval_step": 0,
                "socket_connect_timeout": 2,
            },
            worker_prefetch_multiplier=1,
            worker_hijack_root_logger=False,
        )

    def announce(self, job_id: int) -> None:
        """Tell the workers of a job. A broker that does not answer is a line in the log: the job is
        kept and told again later.
        """
        try:
            self.celery.send_task(TASK, (job_id,))
        except OperationalError as error:
            log.warning("broker did not answer", job=job_id, error=type(error).__name__)

    def announce_commits(self, database: Database) -> Callable[[], None]:
        """From now on every job that a session of this database queues is announced after the
        commit. Call what comes back to end that.
        """

        def after_commit(session: Session) -> None:
            if not database.owns(session) or session.in_nested_transaction():
                return
            for job_id in session.info.pop("enqueued", ()):
                self.announce(job_id)

        event.listen(Session, "after_commit", after_commit)
        return lambda: event.remove(Session, "after_commit", after_commit)

    def work(self, runner: Runner, concurrency: int) -> None:
        """Be a worker until a signal ends it. The runner itself has no worker threads: it lends its
        claim, its beat and its schedules.
        """

        def run(job_id: int) -> None:
            runner.run_one(job_id)

        def shutting_down(**_: object) -> None:
            runner.stop()  # running jobs give themselves back instead of keeping the worker

        self.celery.task(run, name=TASK)
        signals.worker_shutting_down.connect(shutting_down)
        signals.setup_logging.connect(_leave_logging_alone)
        runner.start()
        self.celery.Worker(
            pool="threads", concurrency=concurrency, without_gossip=True, without_mingle=True
        ).start()
        runner.stop()
