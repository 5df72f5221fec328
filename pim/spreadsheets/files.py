"""Rows of cells as a file: CSV for whatever reads text, or a workbook in which numbers are numbers,
days are days, and no text ever becomes a formula.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pim.attributes.decimals import fraction_digits
from pim.imports.report import guarded
from pim.spreadsheets.cells import CellKind, SheetCell
from pim.spreadsheets.columns import VERSION, SheetColumn, SheetStyle

FileFormat = Literal["xlsx", "csv"]
TYPES: dict[FileFormat, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
BOM = "\ufeff"
"""Spreadsheets take a text file for a code page otherwise."""
SHEET = "Products"
_WIDTHS: dict[CellKind, int] = {"text": 26, "number": 12, "day": 12}


def csv_lines(
    columns: Sequence[SheetColumn], rows: Iterable[Sequence[SheetCell]], style: SheetStyle
) -> Iterator[str]:
    """The lines of a text file, in UTF-8 with a mark, as spreadsheets of the style's language read
    it; a text that they would take for a formula has an apostrophe in front.
    """
    line = _CsvLine(style)
    yield BOM + line.of([guarded(column.header) for column in columns])
    for row in rows:
        yield line.of([line.spelled(cell) for cell in row])


class _CsvLine:
    def __init__(self, style: SheetStyle) -> None:
        self._style = style

    def of(self, cells: Sequence[str]) -> str:
        file = io.StringIO()
        csv.writer(file, delimiter=self._style.delimiter).writerow(cells)
        return file.getvalue()

    def spelled(self, cell: SheetCell) -> str:
        if cell.kind == "number":
            return cell.text.replace(".", self._style.decimal)
        return cell.text if cell.kind == "day" else guarded(cell.text)


def write_csv(
    path: Path,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[SheetCell]],
    style: SheetStyle,
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(columns, rows, style))


def write_workbook(
    path: Path,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[SheetCell]],
    kinds: Sequence[CellKind],
) -> None:
    """A workbook of one sheet, row by row: no more than one is held. ``kinds``: of the columns."""
    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), settings) as workbook:
        sheet = _Sheet(workbook, columns, kinds)
        for row in rows:
            sheet.add(row)
        sheet.finish()


class _Sheet:
    """The sheet while it is written."""

    def __init__(
        self,
        workbook: xlsxwriter.Workbook,
        columns: Sequence[SheetColumn],
        kinds: Sequence[CellKind],
    ) -> None:
        self._workbook, self._columns, self._rows = workbook, columns, 0
        self._formats: dict[tuple[str, bool], Format] = {}
        self._sheet: Worksheet = workbook.add_worksheet(SHEET)
        self._sheet.freeze_panes(1, 1)
        for place, (column, kind) in enumerate(zip(columns, kinds, strict=True)):
            # Whatever is typed into an empty cell of texts stays the text that it is.
            usual = self._format("@", False) if kind == "text" else None
            width = 12 if column.address == VERSION else _WIDTHS[kind]
            self._sheet.set_column(place, place, width, usual)
        head = workbook.add_format({"bold": True, "num_format": "@", "bg_color": "#F1F3F5"})
        for place, column in enumerate(columns):
            self._sheet.write_string(0, place, column.header, head)

    def add(self, row: Sequence[SheetCell]) -> None:
        self._rows += 1
        for place, cell in enumerate(row):
            if cell.text:
                self._write(place, cell)

    def _write(self, place: int, cell: SheetCell) -> None:
        sheet, line = self._sheet, self._rows
        if cell.kind == "number":
            digits = fraction_digits(cell.text)
            shown = self._format(f"0.{'0' * digits}" if digits else "0", cell.is_inherited)
            sheet.write_number(line, place, float(cell.text), shown)
        elif cell.kind == "day":
            day = datetime.fromisoformat(cell.text)
            sheet.write_datetime(line, place, day, self._format("yyyy-mm-dd", cell.is_inherited))
        else:
            sheet.write_string(line, place, cell.text, self._format("@", cell.is_inherited))

    def _format(self, number: str, is_inherited: bool) -> Format:
        """What a model lends stands in grey: it is changed in the row of the model."""
        key = (number, is_inherited)
        if key not in self._formats:
            grey = {"font_color": "#6C757D", "italic": True} if is_inherited else {}
            self._formats[key] = self._workbook.add_format({"num_format": number, **grey})
        return self._formats[key]

    def finish(self) -> None:
        self._sheet.autofilter(0, 0, max(self._rows, 1), len(self._columns) - 1)
