"""What was changed in a file: each cell is held against what was exported, so that nothing counts
but what somebody did there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.accounts.principals import Principal
from pim.attributes.base import Reading
from pim.attributes.characters import is_blank
from pim.bulk import in_values
from pim.errors import Text, text
from pim.imports.markers import unmarked
from pim.problems import Problem
from pim.products import policy, relatives
from pim.products.history import latest_change
from pim.products.models import Product
from pim.products.past import PastDocument, documents_at
from pim.products.workspace import key_of
from pim.row_reader import Column, RowReader
from pim.spreadsheets import spelled_cells
from pim.spreadsheets.cells import NO_ROOM, CellKind, CellSpeller, kind_of
from pim.spreadsheets.table import RefusedRow, ReturnedRow, ReturnedTable
from pim.structure.objects import Structure
from pim.values import Document, Value

_COLUMNS = (*relatives.COLUMNS, Product.key, Product.family, Product.enabled)


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """``base``: what was exported, ``wanted``: what the file says now, ``now``: what the product
    holds.
    """

    address: str
    base: Value
    wanted: Value
    now: Value

    @property
    def is_conflict(self) -> bool:
        """Somebody else changed it meanwhile, to something else."""
        return bool(self.now != self.base)


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """What a row changes of its product, and what of it cannot be taken."""

    product_id: int
    row: ReturnedRow
    cells: Sequence[ChangedCell]
    refused: Sequence[RefusedRow]


class SheetComparer:
    """Compares the rows of one file, batch by batch. ``_lines``: product -> the row in which it
    stands first.
    """

    def __init__(self, structure: Structure, table: ReturnedTable, principal: Principal) -> None:
        self._structure, self._table, self._principal = structure, table, principal
        self._lines: dict[int, int] = {}
        self._cells = _CellComparer(structure, table)

    def compare(
        self, session: Session, rows: Sequence[ReturnedRow]
    ) -> Iterator[ComparedRow | RefusedRow]:
        """What these rows change; only reads."""
        known = self._known(session, rows)
        moments = {known[key].id: row.moment for row in rows if (key := key_of(row.sku)) in known}
        past = documents_at(session, known.values(), moments)
        now = relatives.documents(session, list(known.values()))
        latest = latest_change(session)
        for row in rows:
            product = known.get(key_of(row.sku))
            then = None if product is None else past[product.id]
            refusal = self._why_not(row, product, then, latest)
            if refusal is not None:
                yield refusal
            elif product is not None and then is not None:
                self._lines[product.id] = row.line
                facts = {"family": product.family, "enabled": product.enabled}
                yield self._cells.compare(
                    product.id, row, then.values, {**now[product.id], **facts}
                )

    def _known(self, session: Session, rows: Sequence[ReturnedRow]) -> dict[str, Any]:
        """Key -> product, of those that the person may see."""
        keys = {key_of(row.sku) for row in rows}
        found = session.execute(select(*_COLUMNS).where(in_values(session, Product.key, keys)))
        products: dict[str, Any] = {one.key: one for one in found}
        if policy.visible(self._principal, self._structure) is None:
            return products
        documents = relatives.documents(session, list(products.values()))
        return {
            key: one
            for key, one in products.items()
            if policy.may_see(self._principal, self._structure, documents[one.id])
        }

    def _why_not(
        self, row: ReturnedRow, product: Any, then: PastDocument | None, latest: int
    ) -> RefusedRow | None:
        """Why nothing of a row is taken."""
        if product is None or then is None:
            sentence = text("There is no product “%(code)s”.", code=row.sku)
            return RefusedRow(row.line, row.sku, "", "sku", sentence, row.sku)
        if row.moment > latest or then.is_older:
            sentence = text(
                "This row was exported from another hub, or before “%(code)s” was made anew.",
                code=row.sku,
            )
            return RefusedRow(row.line, row.sku, "", "version", sentence, str(row.moment))
        first = self._lines.get(product.id)
        if first is None:
            return None
        sentence = text(
            "“%(code)s” stands in row %(line)s already; this row is left out.",
            code=row.sku,
            line=first,
        )
        return RefusedRow(row.line, row.sku, "", "twice", sentence, row.sku)


@dataclass(frozen=True)
class _Place:
    """Where a cell of a value stands in the file, which of its cells that is, and what it is."""

    number: int
    part: int
    kind: CellKind


class _CellComparer:
    """Compares the cells of one row after the other."""

    def __init__(self, structure: Structure, table: ReturnedTable) -> None:
        self._structure, self._table = structure, table
        self._speller = CellSpeller(structure, table.style)
        self._no_room = table.style.tell(NO_ROOM)
        self._places = {
            address: self._places_of(address)
            for address in table.places
            if address in structure.known_addresses
        }
        read = [one for one in table.places if self._amount(one) in self._places]
        self._read_places = [self._place(one) for one in read]
        self._reader = RowReader(
            structure,
            [self._column(one) for one in read],
            Reading(decimal=table.decimal),
            empty_clears=True,
            without_units=[
                address
                for address, places in self._places.items()
                if len(places) < len(self._columns(address))
            ],
        )

    def _places_of(self, address: str) -> list[_Place]:
        return [
            self._place(column, part)
            for part, column in enumerate(self._columns(address))
            if column in self._table.places
        ]

    def _place(self, column: str, part: int = 0) -> _Place:
        attribute = self._structure.attribute_at.get(column)
        kind = kind_of(attribute) if attribute is not None else "text"
        return _Place(self._table.places[column], part, kind)

    def _columns(self, address: str) -> Sequence[str]:
        attribute = self._structure.attribute_at.get(address)
        return (address,) if attribute is None else attribute.type.columns(address)

    def _amount(self, column: str) -> str:
        """The address to which a column belongs, be it that of a unit."""
        return column if column in self._structure.known_addresses else column[: -len("-unit")]

    def _column(self, column: str) -> Column:
        """How the cells of a column are read: by the names that they went out with."""
        attribute = self._structure.attribute_at.get(column)
        if attribute is not None and attribute.type.has_options:
            names, many = self._speller.options(attribute.code), attribute.type.takes_many
        else:
            lists = {"family": self._speller.families, "categories": self._speller.categories}
            names, many = lists.get(column), column == "categories"
        codes = names.codes if names else {}
        return Column(column, column, codes, "," if many else None)

    def compare(
        self, product_id: int, row: ReturnedRow, then: Document, now: Document
    ) -> ComparedRow:
        changed = [
            address
            for address, places in self._places.items()
            if not self._is_as_exported(row.cells, address, places, then.get(address))
        ]
        if not changed:
            return ComparedRow(product_id, row, (), ())
        values, problems = self._reader.read(
            [self._prepared(row, one) for one in self._read_places]
        )
        wrong = {one.address: one for one in reversed(problems) if one.severity != "warning"}
        cells: list[ChangedCell] = []
        refused: list[RefusedRow] = []
        for address in changed:
            problem = self._fault(row, address) or wrong.get(address)
            cell = ChangedCell(address, then.get(address), values.get(address), now.get(address))
            if problem is not None:
                refused.append(self._refusal(row, address, problem.rule, problem.message))
            elif address == "enabled" and cell.wanted is None:
                sentence = text("It says neither yes nor no.")
                refused.append(self._refusal(row, address, "boolean", sentence))
            elif cell.wanted not in (cell.base, cell.now):
                cells.append(cell)
        return ComparedRow(product_id, row, cells, refused)

    def _is_as_exported(
        self, cells: Sequence[str], address: str, places: Sequence[_Place], base: Value
    ) -> bool:
        """Whether the cells of a value say what they said when they went out."""
        spelled = self._speller.of_address(address)(base)
        return all(
            cells[one.number] == spelled[one.part]
            or self._is_same(cells[one.number], spelled[one.part], one.kind)
            for one in places
        )

    def _is_same(self, cell: str, spelled: str, kind: CellKind) -> bool:
        if is_blank(cell):
            return is_blank(spelled)
        cell = cell.replace("\r\n", "\n")
        if cell in (spelled, unmarked(spelled)) or cell == self._no_room:
            return True
        if kind == "number":
            return spelled_cells.is_same_number(cell, spelled, self._table.decimal)
        if kind == "day":
            return spelled in spelled_cells.days(cell)
        encoding = self._table.encoding
        return bool(encoding) and cell == spelled_cells.narrowed(spelled, encoding)

    def _prepared(self, row: ReturnedRow, place: _Place) -> str:
        """A cell as the reader takes it, whatever country's spreadsheet wrote it."""
        cell = row.cells[place.number]
        if place.kind == "number":
            return spelled_cells.number(cell, self._table.decimal)
        if place.kind == "day":
            meant = spelled_cells.days(cell)
            return meant[0] if len(meant) == 1 else cell
        return cell

    def _fault(self, row: ReturnedRow, address: str) -> Problem | None:
        for place in self._places[address]:
            if place.number in row.faults:
                return Problem(address, "cell", row.faults[place.number])
        return None

    def _refusal(self, row: ReturnedRow, address: str, rule: str, message: Text) -> RefusedRow:
        places = [one.number for one in self._places[address]]
        shown = " ".join(filter(None, (row.cells[number] for number in places)))
        return RefusedRow(row.line, row.sku, self._table.headers[places[0]], rule, message, shown)
