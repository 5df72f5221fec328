"""Workbooks: numbers, dates and sheets come out in the spelling the profile declares."""

import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pim.errors import Invalid
from pim.imports import xlsx
from pim.imports.headers import KnownColumns
from pim.imports.profiles import FileSettings
from pim.imports.readers import CellRow, open_rows
from pim.imports.rows import DamagedRow
from pim.imports.xlsx import WorkbookProcess


def faults(rows: Iterable[CellRow]) -> dict[tuple[int, int], str]:
    """Line and place of each cell that cannot be used -> why."""
    return {
        (line, place): str(rule)
        for line, row in rows
        if isinstance(row, DamagedRow)
        for place, rule in row.faults.items()
    }


def workbook(sheets: dict[str, Sequence[Sequence[Any]]], first_row: int = 0) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows, first_row):
            sheet.write_row(place, 0, row)
    book.close()
    return buffer.getvalue()


def test_values_as_the_profile_spells_them() -> None:
    row = ["ABC-1", 8712345678906, 12.5, 0.1, True, dt.datetime(2026, 11, 22), "", "08712"]
    data = workbook(
        {"Articles": [["sku", "ean", "price", "small", "active", "day", "none", "text"], row]}
    )
    plain = list(open_rows(data).rows)
    assert plain == [
        (2, ["ABC-1", "8712345678906", "12.5", "0.1", "true", "2026-11-22", "", "08712"])
    ]
    dutch = list(open_rows(data, FileSettings(decimal=",", date="%d-%m-%Y")).rows)
    assert dutch == [
        (2, ["ABC-1", "8712345678906", "12,5", "0,1", "true", "22-11-2026", "", "08712"])
    ]


def test_small_numbers_have_no_exponent() -> None:
    assert list(open_rows(workbook({"A": [["a"], [0.00001]]})).rows) == [(2, ["0.00001"])]


def test_row_numbers_are_those_of_the_sheet() -> None:
    data = workbook({"A": [["a", "b"], ["1", "2"], ["", ""], ["3", "4"]]}, first_row=2)
    assert list(open_rows(data).rows) == [(4, ["1", "2"]), (6, ["3", "4"])]


def test_rows_above_the_table_are_passed_over() -> None:
    rows = [["Our articles", "", ""], ["", "", ""], ["nr", "name", "memo"], ["1", "boat", "x"]]
    table = open_rows(workbook({"A": rows}))
    assert (table.header, table.line, list(table.rows)) == (rows[2], 3, [(4, rows[3])])
    declared = open_rows(workbook({"A": rows}), FileSettings(header=4))
    assert (declared.header, list(declared.rows)) == (rows[3], [])
    with pytest.raises(Invalid, match="line 2 is the header"):
        open_rows(workbook({"A": rows}), FileSettings(header=2))


def test_numbers_beyond_what_excel_keeps_are_told() -> None:
    rows = list(open_rows(workbook({"A": [["a"], [12345678901234567890], [123456789012345]]})).rows)
    assert list(faults(rows)) == [(2, 0)]
    assert "more digits than the 15" in faults(rows)[2, 0]
    assert rows[1] == (3, ["123456789012345"])


def test_a_number_has_the_15_digits_that_excel_shows() -> None:
    numbers = [24.990000000000002, 61.300000000000004, 0.1 + 0.2, 8.899999999999999, 1 / 3]
    (row,) = open_rows(workbook({"A": [list("abcde"), numbers]}), FileSettings(decimal=",")).rows
    assert row[1] == ["24,99", "61,3", "0,3", "8,9", "0,333333333333333"]


def with_formulas(*cells: tuple[int, int, str]) -> bytes:
    """Rows of nr, price and memo, and formulas with what they show."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("Äl & co")
    for place, row in enumerate([["nr", "price", "memo"], ["A", 1, "x"], ["B", 2, "y"]]):
        sheet.write_row(place, 1, row)
    for row, column, shown in cells:
        sheet.write_formula(row, column, "=1/0", None, shown)
    book.close()
    return buffer.getvalue()


def test_a_cell_with_an_error_is_told_and_is_no_blank() -> None:
    rows = list(open_rows(with_formulas((1, 2, "#N/A"), (2, 2, "#DIV/0!"))).rows)
    assert {place: rule.split(".")[0] for place, rule in faults(rows).items()} == {
        (2, 1): "The cell shows the error “#N/A”",
        (3, 1): "The cell shows the error “#DIV/0!”",
    }


def rewritten(data: bytes, written: bytes, instead: bytes) -> bytes:
    """The workbook with other XML in its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            after.writestr(name, re.sub(written, instead, before.read(name)))
    return target.getvalue()


