"""A complete Akeneo export folder: its structure, then its models and products as rows under
addresses of ours. Pure but for reading.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pim.errors import Invalid, Text, text
from pim.imports.akeneo_structure import (
    AkeneoStructure,
    Notice,
    find_file,
    open_file,
    read_structure,
)
from pim.imports.rows import CellRow, UnreadableRow
from pim.structure.objects import RESERVED
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

    def models(self) -> AkeneoTable | None:
        """Models, parents before children (Akeneo has two levels: one pass for each); None where
        there are none.
        """
        path = _filled(self.path, "product_models")
        if path is None:
            return None
        table = self._table(path, "code")
        if "parent" not in table.columns:
            return table
        parent = table.columns.index("parent")
        below = self._table(path, "code").rows
        return replace(table, rows=_parents_first(table.rows, below, parent))

    def products(self) -> AkeneoTable | None:
        """Products in the order of the file; None where there are none."""
        path = _filled(self.path, "products")
        return self._table(path, self._read.identifier) if path else None

    def _table(self, path: Path, key: str) -> AkeneoTable:
        table = open_file(path)
        if key not in table.header:
            raise Invalid(
                {
                    path.name: [
                        text("The column “%(name)s” is missing, which names the product.", name=key)
                    ]
                }
            )
        columns = [_address(name, self._read) for name in table.header]
        found = AkeneoTable(
            path.name, list(table.header), columns, table.header.index(key), table.rows
        )
        return self._with_family(_with_joined_links(found))

    def _with_family(self, table: AkeneoTable) -> AkeneoTable:
        """A model names only its family variant; the family comes from there."""
        if "family" in table.columns or "family_variant" not in table.columns:
            return table
        place = table.columns.index("family_variant")
        families = {code: own["family"] for code, own in self.structure.get("variants", {}).items()}
        rows = (
            (
                line,
                (
                    cells
                    if isinstance(cells, UnreadableRow)
                    else [*cells, families.get(cells[place], "")]
                ),
            )
            for line, cells in table.rows
        )
        return replace(
            table, names=[*table.names, "family"], columns=[*table.columns, "family"], rows=rows
        )


def read_folder(path: Path) -> AkeneoFolder:
    """Open an export folder. :class:`Invalid` when it is none; what cannot be taken, down to
    columns, is in ``notices``.
    """
    read = read_structure(path)
    notices = [
        *read.notices,
        *(
            notice
            for name in ("product_models", "products")
            for notice in _columns_left(path, name, read)
        ),
    ]
    return AkeneoFolder(path, read.document, notices, read)


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


def _columns_left(folder: Path, name: str, read: AkeneoStructure) -> Iterator[Notice]:
    """A notice for every column that is not taken and holds something."""
    path = _filled(folder, name)
    if path is None:
        return
    table = open_file(path)
    filled = {place: 0 for place, column in enumerate(table.header) if _is_left(column, read)}
    for _, cells in table.rows:
        if not isinstance(cells, UnreadableRow):
            for place in filled:
                filled[place] += bool(cells[place])
    for place, count in filled.items():
        if count:
            yield Notice(path.name, 0, _left_sentence(table.header[place], count))


def _is_left(column: str, read: AkeneoStructure) -> bool:
    return _address(column, read) is None and column not in ("code", "uuid", *RESERVED)


def _left_sentence(column: str, count: int) -> Text:
    return text(
        "The column “%(column)s” is not taken; %(count)s rows fill it.", column=column, count=count
    )
