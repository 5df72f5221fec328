"""Files become rows with true line numbers; what is no table, and each row that is none, is
told.
"""

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import pytest

from pim.errors import Invalid
from pim.imports import contents
from pim.imports.headers import KnownColumns, clean_header
from pim.imports.profiles import FileSettings
from pim.imports.readers import CellRow, UnreadableRow, open_rows
from pim.imports.rows import DamagedRow


def cells(rows: Iterable[CellRow]) -> list[list[str]]:
    return [row for _, row in rows if not isinstance(row, UnreadableRow)]


def refusals(rows: Iterable[CellRow]) -> list[tuple[int, str]]:
    return [(line, str(row.rule)) for line, row in rows if isinstance(row, UnreadableRow)]


def faults(rows: Iterable[CellRow]) -> list[tuple[int, int, str]]:
    """Line and place of each cell that cannot be used, and why."""
    return [
        (line, place, str(rule))
        for line, row in rows
        if isinstance(row, DamagedRow)
        for place, rule in row.faults.items()
    ]


def test_line_numbers_count_lines_within_cells() -> None:
    table = open_rows(b'sku;text\r\n1;"two\r\nlines"\r\n\r\n2;one\r\n')
    assert list(table.rows) == [(2, ["1", "two\r\nlines"]), (5, ["2", "one"])]


@pytest.mark.parametrize(
    "name", ["empty_crlf", "json", "newlines", "newlines_crlf", "quotes_and_newlines", "utf8"]
)
def test_csv_spectrum(shared: Path, name: str) -> None:
    folder = shared / "data" / "messy_csv" / "csv_spectrum"
    table = open_rows(folder / f"{name}.csv")
    expected = json.loads((folder / f"expected_{name}.json").read_text(encoding="utf-8"))
    assert [dict(zip(table.header, row, strict=True)) for row in cells(table.rows)] == expected


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("erp/artikelen_nl87_50k.csv", 50_000, 7),
        ("erp/pcparts_wide.csv.gz", 55_732, 56),
        ("erp/icecat_de_windows1252_semicolon_crlf.csv", 403, 8),
        ("shops/vendure/products.csv", 88, 14),
    ],
)
def test_real_shops(shared: Path, name: str, rows: int, columns: int) -> None:
    table = open_rows(shared / "data" / name)
    found = list(table.rows)
    assert refusals(found) == []
    assert (len(cells(found)), len(table.header)) == (rows, columns)
    assert all(column == column.strip() for column in table.header)


def test_every_messy_file_gives_rows_or_a_sentence(shared: Path) -> None:
    files = [
        path for path in sorted((shared / "data" / "messy_csv").rglob("*.*")) if path.is_file()
    ]
    assert len(files) > 240
    assert all(gives_rows_or_a_sentence(path) for path in files)


def gives_rows_or_a_sentence(source: Path | bytes) -> bool:
    """Any other exception than `Invalid` gets through and fails the test."""
    try:
        table = open_rows(source)
    except Invalid as error:
        return bool(error.messages) and all(
            str(one) for texts in error.messages.values() for one in texts
        )
    return all(
        isinstance(row, UnreadableRow) or len(row) == len(table.header) for _, row in table.rows
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_file_gives_rows_or_a_sentence(seed: int) -> None:
    chance = random.Random(seed)
    whole = (
        b"sku;name;text\r\n"
        + b'A1;"Bike ""Roma""; red";\xc3\xa9\xc3\xa9n\r\nA2;Bell;"two\r\nlines"\r\n' * 20
    )
    for _ in range(50):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(broken))
            broken[place : place + chance.randint(0, 3)] = chance.choice(
                [b'"', b";", b"\n", b"\r", b"\x00", b"\xff", b"", b"\\", b'""']
            )
        assert gives_rows_or_a_sentence(bytes(broken[: chance.randint(1, len(broken))]))


