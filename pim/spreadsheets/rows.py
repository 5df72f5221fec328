"""The rows of a spreadsheet of products: each with its values, those of its models behind them, and
the moment at which it was so.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.products import relatives
from pim.products.history import latest_change
from pim.products.models import Product
from pim.spreadsheets.cells import CellKind, CellSpeller, SheetCell, cell_of
from pim.spreadsheets.columns import (
    SKU,
    TELLING,
    VERSION,
    SheetColumn,
    SheetStyle,
    sheet_columns,
)
from pim.spreadsheets.telling import Teller
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.values import Document

BATCH = 500
SheetProgress = Callable[[int, int], None]
"""(rows written, rows in all)"""
_COLUMNS = (*relatives.COLUMNS, Product.family, Product.enabled, Product.updated)


@dataclass(frozen=True)
class SheetRequest:
    """What somebody wants of some products. ``ids``: in the order of the rows; ``addresses``: the
    columns, as :func:`pim.spreadsheets.columns.columns_of_view` gives them.
    """

    ids: Sequence[int]
    addresses: Sequence[str]
    scope: Scope
    style: SheetStyle = field(default_factory=SheetStyle)


def families_of(session: Session, ids: Collection[int]) -> frozenset[str | None]:
    """The families that some products have."""
    found = select(Product.family).where(in_values(session, Product.id, ids)).distinct()
    return frozenset(session.scalars(found))


def header(structure: Structure, wanted: SheetRequest) -> list[SheetColumn]:
    return sheet_columns(structure, wanted.addresses, wanted.style)


def rows(
    session: Session, wanted: SheetRequest, progress: SheetProgress = lambda done, total: None
) -> Iterator[list[SheetCell]]:
    """A row for each product that is still there, in the order in which they are wanted. A few are
    held at a time.
    """
    structure, moment = catalog.structure(session), str(latest_change(session))
    batch = _Batch(structure, wanted, moment)
    ids = _still_there(session, wanted.ids)
    for start in range(0, len(ids), BATCH):
        yield from batch.rows(session, ids[start : start + BATCH])
        progress(min(start + BATCH, len(ids)), len(ids))


def _still_there(session: Session, ids: Sequence[int]) -> list[int]:
    found = session.scalars(select(Product.id).where(in_values(session, Product.id, ids)))
    there = frozenset(found)
    return [one for one in ids if one in there]


@dataclass(frozen=True)
class _Place:
    """A column of an address: which of its cells stands there, and what these are."""

    part: int
    kind: CellKind


class _Batch:
    """Spells one batch after the other. ``moment``: the latest change there is."""

    def __init__(self, structure: Structure, wanted: SheetRequest, moment: str) -> None:
        self._structure, self._wanted, self._moment = structure, wanted, moment
        self._speller = CellSpeller(structure, wanted.style)
        self._telling = frozenset(wanted.addresses) & TELLING.keys()
        self._places: dict[str, list[_Place]] = {}
        """Address -> its columns, which stand beside each other."""
        for column in header(structure, wanted):
            place = _Place(column.part, self._speller.kind(column))
            self._places.setdefault(column.address, []).append(place)

    def rows(self, session: Session, ids: Sequence[int]) -> Iterator[list[SheetCell]]:
        chosen = select(*_COLUMNS).where(in_values(session, Product.id, ids))
        by_id: dict[int, Any] = {row.id: row for row in session.execute(chosen)}
        found = [by_id[number] for number in ids if number in by_id]
        documents = relatives.documents(session, found)
        structure, scope, style = self._structure, self._wanted.scope, self._wanted.style
        teller = Teller(session, structure, scope, style, self._telling, found)
        for row in found:
            yield self._row(row, documents[row.id], teller)

    def _row(self, row: Any, own_and_lent: Document, teller: Teller) -> list[SheetCell]:
        document = {**own_and_lent, "family": row.family, "enabled": row.enabled}
        cells: list[SheetCell] = []
        for address, places in self._places.items():
            texts = self._texts(address, row, document, teller)
            is_inherited = address in own_and_lent and address not in row.values
            cells.extend(
                cell_of(texts[place.part], place.kind, is_inherited=is_inherited)
                for place in places
            )
        return cells

    def _texts(self, address: str, row: Any, document: Document, teller: Teller) -> Sequence[str]:
        if address == SKU:
            return (row.identifier,)
        if address == VERSION:
            return (self._moment,)
        if address in TELLING:
            return (teller.tell(address, row, document),)
        return self._speller.of_address(address)(document.get(address))
