"""A file that comes back, as a table: which column holds what, and the rows with their product and
the moment at which they went out. The readers of imports read it.
"""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pim.attributes.characters import is_blank
from pim.errors import Invalid, Text, text
from pim.imports.contents import GZIP, ZIP
from pim.imports.profiles import FileSettings
from pim.imports.readers import open_rows
from pim.imports.rows import CellRow, DamagedRow, Table, UnreadableRow
from pim.spreadsheets.columns import (
    FACTS,
    SKU,
    TELLING,
    VERSION,
    SheetStyle,
    address_in,
    language_in,
)
from pim.structure.objects import Structure

HEAD = 64 * 1024
"""Bytes among which the header is looked for."""
DELIMITERS = (";", ",", "\t")
LATIN = frozenset({"cp1252", "latin-1", "iso-8859-1", "iso-8859-15", "ascii"})
_NOT_READ = frozenset({"parent", "family_variant"})


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """``moment``: the latest change there was when the row went out. ``faults``: place of a cell ->
    why it cannot be used.
    """

    line: int
    sku: str
    moment: int
    cells: Sequence[str]
    faults: Mapping[int, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of which nothing is taken. ``value``: what shows which one it is."""

    line: int
    sku: str
    column: str
    rule: str
    message: Text
    value: str = ""


@dataclass(frozen=True)
class ReturnedTable:
    """``places``: address -> where its cells stand; ``headers``: of all columns. ``unknown``,
    ``telling``: the headers of columns that nobody knows, and of those that only tell something.
    ``encoding``: of a text file that is not in Unicode, else "".
    """

    style: SheetStyle
    headers: Sequence[str]
    places: Mapping[str, int]
    unknown: Sequence[str]
    telling: Sequence[str]
    decimal: str
    encoding: str
    rows: Iterator[ReturnedRow | RefusedRow]


def open_table(path: Path, structure: Structure) -> ReturnedTable:
    """:class:`Invalid` for what is no table, or does not say which products its rows are, or what
    was exported.
    """
    table = open_rows(path, _settings(path), structure.locales)
    held: dict[str, list[int]] = {}
    for place, header in enumerate(table.header):
        held.setdefault(address_in(header), []).append(place)
    twice = [table.header[places[1]] for places in held.values() if len(places) > 1]
    if twice:
        named = ", ".join(twice)
        raise Invalid({"header": [text("Two columns hold the same: %(names)s.", names=named)]})
    at = {address: places[0] for address, places in held.items()}
    version = next((one for one in at if _is_version(one)), None)
    _demand(at, version)
    assert version is not None
    known = {one: place for one, place in at.items() if _is_read(structure, one)}
    ours = {SKU, version, structure.identifier, *known, *TELLING, *FACTS}
    dialect = table.dialect
    return ReturnedTable(
        SheetStyle(language_in(version)),
        table.header,
        known,
        [table.header[place] for one, place in at.items() if one not in ours],
        [table.header[place] for one, place in at.items() if one in TELLING],
        "," if dialect is not None and dialect.delimiter == ";" else ".",
        dialect.encoding if dialect is not None and _is_narrow(dialect.encoding) else "",
        _rows(table, at[SKU], at[version]),
    )


def _is_version(address: str) -> bool:
    return address == VERSION or address.startswith(f"{VERSION}-")


def _demand(at: Mapping[str, int], version: str | None) -> None:
    wrong: list[Text] = []
    if SKU not in at:
        wrong.append(
            text(
                "The column with the SKUs is not there: its header ends in [%(code)s], or is that.",
                code=SKU,
            )
        )
    if version is None:
        wrong.append(
            text(
                "The column with the versions is not there: its header ends in [%(code)s], or is"
                " that. Without it nobody can tell what was changed. Other files are brought in as"
                " an import.",
                code=VERSION,
            )
        )
    if wrong:
        raise Invalid({"header": wrong})


def _is_read(structure: Structure, address: str) -> bool:
    """Whether a column holds something that can be changed, or the unit of it."""
    amount = address.removesuffix("-unit")
    attribute = structure.attribute_at.get(amount)
    if attribute is not None and amount != address:
        return address in attribute.type.columns(amount)
    is_known = address in structure.known_addresses and address not in _NOT_READ
    return is_known and address != structure.identifier


def _is_narrow(encoding: str) -> bool:
    return not codecs.lookup(encoding).name.startswith("utf")


def _settings(path: Path) -> FileSettings:
    """What a spreadsheet made of the file is found out by its header, which is ours: texts below it
    may look like anything.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith((ZIP, GZIP)):
        return FileSettings()
    is_wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    first = head.decode("utf-16" if is_wide else "latin-1", errors="replace").lstrip()
    line = first.partition("\n")[0].removeprefix("\ufeff").removeprefix("ï»¿")
    for delimiter in DELIMITERS:
        cells = [address_in(cell.strip().strip('"')) for cell in line.split(delimiter)]
        if SKU in cells:
            return FileSettings(delimiter=delimiter, quote='"')
    return FileSettings()


def _rows(table: Table, sku: int, version: int) -> Iterator[ReturnedRow | RefusedRow]:
    for row in table.rows:
        yield _row(table.header, row, sku, version)


def _row(header: Sequence[str], row: CellRow, sku: int, version: int) -> ReturnedRow | RefusedRow:
    line, cells = row
    if isinstance(cells, UnreadableRow):
        return RefusedRow(line, "", "", "row", cells.rule, cells.value)
    named, moment = cells[sku].strip(), cells[version].strip()
    if is_blank(named):
        sentence = text("This row has no SKU, so nobody knows which product it is.")
        return RefusedRow(line, "", header[sku], "sku", sentence, "|".join(filter(None, cells)))
    faults = cells.faults if isinstance(cells, DamagedRow) else {}
    if sku in faults:
        return RefusedRow(line, named, header[sku], "sku", faults[sku], named)
    if not (moment.isascii() and moment.isdecimal() and len(moment) < 19):
        sentence = text(
            "This row does not say what was exported: its version is missing or was changed."
        )
        return RefusedRow(line, named, header[version], "version", sentence, moment)
    return ReturnedRow(line, named, int(moment), cells, faults)
