"""``pim structure``: the shop's structure as a file."""

from collections.abc import Mapping
from typing import Any

import click

from pim import impact, versions
from pim.cli.frame import Hub, command, counted, mapping_in
from pim.cli.versions import difference_line, difference_row, show_versions
from pim.db import wait_for_turn
from pim.definitions import write_yaml
from pim.errors import Conflict, text
from pim.products.maintenance import rebuild_index
from pim.structure import edits, queries
from pim.structure.document import nest
from pim.structure.edits import NAME
from pim.structure.service import StructureChange

SIGNS = {"add": "+", "change": "~", "move": "↕", "remove": "-"}


DRY_RUN = click.option("--dry-run", is_flag=True, help="Only show what would change.")
KEEP_BROKEN = click.option(
    "--keep-broken",
    is_flag=True,
    help="Change it though values break the new rules; they stay until somebody changes them.",
)


@click.group()
def structure() -> None:
    """Attributes, families, channels, categories: the structure as code."""


@structure.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@DRY_RUN
@click.option("--prune", is_flag=True, help="The file is the whole: what it does not name goes.")
@KEEP_BROKEN
@command
def apply(hub: Hub, file: str, dry_run: bool, prune: bool, keep_broken: bool) -> None:
    """Show what FILE (YAML) would change in the structure, and which values it would break; then
    change it.

    An entry changes what it names, and leaves what it does not name: a file may hold one
    attribute with its code and a label in one more language. null takes one thing away
    (labels: {de_DE: null}); --prune takes FILE as the whole structure. A list (the attributes
    of a family) is named as a whole.
    """
    _apply(hub, mapping_in(file), prune=prune, dry_run=dry_run, keep_broken=keep_broken)


def _apply(
    hub: Hub, document: Mapping[str, Any], *, prune: bool, dry_run: bool, keep_broken: bool
) -> None:
    with hub.database.reading() as session:
        found = impact.assess(session, document, prune)
        seen = edits.seen_now(session)
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
            wait_for_turn(session, "structure")
            if edits.seen_now(session) != seen:
                raise Conflict(
                    text("The structure was changed at this moment. Nothing was done; try again.")
                )
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
        "changes": [_data(one) for one in changes],
        "broken": [
            {"address": one.address, "rule": one.rule, "count": one.count, "example": one.example}
            for one in found.broken
        ],
        "applied": not dry_run,
    }
    hub.show(
        data,
        f"{counted(len(changes), 'change')}{' (dry run: nothing was changed)' if dry_run else ''}.",
    )


def _data(change: StructureChange) -> dict[str, Any]:
    differences = [difference_row(one) for one in change.differences]
    return {
        "verb": change.verb,
        "kind": change.kind,
        "code": change.code,
        "differences": differences,
    }


def _line(change: StructureChange) -> str:
    details = "".join(f"\n    {difference_line(one)}" for one in change.differences)
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


@structure.command(name="versions")
@command
def list_versions(hub: Hub) -> None:
    """The versions of the structure, the newest first, with the numbers that `return` takes."""
    show_versions(hub, NAME, NAME)


@structure.command(name="return")
@click.argument("number", type=int)
@DRY_RUN
@KEEP_BROKEN
@command
def return_to(hub: Hub, number: int, dry_run: bool, keep_broken: bool) -> None:
    """Make the structure what it was in the version NUMBER, after showing what that changes; it is
    a change like any other, and a new version.
    """
    with hub.database.reading() as session:
        document = versions.get(session, NAME, NAME, number).content
    _apply(hub, document, prune=True, dry_run=dry_run, keep_broken=keep_broken)


COMMANDS = (structure,)
