"""``pim check``, ``pim backup`` and ``pim restore``."""

from pathlib import Path

import click

from pim import backup as backups
from pim import consistency
from pim.cli.frame import Hub, command
from pim.errors import Invalid, text


@click.command()
@click.option(
    "--repair",
    is_flag=True,
    help="Rebuild the index, free what nobody runs, remove files that nothing names.",
)
@command
def check(hub: Hub, repair: bool) -> None:
    """Look for what cannot be: rows without files or with other ones, values that are none, an
    index that disagrees, what runs and nobody runs.
    """
    if repair:
        consistency.repair(hub.database, hub.storage, hub.clock())
    found = consistency.check(hub.database, hub.storage, hub.clock())
    hub.show(
        {"problems": [str(one) for one in found]}, "\n".join(map(str, found)) or "All is well."
    )
    if found:
        raise SystemExit(1)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@command
def backup(hub: Hub, file: Path | None) -> None:
    """Save database and files into FILE (a tar archive; default PIM_HOME/backups/<time>.tar), while
    the hub goes on working.
    """
    saved = backups.backup(hub.database, hub.storage, hub.settings, hub.clock(), file)
    hub.show(
        {"file": str(saved), "bytes": saved.stat().st_size},
        f"Saved to {saved} ({saved.stat().st_size // 1024} KiB).",
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Replace what is there without asking.")
@command
def restore(hub: Hub, file: Path, yes: bool) -> None:
    """Put back a backup. Replaces the database and its files; stop the server first."""
    if not file.is_file():
        raise Invalid({str(file): [text("There is no such file.")]})
    if not yes:
        click.confirm("Replace the database and all files of this hub?", abort=True)
    backups.restore(hub.settings, file)
    hub.show({"file": str(file)}, f"Restored from {file}.")


COMMANDS = (check, backup, restore)
