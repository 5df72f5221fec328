"""``pim products export``: products out into a spreadsheet."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from pim.accounts.principals import COMMAND_LINE
from pim.bulk_edits import selection
from pim.cli.frame import Hub, command, counted
from pim.errors import Invalid, text
from pim.i18n import LANGUAGES
from pim.products.matching import Filters
from pim.spreadsheets import export as spreadsheet
from pim.spreadsheets.columns import SheetStyle, columns_of_everything, columns_of_view
from pim.spreadsheets.files import TYPES, FileFormat
from pim.spreadsheets.rows import SheetRequest, families_of
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure


@click.command()
@click.argument("skus", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All products, or all that the filters match.")
@click.option("--search", "words", default="", help="Words of a name, a SKU, an EAN.")
@click.option("--family", help="Of this family; - for none.")
@click.option("--status", help="draft, review, approved or retired.")
@click.option("--category", help="In this category or below it.")
@click.option("--complete", help="Complete in a channel and locale, such as webshop-nl_NL.")
@click.option("--incomplete", help="With something missing there.")
@click.option(
    "--output", required=True, type=click.Path(dir_okay=False), help="A file .xlsx or .csv."
)
@click.option(
    "--columns", default="", help="Attributes or addresses with commas between them; else all."
)
@click.option("--in", "scope", default="", help="The channel and locale of these columns.")
@click.option(
    "--labels", type=click.Choice(list(LANGUAGES)), help="Labels in this language, not codes."
)
@command
def export(
    hub: Hub,
    skus: Sequence[str],
    every: bool,
    output: str,
    columns: str,
    scope: str,
    labels: str | None,
    **filters: Any,
) -> None:
    """Write products into a workbook or CSV file: SKUS, or with --all those that match, models with
    their variants. `pim products bring-back` takes in what was changed there.
    """
    asked = {name: value for name, value in filters.items() if value}
    if bool(skus) == every or (skus and asked):
        raise Invalid({"skus": [text("Name the products, or say --all, with filters or not.")]})
    path = Path(output)
    format_ = _format_of(path)
    with hub.database.reading() as session:
        structure = catalog.structure(session)
        ids = _ids(session, structure, skus, asked)
        scope_of = _scope(structure, scope)
        families = families_of(session, ids)
        wanted = [one.strip() for one in columns.split(",") if one.strip()]
        addresses = (
            columns_of_view(structure, wanted, scope_of, families)
            if wanted
            else columns_of_everything(structure, families)
        )
    request = SheetRequest(ids, addresses, scope_of, SheetStyle(labels or ""))
    with hub.progress("exporting") as report:
        spreadsheet.write(hub.database, request, path, format_, report)
    hub.show(
        {"products": len(ids), "file": str(path)}, f"{counted(len(ids), 'product')} in {path}."
    )


def _format_of(path: Path) -> FileFormat:
    ending: Any = path.suffix.lstrip(".").lower()
    if ending not in TYPES:
        raise Invalid({"--output": [text("The file's name ends in .xlsx or .csv.")]})
    format_: FileFormat = ending
    return format_


def _ids(
    session: Session, structure: Structure, skus: Sequence[str], asked: Mapping[str, Any]
) -> Sequence[int]:
    if skus:
        found = selection.named(session, structure, COMMAND_LINE, skus)
    else:
        found = selection.all_that_match(session, structure, Filters(**asked))
    return selection.with_variants(session, found).ids


def _scope(structure: Structure, spelled: str) -> Scope:
    """The one that is named, or the first there is."""
    if not spelled:
        return structure.scopes[0] if structure.scopes else Scope("", "")
    found = [one for one in structure.scopes if one.code == spelled]
    if not found:
        known = ", ".join(one.code for one in structure.scopes)
        raise Invalid(
            {"--in": [text("There is none like that; there are: %(known)s.", known=known)]}
        )
    return found[0]


COMMANDS = (export,)