def test_a_formula_without_a_result_is_told_and_is_no_blank() -> None:
    calculated = with_formulas((1, 2, "x"), (2, 3, "y"), (3, 1, "C"))
    data = rewritten(calculated, rb' t="str"><f>([^<]*)</f><v>[^<]*</v>', rb"><f>\1</f><v />")
    rows = list(open_rows(data).rows)
    told = faults(rows)
    assert list(told) == [(2, 1), (3, 2), (4, 0)]
    assert all("holds a formula without a result" in rule for rule in told.values())
    assert [line for line, row in rows if isinstance(row, list) and "=1/0" in row] == [2, 3, 4]


def test_a_formula_whose_result_is_an_empty_text_is_a_blank() -> None:
    data = rewritten(with_formulas((1, 2, "x"), (2, 2, "3")), rb"<v>x</v>", b"<v></v>")
    assert list(open_rows(data).rows) == [(2, ["A", "", "x"]), (3, ["B", "3", "y"])]


def test_a_column_that_is_ignored_refuses_no_row_of_a_workbook() -> None:
    data = with_formulas((1, 3, "#N/A"))
    known = KnownColumns(["nr", "price"], ["memo"])
    assert list(open_rows(data, known=known).rows) == [
        (2, ["A", "1", "#N/A"]),
        (3, ["B", "2", "y"]),
    ]
    long = workbook({"A": [["nr", "memo"], ["A", 12345678901234567890]]})
    ((_, row),) = open_rows(long, known=KnownColumns(["nr"], ["memo"])).rows
    assert row[0] == "A"


def test_a_cell_of_a_workbook_that_is_marked_as_text_is_taken_without() -> None:
    ((_, row),) = open_rows(workbook({"A": [["a", "b"], ["'0042", "'t Hof"]]})).rows
    assert row == ["0042", "'t Hof"]


def padded(*cells: tuple[Any, str]) -> list[str]:
    """What is read of these cells, each a value in a number format."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("Stock & more")
    for column, (value, number_format) in enumerate(cells):
        sheet.write(3, column + 2, f"column {column}")
        style = book.add_format({"num_format": number_format, "bold": bool(column % 2)})
        sheet.write(4, column + 2, value, style)
    book.close()
    ((_, row),) = open_rows(buffer.getvalue(), FileSettings(header=4)).rows
    assert isinstance(row, list)
    return row


def test_a_number_keeps_the_leading_zeros_that_excel_shows() -> None:
    assert padded((42, "000000"), (7_000_000, "000000"), (0, "000"), (42, "00000")) == [
        "000042",
        "7000000",
        "000",
        "00042",
    ]
    assert padded((42, '"ART-"0000'), (1234567, "000-000"), (5, r"\N\{00"), (61, '"{}"000 0')) == [
        "ART-0042",
        "1234-567",
        "N{05",
        "{}006 1",
    ]


def test_formats_of_amounts_stay_numbers() -> None:
    assert padded(
        (42, "0"), (42, '0" pcs"'), (1.5, "0.00"), (42, "#,##0"), (42, "000;-000"), (42, "00.00")
    ) == ["42", "42", "1.5", "42", "42", "42"]
    assert padded((12.5, "0000"), (-5, "0000"), ("12", "0000"), (True, "0000")) == [
        "12.5",
        "-5",
        "12",
        "true",
    ]


def test_leading_zeros_are_found_in_every_row_of_a_large_sheet() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("A")
    style = book.add_format({"num_format": "0000000"})
    sheet.write_row(0, 0, ["nr", "text"])
    for row in range(1, 40_001):
        sheet.write_number(row, 0, row, style if row % 3 else None)
        sheet.write_string(row, 1, f"words {row}")
    book.close()
    read = [cells[0] for _, cells in open_rows(buffer.getvalue()).rows if isinstance(cells, list)]
    assert read == [f"{row:07}" if row % 3 else str(row) for row in range(1, 40_001)]


def merged(*ranges: str) -> bytes:
    """A title and a table from B3 on, and ranges that each hold one word."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("A")
    sheet.write_row("B3", ["nr", "brand", "memo"])
    for row in range(4, 40):
        sheet.write_row(f"B{row}", [f"N{row}", "Acme", "x"])
    for one in ranges:
        sheet.merge_range(one, "one for all", book.add_format())
    book.close()
    return buffer.getvalue()


def doubts(data: bytes, known: KnownColumns | None = None) -> list[tuple[str, str]]:
    detected = open_rows(data, known=known).detected
    return [(one.rule, str(one.message).split(". ")[0]) for one in detected.doubts]


def test_merged_cells_of_the_table_are_a_doubt_and_are_not_filled() -> None:
    data = merged("B1:D1", "C4:C6", "C8:D8")
    assert doubts(data) == [("merged", "Cells of the sheet are merged: C4:C6, C8:D8")]
    brands = [cells[1] for _, cells in open_rows(data).rows if isinstance(cells, list)]
    assert brands[:6] == ["one for all", "", "", "Acme", "one for all", "Acme"]


