"""Cells that somebody changed in a file, and somebody else in the hub: both values, and the
decision which of them stays. Theirs does, until somebody says otherwise.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.bulk_edits import service
from pim.bulk_edits.models import BulkEdit, OwnCells
from pim.bulk_edits.own_cells import OwnCell, read_cells
from pim.bulk_edits.paging import EVERYTHING, FoundPage, PageRequest, found_page
from pim.bulk_edits.steps import TakeCells, read_steps
from pim.products import relatives
from pim.products.history import changed_since
from pim.products.models import Product
from pim.products.past import LaterChange, later_changes
from pim.values import Document, Value

_COLUMNS = (*relatives.COLUMNS, Product.family, Product.enabled)


@dataclass(frozen=True)
class CellConflict:
    """``theirs``: what stands there now; ``change``: whose it is, None where nobody knows any
    more. ``is_mine``: somebody decided for the file.
    """

    product_id: int
    identifier: str
    line: int
    address: str
    base: Value
    mine: Value
    theirs: Value
    change: LaterChange | None
    is_mine: bool

    @property
    def key(self) -> str:
        """As a form names it."""
        return f"{self.product_id}:{self.address}"


def conflicts(session: Session, edit_id: str) -> list[CellConflict]:
    """All conflicts of an edit, as they are now, in the order of the file."""
    rows = session.scalars(_rows_with_conflicts(edit_id)).all()
    return _conflicts_of(session, rows)


def page(session: Session, edit_id: str, asked: PageRequest) -> FoundPage:
    """The same for a page of the rows of the file; ``total`` counts rows."""
    found = found_page(session, _rows_with_conflicts(edit_id, asked), asked)
    return replace(found, rows=_conflicts_of(session, found.rows))


def _rows_with_conflicts(edit_id: str, asked: PageRequest = EVERYTHING) -> Select[OwnCells]:
    """Of the products that are looked for, in the order of the file."""
    wanted = select(OwnCells).where(OwnCells.edit_id == edit_id, OwnCells.conflicts > 0)
    if asked.sku:
        wanted = wanted.join(Product, Product.id == OwnCells.product_id).where(asked.has_sku())
    return wanted.order_by(OwnCells.line)


def _conflicts_of(session: Session, rows: Sequence[OwnCells]) -> list[CellConflict]:
    if not rows:
        return []
    products = _products(session, [one.product_id for one in rows])
    now = _now(session, list(products.values()))
    moments = {one.product_id: one.moment for one in rows if one.product_id in products}
    changes = later_changes(session, products.values(), moments)
    found = []
    for row in rows:
        product = products.get(row.product_id)
        if product is None:
            continue
        for cell in read_cells(row.cells):
            theirs = now[product.id].get(cell.address)
            if theirs in (cell.base, cell.wanted):
                continue
            found.append(
                CellConflict(
                    product.id,
                    product.identifier,
                    row.line,
                    cell.address,
                    cell.base,
                    cell.wanted,
                    theirs,
                    changes.get((product.id, cell.address)),
                    cell.may_overwrite(theirs),
                )
            )
    return found


def number_of(session: Session, edit_id: str, asked: PageRequest = EVERYTHING) -> int:
    """How many conflicts there were when the file was read, of the products that are looked for."""
    rows = _rows_with_conflicts(edit_id, asked).order_by(None).subquery()
    return session.scalar(select(func.sum(rows.c.conflicts))) or 0


def decide(
    session: Session, edit: BulkEdit, mine: Collection[str], shown: Collection[str], moment: int
) -> None:
    """Of the conflicts that were ``shown``, those of ``mine`` go to the file, by their keys. What
    was changed again after ``moment``, when somebody looked, stays undecided.
    """
    service.refuse_begun(edit)
    ids = {int(key.partition(":")[0]) for key in shown}
    products = _products(session, ids)
    chains = {
        number for one in products.values() for number in (one.id, one.parent_id, one.root_id)
    } - {None}
    late = changed_since(session, chains, moment, edit.id)
    now = _now(session, list(products.values()))
    own = (OwnCells.edit_id == edit.id, in_values(session, OwnCells.product_id, ids))
    for row in session.scalars(select(OwnCells).where(*own)):
        product = products.get(row.product_id)
        if product is None or late & {product.id, product.parent_id, product.root_id}:
            continue
        cells = [
            _decided(cell, row.product_id, mine, shown, now[product.id])
            for cell in read_cells(row.cells)
        ]
        row.cells = [one.stored() for one in cells]
    steps = [
        replace(step, decided=uuid.uuid4().hex) if isinstance(step, TakeCells) else step
        for step in read_steps(edit.steps)
    ]
    service.set_steps(session, edit, steps)


def decide_all(
    session: Session,
    edit: BulkEdit,
    moment: int,
    *,
    is_mine: bool,
    asked: PageRequest = EVERYTHING,
) -> None:
    """The same for every conflict of the products that are looked for, on whatever page it is."""
    keys = {
        f"{row.product_id}:{cell.address}"
        for row in session.scalars(_rows_with_conflicts(edit.id, asked))
        for cell in read_cells(row.cells)
    }
    decide(session, edit, keys if is_mine else (), keys, moment)


def _decided(
    cell: OwnCell, product_id: int, mine: Collection[str], shown: Collection[str], now: Document
) -> OwnCell:
    key = f"{product_id}:{cell.address}"
    if key not in shown:
        return cell
    if key not in mine:
        return replace(cell, over=None, is_decided=False)
    return replace(cell, over=now.get(cell.address), is_decided=True)


def _products(session: Session, ids: Collection[int]) -> Mapping[int, Any]:
    found = session.execute(select(*_COLUMNS).where(in_values(session, Product.id, ids)))
    return {row.id: row for row in found}


def _now(session: Session, products: Sequence[Any]) -> Mapping[int, Document]:
    documents = relatives.documents(session, products)
    return {
        one.id: {**documents[one.id], "family": one.family, "enabled": one.enabled}
        for one in products
    }
