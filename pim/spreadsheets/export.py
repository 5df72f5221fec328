"""Products written into a file."""

from pathlib import Path

from pim.db import Database
from pim.spreadsheets import files, rows
from pim.spreadsheets.cells import CellSpeller
from pim.spreadsheets.files import FileFormat
from pim.spreadsheets.rows import SheetProgress, SheetRequest
from pim.structure import queries as catalog


def write(
    database: Database,
    wanted: SheetRequest,
    path: Path,
    format_: FileFormat,
    progress: SheetProgress = lambda done, total: None,
) -> None:
    """Write the file, whole or not at all: what was begun is taken away where it does not end."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        _write(database, wanted, unfinished, format_, progress)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _write(
    database: Database,
    wanted: SheetRequest,
    path: Path,
    format_: FileFormat,
    progress: SheetProgress,
) -> None:
    with database.reading() as session:
        structure = catalog.structure(session)
        columns = rows.header(structure, wanted)
        found = rows.rows(session, wanted, progress)
        if format_ == "csv":
            files.write_csv(path, columns, found, wanted.style)
        else:
            speller = CellSpeller(structure, wanted.style)
            kinds = [speller.kind(column) for column in columns]
            files.write_workbook(path, columns, found, kinds)
