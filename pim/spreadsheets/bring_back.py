"""A file that comes back becomes a bulk edit: its products with their own cells, what of it cannot
be taken, and nothing written yet.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from pim.accounts.principals import Principal
from pim.bulk import in_values
from pim.bulk_edits import queries, selection, service
from pim.bulk_edits.models import BulkEdit, BulkEditProblem, OwnCells, SelectedBatch
from pim.bulk_edits.own_cells import OwnCell, read_cells
from pim.bulk_edits.selection import SelectedProducts, Selection
from pim.bulk_edits.steps import TakeCells
from pim.db import Database
from pim.errors import Text, text
from pim.imports.report import printable
from pim.products.models import Product
from pim.spreadsheets.comparing import ComparedRow, SheetComparer
from pim.spreadsheets.named_things import NamedThings
from pim.spreadsheets.rows import SheetProgress
from pim.spreadsheets.table import RefusedRow, ReturnedRow, ReturnedTable, open_table
from pim.structure import queries as catalog
from pim.values import Value

TELLING = "telling"
"""The rule under which columns are told that are never read back."""
BATCH = 500
SHOWN = 500
"""Characters of a value in a report."""


def begin(session: Session, filename: str, actor: str, now: datetime) -> BulkEdit:
    """The bulk edit that a file becomes; it waits for the file to be read."""
    name = filename[:255]
    return service.open_edit(session, Selection(0, file=name), actor, now, "reading")


def read_file(
    database: Database,
    edit_id: str,
    path: Path,
    principal: Principal,
    progress: SheetProgress = lambda done, total: None,
) -> int:
    """Find out what was changed in a file, leave it for somebody to look at, and say of how many
    products. :class:`~pim.errors.Invalid` where nothing of the file can be understood.
    """
    with database.reading() as session:
        structure = catalog.structure(session)
    reader = _FileReader(edit_id, open_table(path, structure))
    comparer, named = SheetComparer(structure, reader.table, principal), NamedThings(structure)
    done = 0
    with database.writing() as session:
        _forget(session, edit_id)
        reader.tell_columns(session)
    while batch := list(islice(reader.table.rows, BATCH)):
        rows = [row for row in batch if isinstance(row, ReturnedRow)]
        with database.reading() as session:
            compared = list(comparer.compare(session, rows))
            taken = named.demand(session, [one for one in compared if isinstance(one, ComparedRow)])
        refused = [one for one in (*batch, *compared) if isinstance(one, RefusedRow)]
        with database.writing_batch() as session:
            reader.keep(session, taken, refused)
        done += len(batch)
        progress(done, 0)
    with database.writing() as session:
        return reader.finish(session)


def _forget(session: Session, edit_id: str) -> None:
    """What an attempt that was killed had found."""
    for table in (OwnCells, BulkEditProblem, SelectedBatch):
        session.execute(delete(table).where(table.edit_id == edit_id))


class _FileReader:
    """What a file comes to so far."""

    def __init__(self, edit_id: str, table: ReturnedTable) -> None:
        self.table, self._edit_id = table, edit_id
        self._ids: list[int] = []
        self._addresses: dict[str, None] = {}
        self._lines = 0

    def tell_columns(self, session: Session) -> None:
        """The columns that nobody knows, and those that were only to be read."""
        told = [
            *((name, "column", text("Nobody knows this column.")) for name in self.table.unknown),
            *(
                (name, TELLING, text("This column only tells something and is not read back."))
                for name in self.table.telling
            ),
        ]
        self._report(
            session,
            [RefusedRow(0, "", name, rule, sentence) for name, rule, sentence in told],
            "warning",
        )

    def keep(
        self, session: Session, rows: Sequence[ComparedRow], refused: Iterable[RefusedRow]
    ) -> None:
        changed = [row for row in rows if row.cells]
        stored = [
            {
                "edit_id": self._edit_id,
                "product_id": row.product_id,
                "line": row.row.line,
                "moment": row.row.moment,
                "conflicts": sum(cell.is_conflict for cell in row.cells),
                "cells": [
                    OwnCell(cell.address, cell.base, cell.wanted).stored() for cell in row.cells
                ],
            }
            for row in changed
        ]
        if stored:
            session.connection().execute(insert(OwnCells), stored)
        self._ids += [row.product_id for row in changed]
        self._addresses |= dict.fromkeys(cell.address for row in changed for cell in row.cells)
        of_cells = (one for row in rows for one in row.refused)
        found = sorted((*refused, *of_cells), key=lambda one: one.line)
        self._report(session, found, "error")

    def _report(self, session: Session, rows: Sequence[RefusedRow], severity: str) -> None:
        lines: list[dict[str, Any]] = []
        for row in rows:
            self._lines += 1
            lines.append(
                {
                    "edit_id": self._edit_id,
                    "number": self._lines,
                    "identifier": printable(row.sku)[:255],
                    "address": "",
                    "value": printable(row.value)[:SHOWN],
                    "rule": row.rule[:63],
                    "severity": severity,
                    "message": _storable(row.message),
                    "line": row.line or None,
                    "column": printable(row.column)[:255],
                }
            )
        if lines:
            session.connection().execute(insert(BulkEditProblem), lines)

    def finish(self, session: Session) -> int:
        """From here on it is a bulk edit like others, which somebody looks at; how many products
        it has.
        """
        edit = queries.get(session, self._edit_id)
        ids = sorted(self._ids)
        selection.keep(session, edit.id, SelectedProducts(ids))
        edit.number, edit.state = len(ids), "draft"
        chosen = edit.selection
        edit.selection = {**chosen, "chosen": len(ids)}
        step = TakeCells(tuple(sorted(self._addresses)), edit.id, chosen["file"])
        service.set_steps(session, edit, [step])
        return edit.number


def _storable(sentence: Text) -> Text:
    """Cells of the file stand in it, with whatever signs."""
    parts = {
        name: printable(part) if isinstance(part, str) else part
        for name, part in sentence.parts.items()
    }
    return Text(sentence.msgid, parts)


@dataclass(frozen=True)
class SheetChange:
    """A cell that was changed in a file: from what was exported to what it says."""

    line: int
    identifier: str
    address: str
    old: Value
    new: Value


def rows_of(session: Session, edit_id: str, identifiers: Collection[str]) -> Mapping[str, int]:
    """Identifier -> the row of the file in which something of that product was changed."""
    wanted = (
        select(Product.identifier, OwnCells.line)
        .join(Product, Product.id == OwnCells.product_id)
        .where(OwnCells.edit_id == edit_id, in_values(session, Product.identifier, identifiers))
    )
    return {row.identifier: row.line for row in session.execute(wanted)}


def changes(session: Session, edit_id: str) -> Iterator[SheetChange]:
    """All cells that were changed in a file, in the order of its rows; a few are held at a time."""
    wanted = (
        select(OwnCells.line, Product.identifier, OwnCells.cells)
        .join(Product, Product.id == OwnCells.product_id)
        .where(OwnCells.edit_id == edit_id)
        .order_by(OwnCells.line)
    )
    for row in session.execute(wanted.execution_options(yield_per=BATCH)):
        for cell in read_cells(row.cells):
            yield SheetChange(row.line, row.identifier, cell.address, cell.base, cell.wanted)
