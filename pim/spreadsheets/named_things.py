"""What changed cells name must be there: other products, pictures, documents."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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
        assets: set[str] = set()
        products: set[str] = set()
        for row in rows:
            for cell in row.cells:
                if cell.address in self._assets:
                    assets.update(_named(cell))
                elif cell.address in self._products:
                    products.update(map(key_of, _named(cell)))
        if not assets and not products:
            return list(rows)
        there = _There(
            frozenset(media.by_codes(session, sorted(assets))), _known_keys(session, products)
        )
        return [self._without_lost(row, there) for row in rows]

    def _without_lost(self, row: ComparedRow, there: "_There") -> ComparedRow:
        cells: list[ChangedCell] = []
        refused = list(row.refused)
        for cell in row.cells:
            lost = self._first_lost(cell, there)
            if lost is None:
                cells.append(cell)
            else:
                refused.append(self._refusal(row, cell.address, lost))
        return replace(row, cells=cells, refused=refused)

    def _first_lost(self, cell: ChangedCell, there: "_There") -> str | None:
        """The first thing that a cell names and that there is not."""
        if cell.address in self._assets:
            lost = (one for one in _named(cell) if one not in there.assets)
        elif cell.address in self._products:
            lost = (one for one in _named(cell) if key_of(one) not in there.products)
        else:
            return None
        return next(lost, None)

    def _refusal(self, row: ComparedRow, address: str, code: str) -> RefusedRow:
        if address in self._assets:
            sentence = text("There is no picture or document “%(code)s”.", code=code)
        else:
            sentence = text("There is no product “%(code)s”.", code=code)
        return RefusedRow(row.row.line, row.row.sku, address, "unknown", sentence, code)


@dataclass(frozen=True)
class _There:
    """What there is of all that is named: ``assets`` by code, ``products`` by key."""

    assets: frozenset[str]
    products: frozenset[str]


def _known_keys(session: Session, keys: Collection[str]) -> frozenset[str]:
    wanted = select(Product.key).where(in_values(session, Product.key, keys))
    return frozenset(session.scalars(wanted))


def _named(cell: ChangedCell) -> Sequence[Any]:
    """What the wanted value of a cell names: several, one, or nothing."""
    wanted: Value = cell.wanted
    if wanted is None:
        return ()
    return wanted if isinstance(wanted, list) else (wanted,)
