"""``pim products export`` and ``bring-back``: products out into a spreadsheet, and in again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from pim.accounts.principals import COMMAND_LINE
from pim.bulk_edits import queries, selection, service
from pim.bulk_edits.models import BulkEdit, BulkEditProblem
from pim.bulk_edits.run import carry_out
from pim.cli.frame import Hub, command, counted
from pim.errors import EtalageError, Invalid, text
from pim.i18n import LANGUAGES
from pim.products import sorting
from pim.products.history import latest_change
from pim.products.matching import Filters
from pim.products.sorting import Sort
from pim.spreadsheets import bring_back as returning
from pim.spreadsheets import conflicts, row_order
from pim.spreadsheets import export as spreadsheet
from pim.spreadsheets.bring_back import SheetChange
from pim.spreadsheets.columns import SheetStyle, columns_of_everything, columns_of_view
from pim.spreadsheets.conflicts import CellConflict
from pim.spreadsheets.files import TYPES, FileFormat
from pim.spreadsheets.rows import SheetRequest, families_of
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure

SHOWN = 200
"""Changes that are named to a person."""


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
@click.option("--sort", default="", help="As the list's address has it: price-EUR, -_changed.")
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
    sort: str,
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
        order = sorting.read(structure, sort) if sort else None
        ids = _ids(session, structure, skus, asked, order)
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
    session: Session,
    structure: Structure,
    skus: Sequence[str],
    asked: Mapping[str, Any],
    sort: Sort | None,
) -> Sequence[int]:
    """In the order that was asked for, else the oldest first."""
    if skus:
        found = selection.named(session, structure, COMMAND_LINE, skus)
    else:
        found = selection.all_that_match(session, structure, Filters(**asked))
    in_order = sorting.in_order(session, structure, found, sort) if sort else sorted(found)
    return row_order.with_variants(session, in_order)


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


@click.command("bring-back")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what was changed in it.")
@click.option("--mine", is_flag=True, help="Also over what somebody changed here meanwhile.")
@command
def bring_back(hub: Hub, file: str, dry_run: bool, mine: bool) -> None:
    """Take in what was changed in a FILE of `pim products export`: cells that say what they said
    when it was exported are left alone, and so are those that somebody changed here meanwhile.
    """
    path = Path(file)
    with hub.database.writing() as session:
        edit = returning.begin(session, path.name, hub.actor, hub.clock())
    try:
        with hub.progress("comparing") as report:
            returning.read_file(hub.database, edit.id, path, COMMAND_LINE, report)
        if mine:
            with hub.database.writing() as session:
                edit = queries.get(session, edit.id)
                conflicts.decide_all(session, edit, latest_change(session), is_mine=True)
        found = _found(hub, edit.id)
    except EtalageError:
        _forget(hub, edit.id)
        raise
    if dry_run or not found.edit.number:
        said = "Nothing was written." if dry_run and found.edit.number else "Nothing is to be done."
        try:
            _show(hub, found, {}, [said])
        finally:
            _forget(hub, edit.id)
        return
    with hub.database.writing() as session:
        edit = queries.get(session, edit.id)
        service.confirm(edit, service.seen(edit))
    with hub.progress("editing") as report:
        done = carry_out(hub.database, edit.id, COMMAND_LINE, hub.clock, progress=report)
    names = ("id", "changed", "unchanged", "refused", "left_out")
    _show(
        hub,
        found,
        {name: getattr(done, name) for name in names},
        [
            f"{done.changed} changed, {done.unchanged} unchanged, {done.refused} refused.",
            f"`pim bulk-edits undo {done.id}` takes it back.",
        ],
    )
    if done.refused or done.left_out:
        raise SystemExit(1)


@dataclass(frozen=True)
class FoundChanges:
    """What a file comes to. ``cells``: how many were changed, of which ``first`` are named to a
    person. ``left``: what of it cannot be taken.
    """

    edit: BulkEdit
    cells: int
    first: Sequence[SheetChange]
    conflicts: Sequence[CellConflict]
    left: Sequence[BulkEditProblem]

    def data(self, cells: Iterator[SheetChange]) -> dict[str, Any]:
        """For machines. ``cells``: all that were changed."""
        return {
            "products": self.edit.number,
            "cells": (
                {
                    "row": one.line,
                    "sku": one.identifier,
                    "address": one.address,
                    "old": one.old,
                    "new": one.new,
                }
                for one in cells
            ),
            "conflicts": [
                {
                    "row": one.line,
                    "sku": one.identifier,
                    "address": one.address,
                    "exported": one.base,
                    "here": one.theirs,
                    "file": one.mine,
                    "taken": one.is_mine,
                }
                for one in self.conflicts
            ],
            "left": [
                {
                    "row": one.line,
                    "sku": one.identifier,
                    "column": one.column,
                    "value": one.value,
                    "rule": one.rule,
                    "message": str(one.message),
                }
                for one in self.left
            ],
        }

    def lines(self) -> list[str]:
        """For people."""
        changed = [f"{one.identifier} {one.address}: {one.old} -> {one.new}" for one in self.first]
        taken = {True: "the file's is taken", False: "left as it is here"}
        said = [
            f"{one.identifier} {one.address}: {one.theirs} here, {one.mine} in the file;"
            f" {taken[one.is_mine]}"
            for one in self.conflicts
        ]
        left = [
            f"row {one.line}: {one.message}" if one.line else f"{one.column}: {one.message}"
            for one in self.left
        ]
        counts = (
            f"{counted(self.cells, 'change')} of {counted(self.edit.number, 'product')},"
            f" {counted(len(self.conflicts), 'conflict')}, {len(self.left)} not taken."
        )
        return [*changed, *said, *left, counts]


def _show(hub: Hub, found: FoundChanges, more: Mapping[str, Any], sentences: Sequence[str]) -> None:
    """``more``: beside what the file comes to."""
    with hub.database.reading() as session:
        cells = returning.changes(session, found.edit.id)
        hub.show_long({**found.data(cells), **more}, "\n".join([*found.lines(), *sentences]))


def _found(hub: Hub, edit_id: str) -> FoundChanges:
    with hub.database.reading() as session:
        edit = queries.get(session, edit_id)
        return FoundChanges(
            edit,
            sum(1 for _ in returning.changes(session, edit_id)),
            list(islice(returning.changes(session, edit_id), SHOWN)),
            conflicts.conflicts(session, edit_id),
            list(queries.problems(session, edit_id)),
        )


def _forget(hub: Hub, edit_id: str) -> None:
    with hub.database.writing() as session:
        session.delete(queries.get(session, edit_id))


COMMANDS = (export, bring_back)
