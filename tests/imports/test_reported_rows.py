"""What the report of an import says: of its file, of refused rows and of values left out."""

from dataclasses import replace
from io import BytesIO

import pytest
import xlsxwriter
from PIL import Image

from media.service import take_in
from media.storage import Storage
from pim.imports import batch_reader
from pim.imports.profiles import FileSettings, read_profile
from pim.imports.run import import_products
from pim.row_reader import Column
from pim.structure import service as structures
from tests.imports.conftest import HEADER, OPTIONAL, PROFILE, counts


def test_a_name_that_pictures_of_two_folders_have_is_a_doubt(desk, tmp_path):
    with desk.database.writing() as session:
        structures.apply(session, {"attributes": {"photo": {"type": "asset", "owner": "erp"}}})
        for size, name in enumerate(("red/front.png", "blue/front.png"), 4):
            file = BytesIO()
            Image.new("RGB", (size, size)).save(file, "PNG")
            storage = Storage((tmp_path / "storage").as_uri())
            take_in(session, storage, name, file.getvalue(), desk.clock())
    profile = replace(desk.profile, columns=(*desk.profile.columns, Column("Foto", "photo")))
    lines = "A1;F;;1,00;;;;;;front.png", "A2;F;;1,00;;;;;;blue/front.png"
    run = desk.run(*lines, header=f"{HEADER};Foto", profile=profile)
    assert (counts(run), run.left_out) == ((2, 2, 0, 0, 0), 1)
    assert desk.report() == [(2, "A1", "Foto", "several pictures", "skipped")]
    assert "photo" not in desk.products()["A1"].values
    warned = desk.run(*lines, header=f"{HEADER};Foto", profile=replace(profile, doubts="warn"))
    assert (counts(warned), warned.warnings) == ((2, 0, 1, 1, 0), 1)
    assert "photo" in desk.products()["A1"].values


def test_what_cannot_be_taken_is_in_the_report_and_costs_nothing_else(desk):
    run = desk.run(
        "A1;F;Goed;1,00;;;;;",
        "A2;F;Fout;1,0x;;;GEEL;;",
        ";F;Geen nummer;1,00;;;;;",
        "a1;F;Dubbel;2,00;;;;;",
        "A5;X;Familie;1,00;;;;;",
        "A6;F;Te weinig cellen;1,00",
        "A7;F;Een veel te lange naam voor dit veld;1,00;;;;;",
        "A8;F;Goed;8,00;;;;nowhere;",
        "A9;F;Goed;9,00;;;;;",
    )
    assert (counts(run), run.left_out, run.state) == ((9, 6, 0, 0, 3), 5, "done")
    products = desk.products()
    assert sorted(products) == ["A1", "A2", "A5", "A7", "A8", "A9"]
    assert products["A1"].values["name-nl_NL"] == "Goed"
    assert products["A2"].values == {"sku": "A2", "name-nl_NL": "Fout"}
    assert (products["A5"].family, products["A5"].values["price-EUR"]) == (None, "1.00")
    assert products["A7"].values == {"sku": "A7", "price-EUR": "1.00"}
    assert "categories" not in products["A8"].values
    assert sorted(desk.report()) == [
        (3, "A2", "Kleur", "option", "skipped"),
        (3, "A2", "Prijs", "number", "skipped"),
        (4, "", "Nr", "identifier", "error"),
        (5, "a1", "Nr", "duplicate", "error"),
        (6, "A5", "Familie", "family", "skipped"),
        (7, "", "", "row", "error"),
        (8, "A7", "Naam", "max_length", "skipped"),
        (9, "A8", "Groep", "unknown category", "skipped"),
    ]


def test_a_refused_row_is_told_with_everything_that_is_wrong_with_it(desk):
    profile = read_profile(PROFILE + "  EAN: ean\n  Model: parent\n")
    desk.run(
        "A1;F;Fiets;1,00;;;;;;8712345678906;",
        "A2;F;Fiets;duur;;;;maan;;8712345678906;NIEMAND",
        header=HEADER + ";EAN;Model",
        profile=profile,
    )
    assert sorted(rule for _, name, _, rule, _ in desk.report() if name == "A2") == [
        "number",
        "parent",
        "unique",
        "unknown category",
    ]


def test_of_a_list_only_the_wrong_item_is_left_out(desk):
    desk.run("A1;F;;1,00;;;;city|nowhere;")
    assert desk.products()["A1"].values["categories"] == ["city"]
    run = desk.run("A1;F;;2,00;;;;nowhere;")
    assert (counts(run), run.left_out) == ((1, 0, 1, 0, 0), 1)
    assert desk.products()["A1"].values["categories"] == ["city"]


def test_what_is_wrong_with_a_row_is_told_again(desk):
    lines = ["A1;X;Fout;1,00;;;;;", "A2;F;Goed;1,00;;;;;", "A2;F;Dubbel;1,00;;;;;"]
    assert counts(desk.run(*lines)) == (3, 2, 0, 0, 1)
    again = desk.run(*lines)
    assert (counts(again), again.left_out) == ((3, 0, 0, 2, 1), 1)
    assert desk.report()[2:] == [
        (2, "A1", "Familie", "family", "skipped"),
        (4, "A2", "Nr", "duplicate", "error"),
    ]


