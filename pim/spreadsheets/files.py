"""Rows of cells as a file: CSV for whatever reads text, or a workbook in which numbers are numbers,
days are days, and no text ever becomes a formula.
"""

import csv
from collections.abc import Iterable, Sequence
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
WITH_MARK = "utf-8-sig"
"""Spreadsheets take a text file for one in a code page where no mark says that it is Unicode."""
SHEET = "Products"
AS_TEXT, AS_DAY = "@", "yyyy-mm-dd"
"""How Excel shows what is no number."""
_WIDTHS: dict[CellKind, int] = {"text": 26, "number": 12, "day": 12}


def write_csv(
    path: Path,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[SheetCell]],
    style: SheetStyle,
) -> None:
    """A text file as spreadsheets of the style's language read it; a text that they would take for
    a formula has an apostrophe in front.
    """
    decimal = style.decimal

    def spelled(cell: SheetCell) -> str:
        if cell.kind == "number":
            return cell.text.replace(".", decimal)
        return cell.text if cell.kind == "day" else guarded(cell.text)

    with path.open("w", encoding=WITH_MARK, newline="") as file:
        writer = csv.writer(file, delimiter=style.delimiter)
        writer.writerow([guarded(column.header) for column in columns])
        for row in rows:
            writer.writerow([spelled(cell) for cell in row])


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
        self._workbook, self._columns = workbook, columns
        self._line = 0
        self._formats: dict[tuple[str, bool], Format] = {}
        self._sheet: Worksheet = workbook.add_worksheet(SHEET)
        self._sheet.freeze_panes(1, 1)
        for place, (column, kind) in enumerate(zip(columns, kinds, strict=True)):
            self._prepare_column(place, column, kind)
        self._write_head()

    def _prepare_column(self, place: int, column: SheetColumn, kind: CellKind) -> None:
        """Whatever is typed into an empty cell of texts stays the text that it is."""
        usual = self._format(AS_TEXT, False) if kind == "text" else None
        width = _WIDTHS["number"] if column.address == VERSION else _WIDTHS[kind]
        self._sheet.set_column(place, place, width, usual)

    def _write_head(self) -> None:
        bold = {"bold": True, "num_format": AS_TEXT, "bg_color": "#F1F3F5"}
        head = self._workbook.add_format(bold)
        for place, column in enumerate(self._columns):
            self._sheet.write_string(0, place, column.header, head)

    def add(self, row: Sequence[SheetCell]) -> None:
        self._line += 1
        for place, cell in enumerate(row):
            if cell.text:
                self._write(place, cell)

    def _write(self, place: int, cell: SheetCell) -> None:
        if cell.kind == "number":
            shown = self._format(_as_number(cell.text), cell.is_inherited)
            self._sheet.write_number(self._line, place, float(cell.text), shown)
        elif cell.kind == "day":
            shown = self._format(AS_DAY, cell.is_inherited)
            day = datetime.fromisoformat(cell.text)
            self._sheet.write_datetime(self._line, place, day, shown)
        else:
            shown = self._format(AS_TEXT, cell.is_inherited)
            self._sheet.write_string(self._line, place, cell.text, shown)

    def _format(self, number: str, is_inherited: bool) -> Format:
        """What a model lends stands in grey: it is changed in the row of the model."""
        key = (number, is_inherited)
        if key not in self._formats:
            grey = {"font_color": "#6C757D", "italic": True} if is_inherited else {}
            self._formats[key] = self._workbook.add_format({"num_format": number, **grey})
        return self._formats[key]

    def finish(self) -> None:
        last = max(self._line, 1)  # a filter over the head alone is none
        self._sheet.autofilter(0, 0, last, len(self._columns) - 1)


def _as_number(spelled: str) -> str:
    """How Excel shows a number: with as many decimals as it has."""
    digits = fraction_digits(spelled)
    return f"0.{'0' * digits}" if digits else "0"