@pytest.mark.parametrize("seed", range(20))
def test_what_csv_writes_comes_back(seed: int) -> None:
    chance = random.Random(seed)
    words = [
        "Fiets",
        "één, twee",
        "a;b",
        'say "yes"',
        "two\nlines",
        "12,50",
        "",
        "€ 5",
        "x|y",
        "O'Neill",
        "tab\there",
    ]
    written = [
        ["sku", "name", "text", "price"],
        *([f"A{row}", *chance.choices(words, k=3)] for row in range(40)),
    ]
    target = io.StringIO()
    csv.writer(
        target, delimiter=chance.choice(",;\t|"), lineterminator=chance.choice(["\n", "\r\n"])
    ).writerows(written)
    encoding = chance.choice(["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
    table = open_rows(target.getvalue().encode(encoding), locales=["nl_NL"])
    assert [table.header, *cells(table.rows)] == written


def test_a_literal_backslash_n_stays(shared: Path) -> None:
    table = open_rows(shared / "data" / "erp" / "icecat_de_windows1252_semicolon_crlf.csv")
    assert any("WLAN; MP4\\n- 51fach" in row[2] for row in cells(table.rows))


def test_ragged_rows_are_refused_and_the_rest_goes_on() -> None:
    table = open_rows(b"a;b;c\n1;2\n1;2;3;4\n1;2;3;\n\n;;\n4;5;6\n")
    found = list(table.rows)
    assert refusals(found) == [
        (2, "The row has 2 cells, the header has 3."),
        (3, "The row has 4 cells, the header has 3."),
    ]
    assert cells(found) == [["1", "2", "3"], ["4", "5", "6"]]


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    found = list(open_rows(b'a;b;c\n1;2;3\n4;"5;6\n7;8;9\n10;11;12\n').rows)
    assert refusals(found) == [(3, "A quote is opened here and never closed.")]
    assert [(line, row) for line, row in found if not isinstance(row, UnreadableRow)] == [
        (2, ["1", "2", "3"]),
        (4, ["7", "8", "9"]),
        (5, ["10", "11", "12"]),
    ]


def test_a_quote_closed_by_a_later_one_costs_one_row() -> None:
    found = list(open_rows(b'a;b\n1;"2\n3;"4"\n5;"6"\n').rows)
    assert [line for line, _ in refusals(found)] == [2]
    assert cells(found) == [["3", "4"], ["5", "6"]]


def test_a_file_full_of_open_quotes_ends() -> None:
    found = list(open_rows(b"a;b\n" + b'1;"2\n' * 5001).rows)
    assert 1 <= len(refusals(found)) <= 5001
    assert cells(found) == []


def test_blanks_around_quotes_are_no_part_of_the_cell() -> None:
    table = open_rows(b'name   , text\nLaptop , "fast, light"   \nMouse  , "small"   \n')
    assert (table.header, cells(table.rows)) == (
        ["name", "text"],
        [["Laptop ", "fast, light"], ["Mouse  ", "small"]],
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"sku;sku;name\n", "The column “sku” is there 2 times."),
        (b"sku;;name\n", "Column 2 has no name."),
        (b'sku;"name\n', "A quote is opened here and never closed."),
    ],
)
def test_a_bad_header_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        open_rows(content)
    assert [str(one) for one in refused.value.messages["header"]] == [sentence]


def test_delimiters_at_the_end_of_every_line_make_no_columns() -> None:
    table = open_rows(b"sku;name;;\n1;a;;\n2;b\n")
    assert (table.header, cells(table.rows)) == (["sku", "name"], [["1", "a"], ["2", "b"]])


def test_a_row_in_which_nobody_sees_anything_is_none() -> None:
    content = "sku;name\n1;a\n\u200b; \n\ufeff;\u00ad\n;\u00a0\n2;b;\u200b\n".encode()
    assert list(open_rows(content).rows) == [(2, ["1", "a"]), (6, ["2", "b"])]


def packed(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "JPEG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), ".xls"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        (b"<?xml version='1.0'?><products/>", "XML"),
        (b'[{"sku": 1}]', "JSON"),
        (bytes(range(256)) * 40, "binary"),
        (packed("a.csv", "b.csv"), "a.csv, b.csv"),
        (packed("content.xml"), "OpenDocument"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"\x1f\x8b\x08 not really", "damaged"),
        (gzip.compress(b"a;b\n1;2\n" * 50_000)[:-200], "damaged"),
        (gzip.compress(packed("a.csv")), "zip"),
    ],
    # Not the bytes: an archive's hold the time, and the workers must agree on a test's name.
    ids=count(),
)
def test_what_is_no_table_is_named(content: bytes, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        open_rows(content)
    assert words in str(refused.value.messages["file"][0])


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="There is no file"):
        open_rows(tmp_path / "none.csv")


