"""Products out: what the cells of the file are, and that no text becomes a formula."""

import csv
import datetime as dt
import io
import zipfile
from typing import Any

import pytest

from pim.errors import Invalid
from pim.spreadsheets import rows as sheet_rows
from pim.spreadsheets.columns import SheetStyle, columns_of_view
from pim.spreadsheets.rows import SheetRequest
from tests.spreadsheets.conftest import SHOP, Sheets
from tests.support import workbooks

NAUGHTY = ["=1+1", "+31 20", "-5 %", "@home", '="0017"', "\tindented"]


def table(sheets: Sheets, *identifiers: str, **wanted: Any) -> list[dict[str, Any]]:
    head, *rows = workbooks.opened(sheets.export(*identifiers, **wanted))
    return [dict(zip(head, row, strict=True)) for row in rows]


def text_lines(sheets: Sheets, *identifiers: str, **wanted: Any) -> list[list[str]]:
    path = sheets.export(*identifiers, format_="csv", **wanted)
    content = path.read_text("utf-8-sig")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    delimiter = ";" if ";" in content.splitlines()[0] else ","
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))


def test_numbers_and_days_are_typed_and_codes_stay_text(sheets: Sheets) -> None:
    sheets.kettle(
        "007",
        price="12.50",
        ratio="0.75",
        weight={"amount": "1.5", "unit": "GRAM"},
        since="2026-11-22",
        ean="4006381333931",
        code="0012",
    )
    (row,) = table(sheets, "007")
    assert row[".sku"] == "007"
    assert (row["price-EUR"], row["ratio"], row["weight"]) == (12.5, 0.75, 1.5)
    assert row["weight-unit"] == "GRAM"
    assert row["since"] == dt.date(2026, 11, 22)
    assert (row["ean"], row["code"]) == ("4006381333931", "0012")


def test_what_excel_cannot_keep_as_a_number_or_day_stays_text(sheets: Sheets) -> None:
    sheets.kettle("A", ratio="1234567890123456.7", since="1899-12-31")
    (row,) = table(sheets, "A")
    assert (row["ratio"], row["since"]) == ("1234567890123456.7", "1899-12-31")


@pytest.mark.parametrize("naughty", NAUGHTY)
def test_no_text_becomes_a_formula(sheets: Sheets, naughty: str) -> None:
    sheets.kettle("A", code=naughty, name_nl=naughty)
    path = sheets.export("A")
    with zipfile.ZipFile(path) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()
    (row,) = table(sheets, "A")
    assert row["code"] == naughty
    head, line = text_lines(sheets, "A")
    assert dict(zip(head, line, strict=True))["code"] == "'" + naughty


def test_a_negative_number_is_no_text(sheets: Sheets) -> None:
    sheets.kettle("A", ratio="-5")
    _head, line = text_lines(sheets, "A", columns=["ratio"])
    assert line[1] == "-5"


def test_a_text_file_is_written_as_the_spreadsheets_of_its_language_read_it(
    sheets: Sheets,
) -> None:
    sheets.kettle("A", price="12.50")
    assert text_lines(sheets, "A", columns=["price"], language="nl")[1][1] == "12,50"
    assert b"A;" in sheets.export("A", format_="csv", language="nl").read_bytes()
    assert text_lines(sheets, "A", columns=["price"], language="en")[1][1] == "12.50"


def test_labels_stand_in_headers_and_cells(sheets: Sheets) -> None:
    sheets.kettle("A", color="blue", uses=["soup", "tea"], boxed=True, categories=["cold", "hot"])
    sheets.kettle("B", color="sky")
    sheets.kettle("C", color="bare")
    wanted = [".name", ".family", ".categories", "color", "uses", "boxed", "weight"]
    found = table(sheets, "A", "B", "C", language="en", columns=wanted)
    assert list(found[0]) == [
        "SKU [.sku]",
        "Name [name-nl_NL]",
        "Family [family]",
        "Categories [categories]",
        "Colour [color]",
        "[uses] [uses]",
        "[boxed] [boxed]",
        "Weight [weight]",
        "Weight, unit [weight-unit]",
        "Version, please leave it [.version-en]",
    ]
    assert found[0]["Family [family]"] == "Kettles"
    assert found[0]["Categories [categories]"] == '"Cold, icy",Hot'
    assert found[0]["[uses] [uses]"] == '"Soup, ""thick""",Tea'
    assert found[0]["[boxed] [boxed]"] == "Yes"
    colours = [row["Colour [color]"] for row in found]
    assert colours == ["Blue, deep", "Light [sky]", "bare"]


def test_variants_stand_behind_their_model_with_what_it_lends(sheets: Sheets) -> None:
    sheets.gloves()
    sheets.kettle("A")
    found = table(sheets, "A", "G", columns=[".name", ".model", "color", "size", ".variants"])
    assert [(row[".sku"], row[".model"], row["size"]) for row in found] == [
        ("G", "", ""),
        ("G-s", "G", "s"),
        ("G-m", "G", "m"),
        ("A", "", ""),
    ]
    assert [row["color"] for row in found] == ["red", "red", "red", ""]
    assert found[0][".variants"] == 2


def test_every_row_says_at_which_moment_it_was_so(sheets: Sheets) -> None:
    sheets.kettle("A")
    first = table(sheets, "A")[0][".version"]
    sheets.kettle("A", code="x")
    assert table(sheets, "A")[0][".version"] == first + 1


def test_what_tells_is_told(sheets: Sheets) -> None:
    sheets.kettle("A", name_nl="Ketel")
    wanted = [".status", ".complete", ".locales", ".missing", ".actor"]
    (row,) = table(sheets, "A", columns=wanted)
    assert row[".status"] == "draft"
    assert row[".complete"] == 50
    assert row[".locales"] == "nl_NL 50% · en_GB 0%"
    assert (row[".missing"], row[".actor"]) == ("code", "anna")


def test_a_text_that_a_cell_has_no_room_for_says_so(sheets: Sheets) -> None:
    sheets.kettle("A", code="x" * 32_768)
    (row,) = table(sheets, "A", columns=["code"])
    assert "too long for a cell" in str(row["code"])


def test_a_column_that_there_is_not_is_named(sheets: Sheets) -> None:
    structure = sheets.structure()
    with pytest.raises(Invalid) as caught:
        columns_of_view(structure, ["code", "colour", "-"], SHOP, ["kettles"])
    assert list(caught.value.messages) == ["colour", "-"]


def test_many_products_are_read_some_at_a_time(
    sheets: Sheets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_rows, "BATCH", 2)
    for number in range(5):
        sheets.kettle(f"A{number}")
    done: list[tuple[int, int]] = []
    with sheets.database.reading() as session:
        ids = [sheets.get(f"A{number}").id for number in range(5)]
        wanted = SheetRequest(ids, ["code"], SHOP, SheetStyle())
        found = sheet_rows.rows(session, wanted, lambda *so_far: done.append(so_far))
        assert [row[0].text for row in found] == ["A0", "A1", "A2", "A3", "A4"]
    assert done == [(2, 5), (4, 5), (5, 5)]
