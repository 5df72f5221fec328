"""Assets as a file: one line for each asset, one column for each value, to be changed in a
spreadsheet and brought back.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from sqlalchemy.orm import Session

from pim.assets import queries
from pim.assets.queries import AssetDetail, AssetFilters
from pim.structure.objects import ASSET, Attribute, Structure

CODE = "asset"
FILENAME = "filename"
FAMILY = "family"


def write_csv(session: Session, structure: Structure, filters: AssetFilters, out: TextIO) -> int:
    """Write the assets that a list would show as CSV with a header; answers how many.

    The columns are ``asset`` (its code), ``filename`` (for people; it is not read back), ``family``
    and the addresses of all that families of assets hold, with values in the neutral spelling that
    imports read without being told anything.
    """
    columns = value_columns(structure)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([CODE, FILENAME, FAMILY, *_names(columns)])
    count = 0
    for detail in queries.every(session, filters):
        writer.writerow(_cells(columns, detail))
        count += 1
    return count


def write_file(session: Session, structure: Structure, filters: AssetFilters, path: Path) -> int:
    """:func:`write_csv` into a file, as UTF-8 with the mark that spreadsheets look for."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        return write_csv(session, structure, filters, out)


def value_columns(structure: Structure) -> dict[str, Attribute]:
    """Address -> attribute, of all that assets can hold, in the order of the structure."""
    held = structure.asset_addresses
    return {
        address: attribute
        for address, attribute in structure.attribute_at.items()
        if address in held
    }


def has_families(structure: Structure) -> bool:
    """Whether assets can hold any value at all."""
    return bool(structure.families_of(ASSET))


def _names(columns: dict[str, Attribute]) -> Iterator[str]:
    for address, attribute in columns.items():
        yield from attribute.type.columns(address)


def _cells(columns: dict[str, Attribute], detail: AssetDetail) -> list[str]:
    cells = [detail.code, detail.asset.filename, detail.family or ""]
    for address, attribute in columns.items():
        value = detail.document.get(address)
        if value is None:
            cells.extend("" for _ in attribute.type.columns(address))
        else:
            cells.extend(attribute.type.cells(value))
    return cells
