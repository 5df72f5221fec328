"""Rows that are refused for nothing but what a later row of their file may do away with: an EAN
that another article gives up further down, a model that stands below its variants.

They wait in the database, so that a killed run finds them again, and are taken together behind the
last row. So it does not matter in which order a file says something, nor where its batches end.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from pim.db import JsonText
from pim.imports.batch_reader import SentRow
from pim.imports.models import LateRow
from pim.products.change import ProductInput
from pim.products.new_products import unpacked
from pim.values import ReadValues


def put_off(session: Session, run_id: str, memory: str, rows: Sequence[SentRow]) -> None:
    """Keep these rows of a file until its end."""
    kept = [
        {
            "run_id": run_id,
            "memory": memory,
            "key": one.key,
            "file": one.file,
            "hash": one.digest,
            "identifier": one.edit.identifier,
            "kind": one.edit.kind,
            "line": one.edit.row or 0,
            "values": unpacked(one.edit).values,
            "is_clean": one.is_clean,
            "spelled": one.spelled,
        }
        for one in rows
    ]
    if kept:
        session.execute(insert(LateRow), kept)


def taken_up(session: Session, run_id: str, memory: str) -> list[SentRow]:
    """The rows that waited, in the order of the file; they wait no longer."""
    own = (LateRow.run_id == run_id, LateRow.memory == memory)
    rows = list(_sent(session.scalars(select(LateRow).where(*own).order_by(LateRow.line)).all()))
    session.execute(delete(LateRow).where(*own))
    return rows


def _sent(rows: Sequence[LateRow]) -> Iterator[SentRow]:
    for row in rows:
        values = ReadValues(row.values)
        edit = ProductInput(row.identifier, values, row.kind, row=row.line, cell_by_cell=True)
        yield SentRow(row.file, row.key, row.hash, edit, row.is_clean, JsonText.of(row.spelled))
