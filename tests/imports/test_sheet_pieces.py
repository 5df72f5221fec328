"""A long sheet that is read some rows at a time is the sheet that is read whole."""

import io
import zipfile
from datetime import datetime, timedelta

import pytest
import xlsxwriter
from python_calamine import load_workbook

from pim.imports.sheet_pieces import read_in_pieces

NAME, PART = "Goods", "xl/worksheets/sheet1.xml"
SIZES = (2_000, 9_000, 40_000)
"""Bytes of a piece; the whole sheet has some 130,000."""


def workbook(*, streamed: bool) -> io.BytesIO:
    """A table that begins in the third row and column, with blank rows and cells, and values of
    every kind. ``streamed``: its texts stand in the cells, otherwise once for all of them.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": streamed}) as book:
        sheet = book.add_worksheet(NAME)
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for row in range(2, 500):
            for column in range(2, 9 + row // 200):
                cell = row * column
                if row % 7 == 3 or cell % 5 == 1:
                    continue
                if cell % 4 == 0:
                    sheet.write_string(row, column, f"Text of {row % 50} & {column}")
                elif cell % 4 == 1:
                    sheet.write_number(row, column, row * 1.1)
                elif cell % 4 == 2:
                    moment = datetime(2026, 1, 1) + timedelta(hours=12 * (cell % 9))
                    sheet.write_datetime(row, column, moment, day)
                else:
                    sheet.write_boolean(row, column, True)
        sheet.write_string(499, 1, "further to the left than any other")
        if not streamed:
            sheet.merge_range("D600:E601", "one")
    file.seek(0)
    return file


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("streamed", [True, False])
def test_all_of_a_sheet_is_the_same_in_pieces(size, streamed):
    file = workbook(streamed=streamed)
    with load_workbook(file) as book:
        whole = book.get_sheet_by_name(NAME)
    found = read_in_pieces(file, PART, NAME, size)
    assert found is not None
    assert found.pieces > 1
    assert (found.start, found.end, found.width) == (whole.start, whole.end, whole.width)
    assert list(found.iter_rows()) == list(whole.iter_rows())
    assert found.merged_cell_ranges == whole.merged_cell_ranges


def test_a_short_sheet_is_read_whole():
    assert read_in_pieces(workbook(streamed=True), PART, NAME) is None


def with_rows(rows: str) -> io.BytesIO:
    """A workbook of another program: these rows in its sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(workbook(streamed=True)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            content = source.read(name).decode()
            if name == PART:
                begin, end = content.index("<sheetData>") + 11, content.index("</sheetData>")
                content = content[:begin] + rows + content[end:]
            target.writestr(name, content)
    return file


@pytest.mark.parametrize(
    "rows",
    [
        "<row><c><v>1</v></c></row>" * 2000,  # nobody says which row it is
        '<row r="9"><c r="A9"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>' * 1000,
        '<row r="1"><c r="A1"><v>1</v></c></row>' * 2000,  # one row many times
    ],
)
def test_a_sheet_whose_rows_stand_in_no_order_is_read_whole(rows):
    assert read_in_pieces(with_rows(rows), PART, NAME, 500) is None
