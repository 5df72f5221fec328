"""``pim jobs`` and ``pim worker``."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from typing import TYPE_CHECKING

import click

from pim import logs
from pim.cli.frame import Hub, command, counted
from pim.config import Settings
from pim.errors import Conflict, text
from pim.job_kinds import handlers, tend, tidy
from pim.jobs import queries, service
from pim.jobs.runner import Runner

if TYPE_CHECKING:
    from pim.jobs.celery_app import Broker


def broker_of(settings: Settings) -> Broker:
    """The broker that carries job ids to workers on other machines; the extra "distributed" brings
    Celery.
    """
    try:
        from pim.jobs.celery_app import Broker
    except ImportError:
        raise Conflict(
            text("PIM_BROKER_URL needs Celery: pip install 'etalage[distributed]'.")
        ) from None
    return Broker(settings.broker_url)


@click.group()
def jobs() -> None:
    """What the hub is doing and has done."""


@jobs.command(name="list")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="How many, the latest first.",
)
@command
def list_jobs(hub: Hub, limit: int) -> None:
    """The latest jobs with their state."""
    with hub.database.reading() as session:
        rows = [
            {
                "id": job.id,
                "kind": job.kind,
                "state": job.state,
                "done": job.progress_done,
                "total": job.progress_total,
                "attempts": job.attempts,
                "created": job.created,
                "finished": job.finished,
                "error": str(job.error or ""),
            }
            for job in queries.recent(session, limit)
        ]
    lines = [
        f"{row['id']:>6} {row['kind']:10} {row['state']:10} {row['created']:%Y-%m-%d %H:%M}"
        f" {row['error']}".rstrip()
        for row in rows
    ]
    hub.show(rows, "\n".join(lines) or "No job has been asked for yet.")


@jobs.command()
@click.argument("number", type=int)
@command
def cancel(hub: Hub, number: int) -> None:
    """Stop the job NUMBER: at once where it waits, at its next step where it runs."""
    with hub.database.writing() as session:
        state = service.cancel(session, number, hub.clock()).state
    when = "is stopped" if state == "cancelled" else "stops at its next step"
    hub.show({"id": number, "state": state}, f"Job {number} {when}.")


@jobs.command()
@click.argument("number", type=int)
@command
def retry(hub: Hub, number: int) -> None:
    """Queue the job NUMBER again, which failed or was stopped; what it has done already stays."""
    with hub.database.writing() as session:
        state = service.restart(session, number, hub.clock()).state
    hub.show({"id": number, "state": state}, f"Job {number} is in the queue again.")


@click.command()
@click.option("--until-idle", is_flag=True, help="Run what is due and end.")
@command
def worker(hub: Hub, until_idle: bool) -> None:
    """Run jobs and schedules, without serving pages."""
    logs.configure(sys.stderr, logging.INFO)
    settings = hub.settings
    known = handlers(settings, hub.storage)
    if settings.broker_url and not until_idle:
        broker_of(settings).work(
            Runner(hub.database, known, workers=0, lends=True, tidy=tidy, tend=tend),
            settings.workers,
        )
        return
    runner = Runner(hub.database, known, settings.workers, tidy=tidy, tend=tend)
    if until_idle:
        count = runner.run_until_idle()
        hub.show({"jobs": count}, f"{counted(count, 'job')} run.")
        return
    ending = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ending.set())
    runner.start()
    click.echo("Working. Ctrl+C ends it.", err=True)
    ending.wait()
    runner.stop()


COMMANDS = (jobs, worker)
