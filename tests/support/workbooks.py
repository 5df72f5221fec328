"""A spreadsheet as a person has it on the screen: opened, changed, saved by another program."""

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import load_workbook

Rows = list[list[Any]]


def opened(source: Path | bytes) -> Rows:
    """The cells of the first sheet, typed: text, numbers, days; "" for nothing."""
    with load_workbook(BytesIO(source) if isinstance(source, bytes) else source) as workbook:
        return workbook.get_sheet_by_index(0).to_python()


def saved(rows: Rows) -> bytes:
    """These cells as a workbook."""
    file = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, settings) as workbook:
        sheet, day = workbook.add_worksheet("Sheet1"), workbook.add_format({"num_format": 14})
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(line, place, cell, day)
                elif isinstance(cell, int | float):
                    sheet.write_number(line, place, cell)
                elif cell != "":
                    sheet.write_string(line, place, cell)
    return file.getvalue()
