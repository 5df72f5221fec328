"""``pim structure``: the shop's structure as a file."""

import click

from pim import impact
from pim.cli.frame import Hub, command, mapping_in
from pim.definitions import write_yaml
from pim.errors import Conflict, text
from pim.products.maintenance import rebuild_index
from pim.structure import queries
from pim.structure.document import nest
from pim.structure.service import StructureChange

SIGNS = {"add": "+", "change": "~", "move": "↕", "remove": "-"}


@click.group()
def structure() -> None:
    """Attributes, families, channels, categories: the structure as code."""


@structure.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--prune", is_flag=True, help="Remove what the file does not name.")
@click.option(
    "--keep-broken",
    is_flag=True,
    help="Change it though values break the new rules; they stay until somebody changes them.",
)
@command
def apply(hub: Hub, file: str, dry_run: bool, prune: bool, keep_broken: bool) -> None:
    """Show what FILE (YAML) would change in the structure, and which values it would break; then
    change it.
    """
    document = mapping_in(file)
    with hub.database.reading() as session:
        found = impact.assess(session, document, prune)
    changes = found.changes
    if not hub.as_json:
        for change in changes:
            click.echo(_line(change))
        for one in found.broken:
            click.echo(f"! {one.sentence}")
    if not dry_run:
        if found.broken and not keep_broken:
            raise Conflict(
                text("Values would break the new rules. Change them first, or say --keep-broken.")
            )
        with hub.database.writing() as session:
            impact.apply(
                session,
                document,
                hub.clock(),
                by=hub.actor,
                prune=prune,
                keeps_broken=keep_broken,
            )
        with hub.progress("index") as report:
            rebuild_index(hub.database, lambda done, total: report(done, total, ""))
    data = {
        "changes": [{"verb": one.verb, "kind": one.kind, "code": one.code} for one in changes],
        "broken": [
            {"address": one.address, "rule": one.rule, "count": one.count, "example": one.example}
            for one in found.broken
        ],
        "applied": not dry_run,
    }
    hub.show(data, f"{len(changes)} changes{' (dry run: nothing was changed)' if dry_run else ''}.")


def _line(change: StructureChange) -> str:
    before, after = change.before or {}, change.after or {}
    keys = (
        [key for key in dict.fromkeys([*after, *before]) if before.get(key) != after.get(key)]
        if change.before and change.after
        else []
    )
    details = "".join(f"\n    {key}: {before.get(key)!r} -> {after.get(key)!r}" for key in keys)
    return f"{SIGNS[change.verb]} {change.kind} {change.code}{details}"


@structure.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, writable=True))
@command
def export(hub: Hub, file: str | None) -> None:
    """Write the structure as YAML to FILE, or to the screen."""
    with hub.database.reading() as session:
        document = nest(queries.items(session))
    spelled = write_yaml(document)
    if file is None:
        hub.show(document, spelled.rstrip())
        return
    with open(file, "w", encoding="utf-8", newline="\n") as target:
        target.write(spelled)
    hub.show({"file": file}, f"The structure is in {file}.")


COMMANDS = (structure,)