def test_gzip_is_read_by_content(tmp_path: Path) -> None:
    path = tmp_path / "nightly.csv"
    path.write_bytes(gzip.compress(b"a;b\n1;2\n"))
    assert list(open_rows(path).rows) == [(2, ["1", "2"])]


def test_a_gzip_that_grows_too_big_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pim.imports.readers.UNPACKED_LIMIT", 1024**2)
    with pytest.raises(Invalid, match="more than 1 MiB"):
        open_rows(gzip.compress(b"a;b\n" + b"1;2\n" * 1_000_000))


def test_zeros_cost_their_cell() -> None:
    found = list(open_rows(b"a;b\n" + b"1;2\n" * 30 + b"1;\x00\n").rows)
    assert faults(found) == [(32, 1, "The cell contains NUL characters.")]
    assert cells(found)[-1] == ["1", "␀"]


def test_a_number_that_lost_its_digits_is_told_where_it_is_used() -> None:
    content = b"sku;ean\n1;8,71235E+12\n2;8712345678906\n"
    ((line, place, rule),) = faults(open_rows(content).rows)
    assert (line, place) == (2, 1)
    assert rule.startswith("“8,71235E+12” in column “ean” lost its digits")
    assert faults(open_rows(content, known=KnownColumns(["sku"])).rows) == []


def test_declared_settings_win_over_detection() -> None:
    table = open_rows(
        "a|b;c\n1|é;3\n".encode("cp850"), FileSettings(encoding="cp850", delimiter="|")
    )
    assert (table.header, cells(table.rows)) == (["a", "b;c"], [["1", "é;3"]])


def test_a_declared_quote_wins_over_what_seems_to_be_one() -> None:
    content = b"nr;naam\n'7';'boot'\n'8';'riem'\n"
    declared = FileSettings(quote='"')
    assert cells(open_rows(content, declared).rows) == [["'7'", "'boot'"], ["'8'", "'riem'"]]


def test_where_nothing_is_quoted_a_quote_is_a_letter() -> None:
    content = b'nr;naam\n7;"Rode" bank\n8;"wit\n9;2" pijp\n'
    found = list(open_rows(content, FileSettings(quote="")).rows)
    assert found == [(2, ["7", '"Rode" bank']), (3, ["8", '"wit']), (4, ["9", '2" pijp'])]


def test_a_declared_encoding_that_cannot_be_is_refused() -> None:
    with pytest.raises(Invalid, match="but the file is utf-8"):
        open_rows("a;b\n1;é\n".encode(), FileSettings(encoding="windows-1252"))
    with pytest.raises(Invalid, match="Line 2 cannot be read as utf-8"):
        open_rows("a;b\n1;é\n".encode("windows-1252"), FileSettings(encoding="utf-8"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('="0042"', "0042"),
        ('"=""0042"""', "0042"),
        ('="a ""b"" c"', 'a "b" c'),
        ("'0042", "0042"),
        ("'0,50", "0,50"),
        ("'=1+1", "=1+1"),
        ("'-5", "-5"),
        ("'t Hof", "'t Hof"),
        ("'68 Revisited", "'68 Revisited"),
        ('<a href="x">', '<a href="x">'),
        ("=1+1", "=1+1"),
    ],
)
def test_what_marks_a_cell_as_text_is_no_part_of_it(written: str, meant: str) -> None:
    content = f"nr;naam;memo\n1;{written};\n2;{written};x\n"
    found = cells(open_rows(content.encode(), FileSettings(quote='"')).rows)
    assert found == [["1", meant, ""], ["2", meant, "x"]]


def test_a_name_that_is_marked_as_text_is_the_name() -> None:
    assert open_rows(b'="nr";="naam"\n="1";="a"\n').header == ["nr", "naam"]


