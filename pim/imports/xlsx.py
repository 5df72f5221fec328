"""The table in an XLSX workbook. Another process reads it: what a hostile workbook does, it does
there.
"""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import orjson

from pim.errors import Text, text
from pim.imports.contents import not_a_table
from pim.imports.detection import SHOWN_FROM, Detected, Finding, Sureness
from pim.imports.headers import (
    CANDIDATES,
    HeaderCandidate,
    KnownColumns,
    clean_header,
    find_header,
)
from pim.imports.markers import without_markers
from pim.imports.merged_cells import MergedCells, merged_doubts
from pim.imports.profiles import FileSettings
from pim.imports.rows import CellRow, Table, fit, lost_digits, with_faults
from pim.imports.workbook_process import MEMORY
from pim.processes.process import (
    CauseOfDeath,
    ProcessDied,
    WorkerProcess,
    bare_environment,
)
from pim.processes.refusals import read_refusal, read_sentence

WALL_SECONDS = 300.0
_TOO_SLOW = text("This workbook takes too long to read. Save the sheet as CSV.")
SENTENCES: Mapping[CauseOfDeath, Text] = {
    "too slow": _TOO_SLOW,
    "too much processor time": _TOO_SLOW,
    "crashed": text(
        "This workbook could not be read with %(limit)s MiB of memory. Delete the rows and columns"
        " outside the table, or save the sheet as CSV.",
        limit=MEMORY // 1024**2,
    ),
}
"""What people are told of the workbook that a process died of."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    merged: Sequence[MergedCells]


@dataclass(frozen=True, slots=True)
class _SheetRow:
    """``faults``: place of a cell -> why it cannot be used."""

    line: int
    cells: list[str]
    faults: Mapping[int, Text]

    def faults_in(
        self, header: Sequence[str], watched: Collection[str] | None
    ) -> Mapping[int, Text]:
        """Those of the cells that are used."""
        return {
            place: rule
            for place, rule in self.faults.items()
            if place < len(header) and (watched is None or header[place] in watched)
        }


def open_workbook(
    source: Path | bytes, settings: FileSettings, known: KnownColumns | None = None
) -> Table:
    """The declared sheet, or the first visible one. :class:`Invalid` for a workbook that cannot be
    read.
    """
    process = WorkbookProcess()
    try:
        sheet = process.open(source, settings)
    except BaseException:
        process.close()
        raise
    rows = _rows(process)
    head = list(islice(rows, CANDIDATES))
    if not head:
        raise not_a_table(text("The sheet “%(sheet)s” is empty.", sheet=sheet.name))
    candidates = [HeaderCandidate(row.line, row.cells) for row in head]
    found = find_header(candidates, settings.header, known)
    header = clean_header(next(row.cells for row in head if row.line == found.line), known)
    watched = known.read if known else None
    below = chain((row for row in head if row.line > found.line), rows)
    fitted = _fitted(below, header, watched)
    first = list(islice(fitted, SHOWN_FROM))
    sure: Sureness = "declared" if settings.sheet else "certain"
    doubts = merged_doubts(sheet.merged, found.line, header, watched)
    detected = Detected({"sheet": Finding(sheet.name, sure)}, doubts).with_table(
        found.finding, header, [cells for _, cells in first]
    )
    return Table(header, chain(first, fitted), None, found.line, detected)


class WorkbookProcess(WorkerProcess):
    """Reads one workbook. What it says is JSON, and is not believed: hostile content may have taken
    it over.
    """

    def __init__(self) -> None:
        super().__init__("pim.imports.workbook_process", bare_environment(), is_quiet=True)

    def open(self, source: Path | bytes, settings: FileSettings) -> _Sheet:
        """What is known before its first row; :class:`Invalid` as the process says it."""
        path = str(source.resolve()) if isinstance(source, Path) else None
        wanted = {
            "path": path,
            "sheet": settings.sheet,
            "decimal": settings.decimal,
            "date": settings.date,
        }
        content = source if isinstance(source, bytes) else b""
        said = self._said([orjson.dumps(wanted), content])
        return _Sheet(str(said["sheet"]), [_read_merged(one) for one in said["merged"]])

    def next_rows(self) -> list[_SheetRow]:
        """The next rows, none at the end."""
        return [
            _SheetRow(
                int(line),
                [str(cell) for cell in cells],
                {int(index): read_sentence(spelled) for index, spelled in faults},
            )
            for line, cells, faults in self._said([b""])["rows"]
        ]

    def _said(self, question: Sequence[bytes]) -> Mapping[str, Any]:
        try:
            (answer,) = self.ask(question, WALL_SECONDS)
            said: Mapping[str, Any] = orjson.loads(answer)
            if "refused" in said:
                raise read_refusal(said["refused"])
        except ProcessDied as died:
            raise not_a_table(SENTENCES[died.cause]) from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise not_a_table(SENTENCES["crashed"]) from error
        return said


def _read_merged(said: Any) -> MergedCells:
    spelled, last_line, first_place, last_place = said
    return MergedCells(str(spelled), int(last_line), int(first_place), int(last_place))


def _rows(process: WorkbookProcess) -> Generator[_SheetRow]:
    """The rows of the sheet; the process ends with them, or with who reads them."""
    try:
        while rows := process.next_rows():
            yield from rows
    finally:
        process.close()


def _fitted(
    rows: Iterator[_SheetRow], header: list[str], watched: Collection[str] | None
) -> Iterator[CellRow]:
    for row in rows:
        fitted = fit(row.cells, len(header), row.line)
        if isinstance(fitted, list):
            plain = without_markers(fitted)
            faults = {**lost_digits(plain, header, watched), **row.faults_in(header, watched)}
            yield row.line, with_faults(plain, faults)
        elif fitted:
            yield row.line, fitted
