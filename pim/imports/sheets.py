"""The rows of a workbook's sheet as text, in the spelling that the profile declares for numbers and
dates. Runs in a limited process: see :mod:`pim.imports.workbook_process`.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice, repeat
from typing import IO, Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
    load_workbook,
)

from pim.errors import Invalid, Text, text
from pim.imports.contents import check_workbook, not_a_table
from pim.imports.merged_cells import MergedCells
from pim.imports.sheet_parts import CellError, CellNotes, SheetPart, column_letters
from pim.imports.sheet_pieces import PiecewiseSheet

CELLS_LIMIT = 50_000_000
"""Cells from the first to the last of a sheet, blank ones too: each of them is gone through."""
MERGED_MOST = 10_000
"""Merged cells that are looked at."""
_Sheet = CalamineSheet | PiecewiseSheet
_EXACT = 10**15
"""Excel keeps 15 digits; a longer number has lost some."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How numbers and dates are written: see ``FileSettings``."""

    decimal: str
    date: str | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``faults``: place of a cell -> why it cannot be used."""

    line: int
    cells: list[str]
    faults: Mapping[int, Text]


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """``rows``: without the blank ones."""

    name: str
    merged: list[MergedCells]
    rows: Iterator[SheetRow]


def open_sheet(file: IO[bytes], wanted: str | None, spelling: Spelling) -> OpenSheet:
    """The wanted sheet, or the first visible one. :class:`Invalid` for a workbook that cannot be
    read.
    """
    check_workbook(file)
    try:
        with load_workbook(file) as workbook:
            name = _sheet_name(workbook, wanted)
            part = SheetPart(file, name)
            _refuse_spread(part)
            sheet = part.in_pieces() or workbook.get_sheet_by_name(name)
        notes = part.notes()
    except PasswordError:
        raise not_a_table(text("This workbook is protected with a password.")) from None
    except CalamineError as error:
        raise not_a_table(text("This workbook cannot be read (%(error)s).", error=error)) from None
    return OpenSheet(name, _merged(sheet), _rows(sheet, spelling, notes))


def _refuse_spread(part: SheetPart) -> None:
    area = part.area()
    if area is not None and area.cells > CELLS_LIMIT:
        raise not_a_table(
            text(
                "The sheet goes from %(first)s to %(last)s, which are more than %(limit)s million"
                " cells. Delete the rows and columns outside the table, or save it as CSV.",
                first=area.first,
                last=area.last,
                limit=CELLS_LIMIT // 1_000_000,
            )
        )


def _sheet_name(workbook: CalamineWorkbook, wanted: str | None) -> str:
    if wanted is not None:
        if wanted not in workbook.sheet_names:
            there = ", ".join(workbook.sheet_names)
            raise Invalid(
                {
                    "sheet": [
                        text(
                            "There is no sheet “%(sheet)s”; there are: %(sheets)s.",
                            sheet=wanted,
                            sheets=there,
                        )
                    ]
                }
            )
        return wanted
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible
    ]
    return (visible or workbook.sheet_names)[0]


def _merged(sheet: _Sheet) -> list[MergedCells]:
    left = sheet.start[1] if sheet.start else 0
    return [
        MergedCells(
            spelled=f"{column_letters(first + 1)}{top + 1}:{column_letters(last + 1)}{bottom + 1}",
            last_line=bottom + 1,
            first_place=first - left,
            last_place=last - left,
        )
        for (top, first), (bottom, last) in islice(sheet.merged_cell_ranges or (), MERGED_MOST)
    ]


def _rows(sheet: _Sheet, spelling: Spelling, notes: CellNotes) -> Iterator[SheetRow]:
    show = _shower(spelling)
    first_column = 1 + (sheet.start[1] if sheet.start else 0)
    for line, values in enumerate(_all_rows(sheet, notes), 1):
        cells = [cell if type(cell) is str else show(cell) for cell in values]
        for column, padding in notes.padded.in_row(line):
            index = column - first_column
            if 0 <= index < len(cells) and _is_natural(values[index]):
                cells[index] = padding.show(int(values[index]))
        faults = {
            index: text(
                "“%(value)s” has more digits than the 15 that Excel keeps. Format the column as"
                " text.",
                value=cells[index],
            )
            for index, cell in enumerate(values)
            if type(cell) is float and abs(cell) >= _EXACT
        }
        for column, error in notes.errors.get(line, {}).items():
            index = column - first_column
            if 0 <= index < len(cells):
                cells[index] = error.shown
                faults[index] = _why_unusable(error)
        if faults or any(cell and not cell.isspace() for cell in cells):
            yield SheetRow(line, cells, faults)


def _all_rows(sheet: _Sheet, notes: CellNotes) -> Iterator[list[Any]]:
    """Also the last rows with nothing but errors, which are none to calamine."""
    last = sheet.end[0] + 1 if sheet.end else 0
    beyond = max(max(notes.errors, default=0) - last, 0)
    return chain(sheet.iter_rows(), repeat([""] * sheet.width, beyond))


def _is_natural(cell: object) -> bool:
    """Whether it can be a number of an article; what else is padded is an amount to us."""
    return type(cell) is float and cell.is_integer() and cell >= 0


def _why_unusable(error: CellError) -> Text:
    if error.lacks_result:
        return text(
            "The cell holds a formula without a result. Open the workbook in Excel and save it."
        )
    return text(
        "The cell shows the error “%(value)s”. Mend its formula, or leave it blank.",
        value=error.shown,
    )


def _shower(spelling: Spelling) -> Callable[[Any], str]:
    decimal, date = spelling.decimal, spelling.date

    def show(cell: Any) -> str:
        if isinstance(cell, bool):
            return "true" if cell else "false"
        if isinstance(cell, float):
            # 15 digits, as Excel shows them: 19.99 is kept as 19.990000000000002.
            shown = f"{cell:.0f}" if cell.is_integer() else format(Decimal(f"{cell:.15g}"), "f")
            return shown.replace(".", decimal)
        if isinstance(cell, dt.datetime) and cell.time() != dt.time():
            return cell.isoformat(sep=" ")
        if isinstance(cell, dt.date):
            return cell.strftime(date) if date else cell.strftime("%Y-%m-%d")
        return str(cell)

    return show