def test_a_line_beyond_all_bounds_costs_its_row() -> None:
    content = b"nr;naam\n1;a\n2;" + b"x" * 5_000_000 + b'\n3;"b\n' + b"y" * 3_000_000 + b'"\n4;c\n'
    found = list(open_rows(content).rows)
    assert refusals(found) == [
        (3, "The row is longer than 2000000 characters or 20000 lines."),
        (4, "The row is longer than 2000000 characters or 20000 lines."),
        (5, "The row is longer than 2000000 characters or 20000 lines."),
    ]
    assert cells(found) == [["1", "a"], ["4", "c"]]
    assert all(len(row.value) <= 100 for _, row in found if isinstance(row, UnreadableRow))


def test_a_header_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(Invalid, match="longer than 2000000 characters"):
        open_rows(b"x" * 3_000_000)


def test_a_row_of_too_many_lines_is_refused_at_its_first() -> None:
    found = list(open_rows(b'nr;naam\n1;"' + b"x\n" * 30_000 + b'"\n2;c\n').rows)
    assert found[0][0] == 2
    assert isinstance(found[0][1], UnreadableRow)
    assert "20000 lines" in str(found[0][1].rule)
    assert found[-1] == (30_003, ["2", "c"])


PROFILED = KnownColumns(["nr", "naam"], ["memo"])


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_line_that_names_the_delimiter_is_no_header(first: str) -> None:
    table = open_rows(f"{first}\r\nnr;naam, kleur\r\n1;boot, rood\r\n".encode())
    assert (table.header, table.line) == (["nr", "naam, kleur"], 2)
    assert list(table.rows) == [(3, ["1", "boot, rood"])]


def test_a_line_that_names_a_tab_counts_although_there_are_commas() -> None:
    table = open_rows(b"sep=\t\nnr\tnaam\n1\ta,b,c\n2\td,e,f\n")
    assert cells(table.rows) == [["1", "a,b,c"], ["2", "d,e,f"]]


PREAMBLES = [
    "Uitvoer van 3 november\n\n",
    "Uitvoer;3-11-2026;\nregels;2;\n",
    'Onze "beste" waar;;\n;;\n',
    'Een "\n',
    "sep=;\nUitvoer\n",
]


@pytest.mark.parametrize("above", PREAMBLES)
def test_lines_above_the_table_are_passed_over(above: str) -> None:
    content = above + "nr;naam;memo\n1;boot;x\n2;riem;\n"
    table = open_rows(content.encode(), known=PROFILED)
    assert (table.header, table.line) == (["nr", "naam", "memo"], above.count("\n") + 1)
    assert list(table.rows) == [
        (above.count("\n") + 2, ["1", "boot", "x"]),
        (above.count("\n") + 3, ["2", "riem", ""]),
    ]


def test_lines_above_the_table_are_passed_over_where_no_profile_names_its_columns() -> None:
    content = b"Onze winkel\n3 november\nnr;naam;memo\n1;boot;x\n2;riem;\n3;zeil;\n"
    assert open_rows(content).header == ["nr", "naam", "memo"]


def test_a_declared_header_is_taken_from_its_line() -> None:
    content = b"nr;naam\nartikel;titel\n1;boot\n"
    table = open_rows(content, FileSettings(header=2), known=PROFILED)
    assert (table.header, cells(table.rows)) == (["artikel", "titel"], [["1", "boot"]])
    with pytest.raises(Invalid, match="line 4 is the header; it is blank"):
        open_rows(content, FileSettings(header=4))


@pytest.mark.parametrize("end", ["\x1a", "\x1a\x1a\x1a\r\n", "\x1a\0\0\0", "\r\n\x1a", "\x1a" * 60])
def test_control_z_is_the_end_of_a_text(end: str) -> None:
    content = ("nr;naam\r\n1;boot\r\n2;riem" + end).encode()
    assert list(open_rows(content).rows) == [(2, ["1", "boot"]), (3, ["2", "riem"])]


def test_a_control_sign_in_a_short_text_is_a_matter_of_its_row() -> None:
    assert cells(open_rows(b"nr;naam\n1;a\x0bb\n2;c\n").rows) == [["1", "a\x0bb"], ["2", "c"]]


