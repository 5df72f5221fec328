"""The rows of an XLSX workbook as text, in the spelling that the profile declares for numbers and
dates.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
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
from pim.imports.profiles import FileSettings
from pim.imports.rows import CellRow, Table, UnreadableRow, fit, mangled
from pim.imports.sheet_errors import CellErrors, cell_errors

_EXACT = 10**15
"""Excel keeps 15 digits; a longer number has lost some."""


@dataclass(frozen=True, slots=True)
class _SheetRow:
    """``faults``: place of a cell -> why it cannot be used."""

    line: int
    cells: list[str]
    faults: Mapping[int, Text]

    def fault(self, header: Sequence[str], watched: Collection[str] | None) -> UnreadableRow | None:
        """The refusal for a cell that is used and cannot be."""
        for index, rule in sorted(self.faults.items()):
            name = header[index] if index < len(header) else ""
            if watched is None or name in watched:
                return UnreadableRow(self.line, rule, self.cells[index], self.line, name)
        return None


def open_workbook(
    file: IO[bytes], settings: FileSettings, known: KnownColumns | None = None
) -> Table:
    """The declared sheet, or the first visible one. :class:`Invalid` for a workbook that cannot be
    read.
    """
    try:
        with load_workbook(file) as workbook:
            sheet = _sheet(workbook, settings.sheet)
        errors = cell_errors(file, sheet.name)
    except PasswordError:
        raise not_a_table(text("This workbook is protected with a password.")) from None
    except CalamineError as error:
        raise not_a_table(text("This workbook cannot be read (%(error)s).", error=error)) from None
    rows = _sheet_rows(sheet, settings, errors)
    head = list(islice(rows, CANDIDATES))
    candidates = [
        HeaderCandidate(row.line, row.cells)
        for row in head
        if any(cell.strip() for cell in row.cells)
    ]
    if not candidates:
        raise not_a_table(text("The sheet “%(sheet)s” is empty.", sheet=sheet.name))
    found = find_header(candidates, settings.header, known)
    header = clean_header(next(row.cells for row in head if row.line == found.line), known)
    below = chain((row for row in head if row.line > found.line), rows)
    fitted = _fitted(below, header, known.read if known else None)
    first = list(islice(fitted, SHOWN_FROM))
    sure: Sureness = "declared" if settings.sheet else "certain"
    detected = Detected({"sheet": Finding(sheet.name, sure)}).with_table(
        found.finding, header, [cells for _, cells in first]
    )
    return Table(header, chain(first, fitted), None, found.line, detected)


def _sheet(workbook: CalamineWorkbook, wanted: str | None) -> CalamineSheet:
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
        return workbook.get_sheet_by_name(wanted)
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible
    ]
    return workbook.get_sheet_by_name((visible or workbook.sheet_names)[0])


def _sheet_rows(
    sheet: CalamineSheet, settings: FileSettings, errors: CellErrors
) -> Iterator[_SheetRow]:
    show = _shower(settings)
    first_column = 1 + (sheet.start[1] if sheet.start else 0)
    for line, values in enumerate(sheet.iter_rows(), 1):
        cells = [cell if type(cell) is str else show(cell) for cell in values]
        faults = {
            index: text(
                "“%(value)s” has more digits than the 15 that Excel keeps. Format the column as"
                " text.",
                value=cells[index],
            )
            for index, cell in enumerate(values)
            if type(cell) is float and abs(cell) >= _EXACT
        }
        for column, shown in errors.get(line, {}).items():
            index = column - first_column
            if 0 <= index < len(cells):
                cells[index] = shown
                faults[index] = text(
                    "The cell shows the error “%(value)s”. Mend its formula, or leave it blank.",
                    value=shown,
                )
        yield _SheetRow(line, cells, faults)


def _fitted(
    rows: Iterator[_SheetRow], header: list[str], watched: Collection[str] | None
) -> Iterator[CellRow]:
    for row in rows:
        fitted = fit(row.cells, len(header), row.line)
        if isinstance(fitted, list):
            plain = without_markers(fitted)
            fault = row.fault(header, watched) or mangled(plain, header, row.line, watched)
            yield row.line, fault or plain
        elif fitted:
            yield row.line, fitted


def _shower(settings: FileSettings) -> Callable[[Any], str]:
    decimal, date = settings.decimal, settings.date

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
