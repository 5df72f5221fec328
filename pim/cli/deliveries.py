"""``pim deliveries``: where the files of feeds are brought, and what became of each."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from pim.cli.frame import Hub, command
from pim.deliveries import queries, secrets, service, targets
from pim.deliveries.kinds import try_connection
from pim.deliveries.models import Delivery
from pim.deliveries.targets import DeliveryTarget, read_targets
from pim.errors import Conflict, text
from pim.feeds import editing
from pim.feeds import queries as feed_queries
from pim.feeds import service as feeds
from pim.feeds.delivering import send_now, target_of, vault_of, way_to
from pim.feeds.models import Feed
from pim.job_kinds import handlers, tidy
from pim.jobs.runner import Runner

DELIVERIES = "deliveries"


@click.group()
def deliveries() -> None:
    """Where the files of feeds are brought: targets, receipts, what failed."""


@deliveries.command(name="list")
@click.argument("feed", required=False)
@command
def list_targets(hub: Hub, feed: str | None) -> None:
    """The targets of FEED, or of every feed, with their last receipt."""
    with hub.database.reading() as session:
        known = [feeds.get(session, feed)] if feed else feed_queries.feeds(session)
        rows = [
            _target_row(session, one, target)
            for one in known
            for target in read_targets(one.deliveries).values()
        ]
    hub.show(rows, "\n".join(map(_target_line, rows)) or "Nothing is brought anywhere yet.")


def _target_row(session: Session, feed: Feed, target: DeliveryTarget) -> dict[str, Any]:
    last = queries.last_delivery(session, feed.code, target.code)
    receipt = queries.last_receipt(session, feed.code, target.code)
    return {
        "feed": feed.code,
        "target": target.code,
        "kind": target.kind,
        "place": target.place,
        "paused": target.paused,
        "has_secret": secrets.is_kept(session, feed.code, target),
        "failing": queries.is_failing(session, feed.code, target.code),
        "delivered": receipt.finished if receipt else None,
        "last": _delivery_row(last) if last else None,
    }


def _target_line(row: Mapping[str, Any]) -> str:
    what = f"{row['feed']:20} {row['target']:16} {row['place']:40}"
    if not row["has_secret"]:
        return f"{what} no password is kept: pim deliveries password {row['feed']} {row['target']}"
    last = _delivery_line(row["last"]) if row["last"] else "nothing was brought yet"
    return f"{what} {'paused, ' if row['paused'] else ''}{last}"


@deliveries.command()
@click.argument("feed")
@click.argument("target")
@click.argument("kind", type=click.Choice(targets.KINDS))
@click.option(
    "--set",
    "properties",
    multiple=True,
    metavar="NAME=VALUE",
    help="host=sftp.example.com; see docs/files.md for what each kind asks.",
)
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@command
def add(
    hub: Hub,
    feed: str,
    target: str,
    kind: str,
    properties: Sequence[str],
    password_file: str | None,
) -> None:
    """Have the file of FEED brought to a new TARGET. Its password, or private key, is read from a
    file (- is what is piped in): on the command line others could see it.
    """
    said = dict(one.partition("=")[::2] for one in properties)
    definition = {"kind": kind, **{name: _value(value) for name, value in said.items()}}
    with hub.database.writing() as session:
        known = feeds.get(session, feed).deliveries
        if target in known:
            sentence = text("“%(feed)s” has a target “%(code)s” already.", feed=feed, code=target)
            raise Conflict(sentence)
        _change(hub, session, feed, {**known, target: definition})
        if password_file is not None:
            _keep(hub, session, feed, target, password_file)
    hub.show(
        {"feed": feed, "target": target},
        f"{target}: added. Try it: pim deliveries test {feed} {target}",
    )


def _value(written: str) -> Any:
    if written in ("true", "false"):
        return written == "true"
    return int(written) if written.isdecimal() else written


@deliveries.command()
@click.argument("feed")
@click.argument("target")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@command
def password(hub: Hub, feed: str, target: str, file: str) -> None:
    """Keep the password or private key that FILE holds (- is what is piped in) for TARGET."""
    with hub.database.writing() as session:
        _keep(hub, session, feed, target, file)
    hub.show({"feed": feed, "target": target}, f"{target}: kept, encrypted.")


def _keep(hub: Hub, session: Session, feed: str, target: str, file: str) -> None:
    found = target_of(feeds.get(session, feed), target)
    given = sys.stdin.read() if file == "-" else Path(file).read_text()
    secret = given if given.startswith("-----BEGIN") else given.rstrip("\r\n")
    feeds.note_new_secret(session, feed, target, hub.clock(), by=hub.actor)
    secrets.keep(session, vault_of(hub.settings), feed, found, secret)


@deliveries.command()
@click.argument("feed")
@click.argument("target")
@click.option("--pin", is_flag=True, help="Pin the key that the SFTP server shows.")
@command
def test(hub: Hub, feed: str, target: str, pin: bool) -> None:
    """Look whether TARGET can be reached and lets us in. Nothing is delivered."""
    with hub.database.reading() as session:
        found = target_of(feeds.get(session, feed), target)
        way = way_to(session, hub.settings, feed, found)
    tried = try_connection(way)
    works = tried.works
    if pin and tried.host_key:
        with hub.database.writing() as session:
            known = feeds.get(session, feed).deliveries
            pinned = {**known[target], "host_key": tried.host_key}
            _change(hub, session, feed, {**known, target: pinned})
        works = True
    row = {"feed": feed, "target": target, "works": works, "said": str(tried.said)}
    hub.show(row | {"host_key": tried.host_key}, f"{target}: {tried.said}")
    if not works:
        raise SystemExit(1)


@deliveries.command()
@click.argument("feed")
@click.argument("target")
@command
def send(hub: Hub, feed: str, target: str) -> None:
    """Bring what FEED has published to TARGET now, whether it has it or not."""
    with hub.database.writing() as session:
        found = feeds.get(session, feed)
        number = send_now(session, found, target, hub.clock(), hub.actor).id
    _deliver(hub, feed, number)


@deliveries.command()
@click.argument("feed")
@click.argument("delivery", type=int)
@command
def retry(hub: Hub, feed: str, delivery: int) -> None:
    """Try DELIVERY (a number of the log) again, under the id that it had: one that failed, or one
    that waits for its next attempt.
    """
    with hub.database.writing() as session:
        found = service.get(session, feed, delivery)
        service.repeat(session, found, hub.clock(), hub.actor)
    _deliver(hub, feed, delivery)


def _deliver(hub: Hub, feed: str, number: int) -> None:
    """Run its job here and now; where a worker was quicker, its result is shown."""
    with hub.database.reading() as session:
        job = service.get(session, feed, number).job
    known = handlers(hub.settings, hub.storage)
    Runner(hub.database, known, clock=hub.clock, tidy=tidy).run_one(job)
    with hub.database.reading() as session:
        row = _delivery_row(service.get(session, feed, number))
    hub.show(row, _delivery_line(row))
    if row["state"] != "delivered":
        raise SystemExit(1)


@deliveries.command()
@click.argument("feed")
@click.argument("target")
@click.option("--yes", is_flag=True, required=True, help="Its password is forgotten.")
@command
def remove(hub: Hub, feed: str, target: str, yes: bool) -> None:
    """Bring nothing to TARGET any more, and forget its password."""
    with hub.database.writing() as session:
        found = feeds.get(session, feed)
        target_of(found, target)
        left = {code: one for code, one in found.deliveries.items() if code != target}
        _change(hub, session, feed, left)
    hub.show({"feed": feed, "removed": target}, f"{target}: removed.")


@deliveries.command()
@click.argument("feed")
@click.argument("target", required=False, default="")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@command
def log(hub: Hub, feed: str, target: str, limit: int) -> None:
    """What became of the latest deliveries of FEED, to TARGET or anywhere."""
    with hub.database.reading() as session:
        feeds.get(session, feed)
        rows = [_delivery_row(one) for one in queries.deliveries(session, feed, target, limit)]
    hub.show(rows, "\n".join(map(_delivery_line, rows)) or "Nothing was brought anywhere yet.")


def _delivery_row(one: Delivery) -> dict[str, Any]:
    return {
        "delivery": one.id,
        "id": one.key,
        "target": one.target,
        "state": one.state,
        "name": one.name,
        "bytes": one.size,
        "sha256": one.sha256,
        "build": one.build,
        "attempts": one.attempts,
        "ordered": one.created,
        "finished": one.finished,
        "next": one.next_at,
        "said": one.said,
        "error": str(one.error) if one.error else None,
    }


def _delivery_line(row: Mapping[str, Any]) -> str:
    moment = row["finished"] or row["ordered"]
    when = f"{moment:%Y-%m-%d %H:%M} UTC"
    said = row["error"] or row["said"]
    later = f", again at {row['next']:%H:%M} UTC" if row["next"] else ""
    line = f"{row['delivery']:>6} {when} {row['target']:16} {row['state']:10} {row['name']}"
    return f"{line} ({row['bytes']} bytes, attempt {row['attempts']}{later}) {said}".rstrip()


def _change(hub: Hub, session: Session, feed: str, wanted: Mapping[str, Any]) -> None:
    seen = editing.print_of(feeds.get(session, feed).deliveries)
    editing.change_part(session, feed, DELIVERIES, dict(wanted), seen, hub.clock(), by=hub.actor)


COMMANDS = (deliveries,)
