"""``pim profiles``: the import profiles that are kept, of which people choose one for a file."""

from pathlib import Path

import click

from pim.cli.frame import Hub, command
from pim.cli.versions import add_version_commands
from pim.errors import Invalid, text
from pim.imports import proposal, store
from pim.imports.headers import KnownColumns
from pim.imports.profiles import FileSettings
from pim.imports.readers import open_rows
from pim.structure import queries as catalog

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def profiles() -> None:
    """How the files of each system are read: the profiles that are kept."""


add_version_commands(profiles, store.KIND, store.return_to)


@profiles.command(name="list")
@command
def list_profiles(hub: Hub) -> None:
    """Every profile that is kept."""
    with hub.database.reading() as session:
        rows = [
            {"profile": one.code, "label": one.label, "updated": one.updated}
            for one in store.profiles(session)
        ]
    lines = [f"{row['profile']:20} {row['label']}" for row in rows]
    hub.show(rows, "\n".join(lines) or "No profile is kept yet.")


@profiles.command()
@click.argument("code")
@command
def show(hub: Hub, code: str) -> None:
    """The YAML of CODE, as its author wrote it."""
    with hub.database.reading() as session:
        document = store.get(session, code).document
    hub.show({"profile": code, "yaml": document}, document.rstrip())


@profiles.command()
@FILE
@command
def save(hub: Hub, file: Path) -> None:
    """Keep the profile in FILE (YAML), in the place of the one with its code."""
    try:
        document = file.read_text("utf-8")
    except UnicodeDecodeError:
        raise Invalid({str(file): [text("A profile is a text file in UTF-8.")]}) from None
    with hub.database.writing() as session:
        saved = store.save(session, document, hub.clock(), by=hub.actor)
    hub.show({"profile": saved.code}, f"The profile {saved.code} is kept.")


@profiles.command()
@click.argument("code")
@command
def remove(hub: Hub, code: str) -> None:
    """Forget the profile CODE; what it imported stays, and so do its versions."""
    with hub.database.writing() as session:
        store.remove(session, code, hub.clock(), by=hub.actor)
    hub.show({"removed": code}, f"The profile {code} is removed.")


@profiles.command(name="guess")
@FILE
@command
def guess(hub: Hub, file: Path) -> None:
    """A profile to begin with, guessed from the header of FILE: look it through, then `save` it."""
    with hub.database.reading() as session:
        structure = catalog.structure(session)
    table = open_rows(file, FileSettings(), structure.locales, KnownColumns(()))
    document = proposal.propose(structure, table, proposal.code_for(file.name), file.stem)
    hub.show({"yaml": document}, document.rstrip())


COMMANDS = (profiles,)