def test_a_doubt_is_told_again(desk):
    columns = (*desk.profile.columns, Column("EAN", "ean"))
    doubting = replace(desk.profile, columns=columns, doubts="warn")
    for expected in ((1, 1, 0, 0, 0), (1, 0, 0, 1, 0)):
        line = "A1;F;;1,00;;;;;;4006381333932"
        run = desk.run(line, profile=doubting, header=f"{HEADER};EAN")
        assert (counts(run), run.warnings) == (expected, 1)


def test_a_duplicate_is_found_across_batches(desk, monkeypatch):
    monkeypatch.setattr(batch_reader, "BATCH", 2)
    run = desk.run("A1;F;;1,00;;;;;", "A2;F;;1,00;;;;;", "A3;F;;1,00;;;;;", "a1;F;;9,00;;;;;")
    assert (counts(run), desk.products()["A1"].values["price-EUR"]) == ((4, 3, 0, 0, 1), "1.00")
    assert desk.report() == [(5, "a1", "Nr", "duplicate", "error")]


@pytest.mark.parametrize("dry_run", [True, False])
def test_merged_cells_are_told_with_the_run_and_its_trial(desk, tmp_path, dry_run):
    book = xlsxwriter.Workbook(tmp_path / "articles.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER.split(";"))
    sheet.write_column(1, 0, ["A1", "A2"])
    sheet.merge_range("C2:C3", "Stadsfiets")
    book.close()
    profile = replace(desk.profile, file=FileSettings(decimal=","))
    run = import_products(
        desk.database, tmp_path / "articles.xlsx", profile, "anna", desk.clock, dry_run=dry_run
    )
    assert (run.created, run.warnings) == (2, 1)
    assert desk.report() == [(0, "", "", "merged", "warning")]


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_run_keeps_how_its_file_was_read_and_says_what_is_doubtful(desk, dry_run):
    header = "Nr;Naam;Gewicht;Gewicht eenheid"
    content = f"{header}\nA1;'t Hek';;\nA2;'s Nachts';;\n"
    path = desk.folder / "quoted.csv"
    path.write_bytes(content.encode())
    profile = read_profile(OPTIONAL)
    run = import_products(desk.database, path, profile, "erp", desk.clock, dry_run=dry_run)
    assert run.detected["quote"] == {"value": '"', "sure": "doubtful"}
    assert run.detected["delimiter"] == {"value": ";", "sure": "declared"}
    assert run.detected["rows"] == [["A1", "'t Hek'", "", ""], ["A2", "'s Nachts'", "", ""]]
    assert (0, "", "", "quote", "warning") in desk.report()


def test_a_number_that_lost_its_digits_costs_its_cell_where_that_is_read(desk):
    run = desk.run(
        "A1;F;;1,00;;;;;8,71E+12",
        "A2;F;8,71E+12;1,00;;;;;",
        "A3;F;Fiets;1,00;8,71E+12;KILOGRAM;;;",
        "A4;F;Fiets;1,00;2;8,71E+12;;;",
        "8,71E+12;F;Fiets;1,00;;;;;",
    )
    assert (counts(run), run.left_out) == ((5, 4, 0, 0, 1), 3)
    assert [(line, column, severity) for line, _, column, _, severity in desk.report()] == [
        (3, "Naam", "skipped"),
        (4, "Gewicht", "skipped"),
        (5, "Gewicht", "skipped"),
        (6, "Nr", "error"),
    ]
    values = {name: one.values for name, one in desk.products().items()}
    assert [one["price-EUR"] for one in values.values()] == ["1.00"] * 4
    assert [set(one) - {"sku", "price-EUR"} for one in values.values()] == [
        set(),
        set(),
        {"name-nl_NL"},
        {"name-nl_NL"},
    ]


def test_what_people_chose_outlives_the_unchanged_file_and_is_in_its_report(
    database, clock, tmp_path
):
    from tests.support.imports import ImportingHub, counts

    structure = {
        "locales": ["nl_NL"],
        "currencies": ["EUR"],
        "channels": {"web": {"locales": ["nl_NL"], "currencies": ["EUR"], "tree": "all"}},
        "attributes": {"sku": {"type": "identifier"}},
        "families": {"tea": {"attributes": ["sku"]}, "gifts": {"attributes": ["sku"]}},
        "categories": {"all": {"children": {"green": {}, "black": {}}}},
    }
    profile = """
        {code: erp, owner: erp, key: Nr, always: {family: tea},
         columns: {Nr: sku, Groep: categories}}
    """
    hub = ImportingHub(database, clock, tmp_path, structure)
    lines = ["Nr,Groep", "T1,green", "T2,green"]
    hub.file(lines, profile)
    hub.edit("T1", {"family": "gifts", "categories": ["black"]})
    for dry_run in (True, False):
        run = hub.file(lines, profile, dry_run=dry_run)
        assert counts(run) == (0, 0, 2, 0)
        assert hub.report(run) == [("T1", "owner", "kept")] * 2
    assert counts(hub.file(lines, profile)) == (0, 0, 2, 0)
    assert (hub.get("T1").family, hub.get("T1").values["categories"]) == ("gifts", ["black"])