def test_merged_cells_in_a_column_that_is_ignored_are_no_doubt() -> None:
    known = KnownColumns(["nr", "brand"], ["memo"])
    assert doubts(merged("B1:D1", "D4:D6", "F4:G9"), known) == []
    assert doubts(merged("C8:D8"), known) != []


def test_of_many_merged_cells_the_first_are_named() -> None:
    ((_, sentence),) = doubts(merged(*[f"C{row}:C{row + 1}" for row in range(4, 28, 2)]))
    assert sentence.endswith("C20:C21, C22:C23 …")


def test_a_number_kept_as_scientific_text_is_refused_with_a_hint() -> None:
    found = faults(open_rows(workbook({"A": [["ean"], ["1.23E+12"]]})).rows)
    assert "Format the column as text" in found[2, 0]


def test_the_declared_sheet_or_the_first() -> None:
    data = workbook({"One": [["a"], ["1"]], "Two": [["a"], ["2"]]})
    assert list(open_rows(data).rows) == [(2, ["1"])]
    assert list(open_rows(data, FileSettings(sheet="Two")).rows) == [(2, ["2"])]
    with pytest.raises(Invalid, match="there are: One, Two"):
        open_rows(data, FileSettings(sheet="Three"))


def test_an_empty_sheet_is_told() -> None:
    with pytest.raises(Invalid, match="is empty"):
        open_rows(workbook({"A": []}))


def test_a_workbook_where_the_profile_describes_text() -> None:
    with pytest.raises(Invalid, match="Excel workbook"):
        open_rows(workbook({"A": [["a"], ["1"]]}), FileSettings(delimiter=";"))


def test_a_damaged_workbook_is_told() -> None:
    data = workbook({"A": [["a"], ["1"]]})
    with pytest.raises(Invalid, match="damaged"):
        open_rows(data[:200])


def spread(says_so: bool) -> bytes:
    """A workbook whose only two cells are its first and its last."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("A")
    sheet.write(0, 0, "nr")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    if says_so:
        return buffer.getvalue()
    silent = io.BytesIO()
    with zipfile.ZipFile(buffer) as said, zipfile.ZipFile(silent, "w") as target:
        for name in said.namelist():
            target.writestr(name, re.sub(rb"<dimension[^>]*>", b"", said.read(name)))
    return silent.getvalue()


def test_a_sheet_that_goes_too_far_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="goes from A1 to XFD1048576"):
        open_rows(spread(says_so=True))
    with pytest.raises(Invalid, match="could not be read with 2048 MiB of memory"):
        open_rows(spread(says_so=False))


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[xlsx.WorkbookProcess]:
    """The processes that were begun; they run as ever."""
    begun: list[xlsx.WorkbookProcess] = []

    def begin() -> xlsx.WorkbookProcess:
        begun.append(WorkbookProcess())
        return begun[-1]

    monkeypatch.setattr("pim.imports.xlsx.WorkbookProcess", begin)
    return begun


@pytest.mark.parametrize("rows", [0, 1, 2000])
def test_the_process_ends_with_who_reads_its_rows(
    processes: list[xlsx.WorkbookProcess], rows: int
) -> None:
    data = workbook({"A": [["nr"], *[[f"n{number}"] for number in range(3000)]]})
    table = open_rows(data)
    assert [one.is_alive() for one in processes] == [True]
    assert len(list(islice(table.rows, rows))) == rows
    del table
    assert [one.is_alive() for one in processes] == [False]


def test_all_rows_of_a_large_sheet_come_in_their_order(
    processes: list[xlsx.WorkbookProcess],
) -> None:
    data = workbook({"A": [["nr"], *[[f"n{number}"] for number in range(3000)]]})
    found = list(open_rows(data).rows)
    assert found == [(number + 2, [f"n{number}"]) for number in range(3000)]
    assert [one.is_alive() for one in processes] == [False]


def test_the_process_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIM_DATABASE_URL", "postgresql://pim:secret@db/pim")
    process = WorkbookProcess()
    try:
        environment = Path(f"/proc/{process.process_id}/environ")
        if not environment.exists():
            pytest.skip("this system does not show it")
        assert b"secret" not in environment.read_bytes()
    finally:
        process.close()


def test_a_workbook_that_declares_too_much_is_not_unpacked() -> None:
    data = bytearray(workbook({"A": [["a"], ["1"]]}))
    entry = data.rindex(
        b"PK\x01\x02", 0, data.index(b"xl/worksheets/sheet1.xml", data.index(b"PK\x01\x02"))
    )
    data[entry + 24 : entry + 28] = struct.pack(
        "<I", 2**31
    )  # uncompressed size in the central directory
    with pytest.raises(Invalid, match="2048 MiB"):
        open_rows(bytes(data))
