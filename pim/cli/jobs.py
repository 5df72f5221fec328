"""``pim jobs`` and ``pim worker``."""

import signal
import threading

import click

from pim.cli.frame import Hub, command
from pim.handlers import handlers
from pim.jobs import queries
from pim.jobs.runner import Runner


@click.group()
def jobs() -> None:
    """What the hub is doing and has done."""


@jobs.command(name="list")
@click.option("--limit", default=20, show_default=True, help="How many, the latest first.")
@command
def list_jobs(hub: Hub, limit: int) -> None:
    """The latest jobs with their state."""
    with hub.database.reading() as session:
        rows = [
            {
                "id": job.id, "kind": job.kind, "state": job.state, "done": job.progress_done, "total": job.progress_total,
                "attempts": job.attempts, "created": job.created, "finished": job.finished, "error": str(job.error or ""),
            }
            for job in queries.recent(session, limit)
        ]  # fmt: skip
    lines = [f"{row['id']:>6} {row['kind']:10} {row['state']:10} {row['created']:%Y-%m-%d %H:%M} {row['error']}".rstrip() for row in rows]
    hub.show(rows, "\n".join(lines) or "No job has been asked for yet.")


@click.command()
@click.option("--until-idle", is_flag=True, help="Run what is due and end.")
@command
def worker(hub: Hub, until_idle: bool) -> None:
    """Run jobs and schedules, without serving pages."""
    runner = Runner(hub.database, handlers(hub.settings, hub.storage), hub.settings.workers)
    if until_idle:
        count = runner.run_until_idle()
        hub.show({"jobs": count}, f"{count} jobs were run.")
        return
    ending = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ending.set())
    runner.start()
    click.echo("Working. Ctrl+C ends it.", err=True)
    ending.wait()
    runner.stop()


COMMANDS = (jobs, worker)
