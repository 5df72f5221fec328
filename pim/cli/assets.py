"""``pim assets``: what is known of pictures and documents, and bringing it in and out."""

from pathlib import Path

import click

from pim.assets import queries
from pim.assets.files import write_file
from pim.assets.queries import AssetDetail, AssetFilters
from pim.cli.frame import Hub, command, counted
from pim.cli.imports import run_import
from pim.errors import NotFound, text
from pim.imports.asset_files import asset_profile
from pim.imports.profiles import profile_from
from pim.structure import queries as catalog

SHOWN = 200


@click.group()
def assets() -> None:
    """Texts and rights of pictures and documents."""


def _filtering(function: click.decorators.FC) -> click.decorators.FC:
    """The options that say which assets are meant."""
    for option in (
        click.option(
            "--incomplete-in", default="", help="Something is missing there: webshop-nl_NL"
        ),
        click.option("--family", default="", help="Of this family; “none”: without a family."),
        click.option("--words", default="", help="In their texts or in the name of their file."),
    ):
        function = option(function)
    return function


@assets.command(name="list")
@_filtering
@command
def list_(hub: Hub, words: str, family: str, incomplete_in: str) -> None:
    """The newest assets."""
    with hub.database.reading() as session:
        structure = catalog.structure(session)
        filters = AssetFilters(words, family, incomplete_in)
        page = queries.page(session, filters, size=SHOWN)
        data = [_described(one) for one in page.rows]
        lines = [
            f"{one.code}  {one.asset.filename}  {one.label(structure, '')}" for one in page.rows
        ]
    if page.total > len(lines):
        lines.append(f"… and {page.total - len(lines)} more; --words and --family narrow it down.")
    hub.show({"assets": data, "total": page.total}, "\n".join(lines) or "There are none.")


@assets.command()
@click.argument("name")
@command
def show(hub: Hub, name: str) -> None:
    """All that is known of an asset. NAME: its code, or the name of its file."""
    with hub.database.reading() as session:
        detail = queries.get(session, name)
        structure = catalog.structure(session)
        lines = [f"{detail.code}  {detail.asset.filename}"]
        if detail.family:
            lines.append(f"family: {detail.family}")
        for address, value in detail.document.items():
            attribute = structure.attribute_at.get(address)
            shown = value if attribute is None else attribute.type.dump(value)
            lines.append(f"{address}: {shown}")
        data = _described(detail)
    hub.show(data, "\n".join(lines))


@assets.command()
@click.argument("file", type=click.Path(path_type=Path))
@_filtering
@command
def export(hub: Hub, file: Path, words: str, family: str, incomplete_in: str) -> None:
    """Write assets and all their values into FILE, as CSV that `pim assets import` reads."""
    with hub.database.reading() as session:
        structure = catalog.structure(session)
        filters = AssetFilters(words, family, incomplete_in)
        try:
            count = write_file(session, structure, filters, file)
        except OSError as error:
            reason = error.strerror or error
            sentence = text("%(file)s cannot be written: %(reason)s", file=file, reason=reason)
            raise NotFound(sentence) from None
    hub.show({"file": str(file), "assets": count}, f"{counted(count, 'asset')} in {file}.")


@assets.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--owner", default="hub", help="The system that the file speaks for.")
@click.option("--clear", default=None, help="The cell that empties a value, for example (clear).")
@click.option("--dry-run", is_flag=True, help="Do everything, keep nothing but the report.")
@command
def import_(hub: Hub, file: Path, owner: str, clear: str | None, dry_run: bool) -> None:
    """Give assets the values in FILE (CSV, gzip or XLSX): a column `asset` with codes or `filename`
    with names of files, `family`, and columns called like the values they fill (alt_text-nl_NL).

    A blank cell leaves a value as it is. `pim import revert` takes the run back.
    """
    with hub.database.reading() as session:
        structure = catalog.structure(session)
    profile = profile_from(asset_profile(structure, file, owner=owner, clear=clear))
    run_import(hub, file, profile, dry_run)


def _described(detail: AssetDetail) -> dict[str, object]:
    return {
        "asset": detail.code,
        "filename": detail.asset.filename,
        "family": detail.family,
        "version": detail.version,
        "values": detail.document,
    }


COMMANDS = (assets,)
