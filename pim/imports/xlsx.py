"""The rows of an XLSX workbook as text, in the spelling that the profile declares for numbers and
dates.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
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

from pim.errors import Invalid, text
from pim.imports.contents import not_a_table
from pim.imports.headers import (
    CANDIDATES,
    HeaderCandidate,
    KnownColumns,
    by_names,
    by_shape,
    clean_header,
    no_such_line,
)
from pim.imports.profiles import FileSettings
from pim.imports.rows import CellRow, Table, UnreadableRow, fit, mangled

_EXACT = 10**15
"""Excel keeps 15 digits; a longer number has lost some."""


def open_workbook(
    file: IO[bytes], settings: FileSettings, known: KnownColumns | None = None
) -> Table:
    """The declared sheet, or the first visible one. :class:`Invalid` for a workbook that cannot be
    read.
    """
    try:
        with load_workbook(file) as workbook:
            sheet = _sheet(workbook, settings.sheet)
    except PasswordError:
        raise not_a_table(text("This workbook is protected with a password.")) from None
    except CalamineError as error:
        raise not_a_table(text("This workbook cannot be read (%(error)s).", error=error)) from None
    rows = _text_rows(sheet, settings)
    head = list(islice(rows, CANDIDATES))
    line = _header_line(head, settings, known, sheet.name)
    cells = next(cells for number, cells in head if number == line)
    if isinstance(cells, UnreadableRow):
        raise Invalid({"header": [cells.rule]})
    header = clean_header(cells, known)
    below = chain((row for row in head if row[0] > line), rows)
    return Table(header, _fitted(below, header, known.read if known else None), None, line)


def _header_line(
    head: Sequence[CellRow], settings: FileSettings, known: KnownColumns | None, sheet: str
) -> int:
    candidates = [
        HeaderCandidate(line, () if isinstance(cells, UnreadableRow) else cells)
        for line, cells in head
        if isinstance(cells, UnreadableRow) or any(cell.strip() for cell in cells)
    ]
    if not candidates:
        raise not_a_table(text("The sheet “%(sheet)s” is empty.", sheet=sheet))
    if settings.header is not None:
        if settings.header not in (one.line for one in candidates):
            raise no_such_line(settings.header)
        return settings.header
    named = by_names(candidates, known)
    return candidates[by_shape(candidates) if named is None else named].line


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


def _text_rows(sheet: CalamineSheet, settings: FileSettings) -> Iterator[CellRow]:
    show = _shower(settings)
    for line, cells in enumerate(sheet.iter_rows(), 1):
        long = next((cell for cell in cells if type(cell) is float and abs(cell) >= _EXACT), None)
        if long is None:
            yield line, [cell if type(cell) is str else show(cell) for cell in cells]
        else:
            number = f"{long:.0f}"
            rule = text(
                "“%(value)s” has more digits than the 15 that Excel keeps. Format the column as"
                " text.",
                value=number,
            )
            yield line, UnreadableRow(line, rule, number, line)


def _fitted(
    rows: Iterator[CellRow], header: list[str], watched: Collection[str] | None
) -> Iterator[CellRow]:
    for line, cells in rows:
        fitted = cells if isinstance(cells, UnreadableRow) else fit(cells, len(header), line)
        if isinstance(fitted, list):
            yield line, mangled(fitted, header, line, watched) or fitted
        elif fitted:
            yield line, fitted


def _shower(settings: FileSettings) -> Callable[[Any], str]:
    decimal, date = settings.decimal, settings.date

    def show(cell: Any) -> str:
        if isinstance(cell, bool):
            return "true" if cell else "false"
        if isinstance(cell, float):
            return (
                str(int(cell))
                if cell.is_integer()
                else format(Decimal(repr(cell)), "f").replace(".", decimal)
            )
        if isinstance(cell, dt.datetime) and cell.time() != dt.time():
            return cell.isoformat(sep=" ")
        if isinstance(cell, dt.date):
            return cell.strftime(date) if date else cell.strftime("%Y-%m-%d")
        return str(cell)

    return show