def test_a_number_that_lost_its_digits_is_told_behind_a_line_break_too() -> None:
    content = b'naam;nr;memo\n"twee\nregels";8,72E+12;x\n"drie\nregels";A-1;8,72E+12\n'
    found = list(open_rows(content, known=KnownColumns(["naam", "nr"], ["memo"])).rows)
    assert [(line, place) for line, place, _ in faults(found)] == [(2, 1)]
    assert cells(found)[1] == ["drie\nregels", "A-1", "8,72E+12"]
    zeros = open_rows(b"naam;nr\n" + b"a;b\n" * 9 + b'"twee\nregels";\x00\n').rows
    assert faults(zeros) == [(11, 1, "The cell contains NUL characters.")]


STRAY = "nr;naam;memo\n1;blauwgrün;éééé\n".encode()


@pytest.mark.parametrize("encoding", [None, "utf-8"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_that_is_no_utf8_costs_its_cell(encoding: str | None, mark: bytes) -> None:
    content = mark + STRAY + b'2;"twee\nr\xe9gels";\n3;br\xf6d;\n4;caf\xc3\xa9;\n'
    found = list(open_rows(content, FileSettings(encoding=encoding)).rows)
    assert faults(found) == [
        (3, 1, "Line 4 cannot be read as utf-8" + "-sig" * bool(mark) + " (bytes E9)."),
        (5, 1, "Line 5 cannot be read as utf-8" + "-sig" * bool(mark) + " (bytes F6)."),
    ]
    assert cells(found) == [
        ["1", "blauwgrün", "éééé"],
        ["2", "twee\nr�gels", ""],
        ["3", "br�d", ""],
        ["4", "café", ""],
    ]


def test_a_row_of_too_few_cells_is_shown_whatever_bytes_it_has() -> None:
    found = list(open_rows(STRAY + b"2;br\xf6d\n").rows)
    ((_, row),) = [one for one in found if isinstance(one[1], UnreadableRow)]
    assert (row.value, row.short) == ("2|br�d", ("2", "br�d"))


def test_a_byte_that_is_no_utf8_does_no_harm_in_a_column_that_is_not_used() -> None:
    content = STRAY + b"2;wit;caf\xe9\n3;rood;\xc3"
    found = list(open_rows(content, known=KnownColumns(["nr", "naam"])).rows)
    assert found[1:] == [(3, ["2", "wit", "caf�"]), (4, ["3", "rood", "�"])]


def test_a_header_with_a_byte_that_is_no_utf8_is_refused_with_it() -> None:
    with pytest.raises(Invalid, match=r"Line 1 cannot be read as utf-8 \(bytes EF\)"):
        open_rows(b"nr;fa\xefence\n" + STRAY)


def test_a_declared_delimiter_that_is_not_there_is_refused() -> None:
    with pytest.raises(Invalid, match="seems to use “;”"):
        open_rows(b"a;b\n1;2\n", FileSettings(delimiter="\t"))


def test_a_file_of_one_column_has_no_delimiter_to_be_missed() -> None:
    assert cells(open_rows(b"sku\n1\n2\n", FileSettings(delimiter=",")).rows) == [["1"], ["2"]]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is not a file"):
        open_rows(tmp_path)


def test_plain_ascii_may_be_declared_as_any_code_page() -> None:
    assert cells(open_rows(b"a;b\n1;2\n", FileSettings(encoding="windows-1252")).rows) == [
        ["1", "2"]
    ]


def test_the_mark_is_no_part_of_the_first_name() -> None:
    content = "sku;b\n1;é\n".encode("utf-8-sig")
    assert open_rows(content, FileSettings(encoding="utf-8")).header[0] == "sku"
    assert open_rows(content).header[0] == "sku"


def test_limits_are_what_the_sentences_say() -> None:
    assert contents.UNPACKED_LIMIT > contents.WORKBOOK_LIMIT > 100 * 1024**2


def test_a_header_is_known_however_its_accents_are_stored() -> None:
    known = KnownColumns(read=["Gr\u00f6\u00dfe", "Cafe\u0301"], ignored=["Z"])
    assert clean_header(["GRO\u0308\u00dfe", "caf\u00e9", "Z"], known) == [*known.read, "Z"]
