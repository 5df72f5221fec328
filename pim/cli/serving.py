"""``pim init``, ``pim demo`` and ``pim serve``."""

import logging
import signal
import sys
from typing import NoReturn

import click

from pim import logs
from pim.accounts import queries as accounts
from pim.accounts import service
from pim.app import create_app
from pim.backup import backup
from pim.cli.frame import Hub, command
from pim.cli.jobs import broker_of
from pim.demo.load import ADMIN, load
from pim.http.server import listen
from pim.job_kinds import handlers, tend, tidy
from pim.jobs.runner import Runner
from pim.migrate import is_current, upgrade
from pim.products.maintenance import rebuild_if_outdated
from pim.retention import plan_nightly


@click.command()
@command
def init(hub: Hub) -> None:
    """Make the database, or bring an earlier version's up to date (after a backup), and print the
    set-up link.
    """
    database = hub.any_database
    before = hub.revision
    saved = None
    if before is not None and not is_current(database):
        saved = backup(database, hub.storage, hub.settings, hub.clock())
        upgrade(database)
    with hub.progress("index") as report:
        rebuild_if_outdated(hub.database, lambda done, total: report(done, total, ""))
    link = _setup_link(hub)
    sentence = f"Everything is in {hub.settings.home}."
    sentence += f"\nBackup before the upgrade: {saved}" if saved else ""
    sentence += f"\nMake the first administrator: {link}" if link else ""
    hub.show(
        {"home": str(hub.settings.home), "backup": str(saved) if saved else None, "setup": link},
        sentence,
    )


def _setup_link(hub: Hub) -> str | None:
    with hub.database.writing() as session:
        token = service.setup_link(session, hub.clock())
    return f"{hub.settings.base_url}/setup/{token}" if token else None


@click.command()
@command
def demo(hub: Hub) -> None:
    """Load the demo shop: structure, pictures, products, texts, feeds. Doing it again changes
    nothing.
    """
    with hub.progress("demo shop") as report:
        loaded = load(hub.database, hub.storage, hub.clock, report)
    sentence = ", ".join(f"{number} {what}" for what, number in loaded.items())
    hub.show(loaded, f"The demo shop is loaded: {sentence}.")


@click.command()
@click.option("--host", metavar="NAME", help="Where it listens, in place of PIM_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="On which port, in place of PIM_PORT.")
@command
def serve(hub: Hub, host: str | None, port: int | None) -> None:
    """Serve the pages and run jobs and schedules, in one process, until Ctrl+C."""
    hub.override(PIM_HOST=host, PIM_PORT=port)
    settings, database = hub.settings, hub.database
    logs.configure(sys.stderr, logging.INFO)
    rebuild_if_outdated(database)
    with database.writing() as session:
        plan_nightly(session, hub.clock())
    runner = _runner(hub)
    server = listen(create_app(settings, database), settings)
    signal.signal(signal.SIGTERM, _interrupt)  # `kill` ends it as gently as Ctrl+C
    runner.start()
    click.echo(f"Etalage serves {settings.base_url} (Ctrl+C ends it).\n{_welcome(hub)}")
    try:
        server.run()
    except KeyboardInterrupt:
        click.echo("Ending.")
    finally:
        server.close()
        runner.stop()


def _runner(hub: Hub) -> Runner:
    """The process's own job threads; with a broker only the scheduler, because workers elsewhere do
    the work.
    """
    settings = hub.settings
    if not settings.broker_url:
        return Runner(
            hub.database, handlers(settings, hub.storage), settings.workers, tidy=tidy, tend=tend
        )
    broker = broker_of(settings)
    broker.announce_commits(hub.database)
    return Runner(hub.database, {}, workers=0, announce=broker.announce, tidy=tidy, tend=tend)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _welcome(hub: Hub) -> str:
    """A one-time link: for the first administrator, or, in the demo shop, one that signs in.

    For a person who watches only: what a service prints is kept, and read by others.
    """
    if not sys.stdout.isatty():
        return "`pim init` prints the link for the first administrator, `pim users link` others'."
    link = _setup_link(hub)
    if link:
        return f"Make the first administrator: {link}"
    with hub.database.writing() as session:
        user = accounts.user_by_email(session, ADMIN)
        if user is None:
            return "Sign in with your account."
        token = service.sign_in_link(session, user, hub.clock(), by=hub.actor)
    return f"Sign in with this link, it works once: {hub.settings.base_url}/login/{token}"


COMMANDS = (init, demo, serve)
