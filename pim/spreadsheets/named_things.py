"""What changed cells name must be there: other products, pictures, documents."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from media import queries as media
from pim.bulk import in_values
from pim.errors import text
from pim.products.models import Product
from pim.products.workspace import key_of
from pim.spreadsheets.comparing import ChangedCell, ComparedRow
from pim.spreadsheets.table import RefusedRow
from pim.structure.objects import Structure
from pim.values import Value


class NamedThings:
    """Looks up what the cells of a batch name."""

    def __init__(self, structure: Structure) -> None:
        self._products = structure.naming_addresses
        self._assets = frozenset(
            address
            for address, attribute in structure.attribute_at.items()
            if attribute.type.names_assets
        )

    def demand(self, session: Session, rows: Sequence[ComparedRow]) -> list[ComparedRow]:
        """The rows without the cells that name something that there is not."""
        cells = [cell for row in rows for cell in row.cells]
        assets = {one for cell in cells if cell.address in self._assets for one in _each(cell)}
        products = {
            key_of(one) for cell in cells if cell.address in self._products for one in _each(cell)
        }
        if not assets and not products:
            return list(rows)
        keys = select(Product.key).where(in_values(session, Product.key, products))
        there = {*media.by_codes(session, sorted(assets)), *session.scalars(keys)}
        return [self._known(row, there) for row in rows]

    def _known(self, row: ComparedRow, there: set[str]) -> ComparedRow:
        lost = {cell.address: one for cell in row.cells if (one := self._lost(cell, there))}
        if not lost:
            return row
        refused = [self._refusal(row, address, code) for address, code in lost.items()]
        cells = [cell for cell in row.cells if cell.address not in lost]
        return replace(row, cells=cells, refused=[*row.refused, *refused])

    def _lost(self, cell: ChangedCell, there: set[str]) -> str:
        """The first thing that a cell names and that there is not, else ""."""
        if cell.address in self._assets:
            return next((one for one in _each(cell) if one not in there), "")
        if cell.address in self._products:
            return next((one for one in _each(cell) if key_of(one) not in there), "")
        return ""

    def _refusal(self, row: ComparedRow, address: str, code: str) -> RefusedRow:
        sentence = (
            text("There is no picture or document “%(code)s”.", code=code)
            if address in self._assets
            else text("There is no product “%(code)s”.", code=code)
        )
        return RefusedRow(row.row.line, row.row.sku, address, "unknown", sentence, code)


def _each(cell: ChangedCell) -> Sequence[Any]:
    wanted: Value = cell.wanted
    if wanted is None:
        return ()
    return wanted if isinstance(wanted, list) else (wanted,)
