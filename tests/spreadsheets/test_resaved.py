"""Text files as spreadsheets of other countries save them again."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.spreadsheets.conftest import Sheets

Rows = list[list[str]]


def resaved(
    path: Path,
    change: Callable[[Rows], None] = lambda rows: None,
    *,
    encoding: str = "utf-8",
    delimiter: str = ";",
) -> Path:
    """Opened as text, changed, and saved with this encoding and delimiter."""
    content = path.read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    change(rows)
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    saved = path.with_name("resaved.csv")
    saved.write_bytes(file.getvalue().encode(encoding, "replace"))
    return saved


def put(column: str, value: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        for row in rows[1:]:
            row[rows[0].index(column)] = value

    return change


def comma_and_dots(rows: Rows) -> None:
    """As a German spreadsheet shows numbers and days."""
    for row in rows[1:]:
        for place, cell in enumerate(row):
            if rows[0][place] in ("price-EUR", "ratio", "weight"):
                row[place] = cell.replace(".", ",")
            if rows[0][place] == "since":
                row[place] = ".".join(reversed(cell.split("-")))


@pytest.fixture
def kettle(sheets: Sheets) -> Path:
    sheets.kettle(
        "A",
        name_nl="Thee – „één“ €",
        price="12.50",
        ratio="1234.567",
        weight={"amount": "1.5", "unit": "GRAM"},
        since="2026-03-04",
        boxed=True,
        code="line\nbreak",
    )
    return sheets.export("A", format_="csv")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_a_file_saved_again_with_decimal_commas_changes_nothing(
    sheets: Sheets, kettle: Path, encoding: str, delimiter: str
) -> None:
    change = comma_and_dots if delimiter == ";" else lambda rows: None
    path = resaved(kettle, change, encoding=encoding, delimiter=delimiter)
    assert sheets.compared(path) == ([], [])


@pytest.mark.parametrize(
    ("column", "typed", "value"),
    [
        ("price-EUR", "13,95", "13.95"),
        ("price-EUR", "13.95", "13.95"),
        ("price-EUR", "€ 1.299,00", "1299.00"),
        ("since", "05.03.2026", "2026-03-05"),
        ("since", "5-3-2026", "2026-03-05"),
        ("since", "25/03/2026", "2026-03-25"),
        ("since", "03/25/2026", "2026-03-25"),
        ("boxed", "FALSCH", False),
        ("code", "'=1+1", "=1+1"),
    ],
)
def test_what_was_typed_is_read_as_people_write_it(
    sheets: Sheets, kettle: Path, column: str, typed: str, value: object
) -> None:
    found, left = sheets.compared(resaved(kettle, put(column, typed)))
    assert [(one[1], one[3]) for one in found] == [(column, value)]
    assert left == []


@pytest.mark.parametrize(
    ("column", "typed", "rule"),
    [
        ("price-EUR", "1.299", "grouping"),
        ("since", "05/06/2026", "date"),
        ("ean", "4,00638E+12", "cell"),
        ("ratio", "1.234.5", "number"),
    ],
)
def test_what_can_mean_two_things_is_asked(
    sheets: Sheets, kettle: Path, column: str, typed: str, rule: str
) -> None:
    assert sheets.compared(resaved(kettle, put(column, typed))) == ([], [(2, "A", column, rule)])


@pytest.mark.parametrize("shown", ["04/03/2026", "03/04/2026", "4-3-2026 00:00"])
def test_a_day_shown_otherwise_is_the_same_day(sheets: Sheets, kettle: Path, shown: str) -> None:
    assert sheets.compared(resaved(kettle, put("since", shown))) == ([], [])


def test_letters_that_a_code_page_lacks_are_no_change(sheets: Sheets) -> None:
    sheets.kettle("A", name_nl="茶 té", code="x")
    path = sheets.export("A", format_="csv", columns=[".name", "code"])
    saved = resaved(path, put("code", "é"), encoding="cp1252")
    assert "?" in saved.read_text("cp1252")
    assert sheets.compared(saved) == ([("A", "code", "x", "é")], [])


def test_texts_full_of_delimiters_do_not_mislead(sheets: Sheets) -> None:
    sheets.kettle("A", name_nl="a,b,c,d,e", code="'x','y','z'")
    path = sheets.export("A", format_="csv", columns=[".name", "code"])
    saved = resaved(path, put("code", "1;2;3;4"), delimiter="\t")
    assert sheets.compared(saved) == ([("A", "code", "'x','y','z'", "1;2;3;4")], [])
