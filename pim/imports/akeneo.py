"""A complete Akeneo export folder: its structure, then its models and products as rows under
addresses of ours. Pure but for reading.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pim.errors import Invalid, Text, ngettext, text
from pim.imports.akeneo_files import Notice, find_file, open_file, padded
from pim.imports.akeneo_structure import AkeneoStructure, read_structure
from pim.imports.akeneo_survey import TableSurvey, survey, widen_decimals
from pim.imports.rows import CellRow, Table, UnreadableRow
from pim.structure.objects import RESERVED, Structure
from pim.values import CURRENCY, LOCALE

__all__ = ["AkeneoFolder", "AkeneoTable", "Notice", "read_folder"]

FACTS = ("categories", "enabled", "family", "family_variant", "parent")
"""Columns that mean here what they mean there."""


@dataclass(frozen=True, slots=True)
class AkeneoTable:
    """Models or products. ``columns``: for each cell of a row the address it fills
    (``description-en_US-print``, ``price-EUR``, ``weight`` and ``weight-unit``, ``family``,
    ``X_SELL-products``), None for a cell that is not taken; ``names``: how the file calls them.
    ``key``: the place of the cell that names the product. Lists are separated by commas, decimals
    by a point, days are 2026-11-22.
    """

    file: str
    names: list[str]
    columns: list[str | None]
    key: int
    rows: Iterator[CellRow]


@dataclass(frozen=True, slots=True)
class AkeneoFolder:
    """What :func:`read_folder` found. ``structure`` is a structure document; pictures are named
    relative to ``path``.
    """

    path: Path
    structure: dict[str, Any]
    notices: list[Notice]
    _read: AkeneoStructure
    _surveys: Sequence[TableSurvey]

    def models(self, structure: Structure) -> AkeneoTable | None:
        """Models, parents before children (Akeneo has two levels: one pass for each); None where
        there are none.

        ``structure``: the shop's, with the folder's taken in; a column that has no place in it is
        not taken.
        """
        path = _filled(self.path, "product_models")
        if path is None:
            return None
        table = self._table(path, "code", structure)
        if "parent" not in table.columns:
            return table
        parent = table.columns.index("parent")
        below = self._table(path, "code", structure).rows
        return replace(table, rows=_parents_first(table.rows, below, parent))

    def products(self, structure: Structure) -> AkeneoTable | None:
        """Products in the order of the file; None where there are none."""
        path = _filled(self.path, "products")
        return self._table(path, self._read.identifier, structure) if path else None

    def columns_left(self, structure: Structure) -> Iterator[Notice]:
        """A notice for every column that is not taken and holds something."""
        for one in self._surveys:
            columns = _fillable(_addresses(one.header, self._read), structure)
            for name, to, count in zip(one.header, columns, one.filled, strict=True):
                if count and to is None and name not in ("code", "uuid", *RESERVED):
                    yield Notice(one.file, 0, _left_sentence(name, count))

    def _table(self, path: Path, key: str, structure: Structure) -> AkeneoTable:
        table = open_file(path)
        columns = _fillable(_addresses(table.header, self._read), structure)
        found = AkeneoTable(
            path.name, list(table.header), columns, table.header.index(key), _padded_rows(table)
        )
        return self._with_family(_with_joined_links(self._respelled(found)))

    def _respelled(self, table: AkeneoTable) -> AkeneoTable:
        """Families, variants and categories in the spelling of their definition."""
        places = [
            (place, self._read.spellings[to])
            for place, to in enumerate(table.columns)
            if to in self._read.spellings
        ]

        def respelled() -> Iterator[CellRow]:
            for line, cells in table.rows:
                if not isinstance(cells, UnreadableRow):
                    for place, spellings in places:
                        cells[place] = spellings.respell(cells[place])
                yield line, cells

        return replace(table, rows=respelled())

    def _with_family(self, table: AkeneoTable) -> AkeneoTable:
        """A model names only its family variant; the family comes from there."""
        if "family" in table.columns or "family_variant" not in table.columns:
            return table
        place = table.columns.index("family_variant")
        families = {code: own["family"] for code, own in self.structure.get("variants", {}).items()}

        def with_family() -> Iterator[CellRow]:
            for line, cells in table.rows:
                if not isinstance(cells, UnreadableRow):
                    cells.append(families.get(cells[place], ""))
                yield line, cells

        names, columns = [*table.names, "family"], [*table.columns, "family"]
        return replace(table, names=names, columns=columns, rows=with_family())


def read_folder(path: Path) -> AkeneoFolder:
    """Open an export folder. :class:`Invalid` when it is none, or where a file does not say which
    product a row is about; what of its structure cannot be taken is in ``notices``.
    """
    read = read_structure(path)
    _check_key(path, "product_models", "code")
    _check_key(path, "products", read.identifier)
    surveys = [
        survey(file, read)
        for name in ("product_models", "products")
        if (file := _filled(path, name)) is not None
    ]
    notices = [*read.notices, *widen_decimals(read, surveys)]
    for one in surveys:
        notices.extend(one.notices())
    return AkeneoFolder(path, read.document, notices, read, surveys)


def _check_key(folder: Path, name: str, key: str) -> None:
    path = _filled(folder, name)
    if path is not None and key not in open_file(path).header:
        sentence = text("The column “%(name)s” is missing, which names the product.", name=key)
        raise Invalid({path.name: [sentence]})


def _padded_rows(table: Table) -> Iterator[CellRow]:
    return ((line, padded(cells, len(table.header))) for line, cells in table.rows)


def _filled(folder: Path, name: str) -> Path | None:
    path = find_file(folder, name)
    return path if path and path.stat().st_size else None


def _parents_first(
    tops: Iterator[CellRow], below: Iterator[CellRow], parent: int
) -> Iterator[CellRow]:
    yield from (
        (line, cells)
        for line, cells in tops
        if isinstance(cells, UnreadableRow) or not cells[parent]
    )
    yield from (
        (line, cells)
        for line, cells in below
        if not isinstance(cells, UnreadableRow) and cells[parent]
    )


def _addresses(header: Sequence[str], read: AkeneoStructure) -> list[str | None]:
    return [_address(name, read) for name in header]


def _address(name: str, read: AkeneoStructure) -> str | None:
    """``Weight-ecommerce-unit`` -> ``weight-ecommerce-unit``; None for what has no place here."""
    if name in FACTS:
        return name
    attribute, *scope = name.split("-")
    if attribute in read.attributes:
        return "-".join([read.attributes[attribute], *map(_scope, scope)])
    if attribute in read.document.get("associations", {}) and scope in (
        ["products"],
        ["product_models"],
    ):
        return f"{attribute}-products"
    return None


def _scope(part: str) -> str:
    return part if LOCALE.fullmatch(part) or CURRENCY.fullmatch(part) else part.lower()


def _fillable(addresses: Sequence[str | None], structure: Structure) -> list[str | None]:
    """The addresses without those of a locale, currency or channel that the shop does not have."""
    known = structure.known_addresses
    taken = {address for address in addresses if address in known}
    units = {
        part
        for address in taken
        if address in structure.attribute_at
        for part in structure.attribute_at[address].type.columns(address)
    }
    return [address if address in taken or address in units else None for address in addresses]


def _with_joined_links(table: AkeneoTable) -> AkeneoTable:
    """Akeneo links to products and to models in two columns; here one list holds both."""
    pairs = [
        (table.columns.index(to), place)
        for place, to in enumerate(table.columns)
        if to and table.columns.index(to) < place
    ]
    if not pairs:
        return table
    second = {place for _, place in pairs}
    columns = [None if place in second else to for place, to in enumerate(table.columns)]
    return replace(table, columns=columns, rows=_joined(table.rows, pairs))


def _joined(rows: Iterator[CellRow], pairs: Sequence[tuple[int, int]]) -> Iterator[CellRow]:
    for line, cells in rows:
        if not isinstance(cells, UnreadableRow):
            for first, second in pairs:
                cells[first] = ",".join(filter(None, (cells[first], cells[second])))
        yield line, cells


def _left_sentence(column: str, count: int) -> Text:
    return ngettext(
        "The column “%(column)s” is not taken; %(num)s row fills it.",
        "The column “%(column)s” is not taken; %(num)s rows fill it.",
        count,
        column=column,
    )
