"""A file going in: what it creates and changes, what it leaves alone, its report, and runs that die
on the way.
"""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from PIL import Image
from sqlalchemy import select

from media.service import take_in
from media.storage import Storage
from pim.errors import Invalid
from pim.imports import batch_reader
from pim.imports.batch_reader import BatchReader
from pim.imports.batch_writer import BatchWriter
from pim.imports.lifecycle import SILENCE
from pim.imports.models import ImportProblem, ImportRun, SourceRow
from pim.imports.profile_reader import seed
from pim.imports.profiles import FileSettings, read_profile
from pim.imports.run import import_products
from pim.jobs.context import JobContext
from pim.jobs.models import Job
from pim.jobs.service import claim, enqueue
from pim.products import publishing, service
from pim.products.change import Origin, ProductInput
from pim.products.models import Change, Product
from pim.row_reader import Column, RowReader
from pim.search.models import Term
from pim.structure import queries as catalog
from pim.structure import service as structures
from pim.structure.document import nest

ROOT = Path(__file__).resolve().parents[2]
HUB = Origin("user", "anna", "hub")
STRUCTURE = {
    "locales": ["nl_NL", "en_GB"],
    "currencies": ["EUR"],
    "channels": {
        "webshop": {"labels": {}, "locales": ["nl_NL"], "currencies": ["EUR"], "tree": "shop"}
    },
    "attributes": {
        "sku": {"type": "identifier", "owner": "erp"},
        "name": {"type": "text", "localizable": True, "max_length": 20},
        "price": {"type": "price", "owner": "erp", "fact": True, "decimals": 2},
        "weight": {
            "type": "measurement",
            "owner": "erp",
            "dimension": "weight",
            "unit": "KILOGRAM",
        },
        "color": {
            "type": "choice",
            "owner": "erp",
            "filterable": True,
            "options": {"red": {}, "blue": {}},
        },
        "ean": {"type": "gtin", "owner": "erp", "unique": True},
    },
    "families": {
        "bikes": {
            "attributes": ["sku", "name", "price"],
            "label": "name",
            "requirements": {"webshop": ["name", "price"]},
        }
    },
    "categories": {
        "shop": {"labels": {}, "children": {"city": {"labels": {}}, "race": {"labels": {}}}}
    },
}
PROFILE = """
code: erp
source: erp
key: Nr
file: {delimiter: ";", decimal: ","}
clear: "-"
columns:
  Nr: sku
  Familie: {to: family, map: {F: bikes}}
  Naam: name-nl_NL
  Prijs: price-EUR
  Gewicht: weight
  Gewicht eenheid: weight-unit
  Kleur: {to: color, map: {ROOD: red}}
  Groep: {to: categories, separator: "|"}
  Memo: null
"""
HEADER = "Nr;Familie;Naam;Prijs;Gewicht;Gewicht eenheid;Kleur;Groep;Memo"


class Desk:
    def __init__(self, database, folder, clock):
        self.database, self.folder, self.clock = database, folder, clock
        self.profile = read_profile(PROFILE)

    def file(self, *lines, header=HEADER):
        path = self.folder / "articles.csv"
        path.write_text("\r\n".join([header, *lines]) + "\r\n", encoding="utf-8", newline="")
        return path

    def run(self, *lines, header=HEADER, profile=None, **options):
        file = self.file(*lines, header=header)
        return import_products(
            self.database, file, profile or self.profile, "erp import", self.clock, **options
        )

    def job(self):
        """A job that was claimed, again and again."""
        with self.database.writing() as session:
            job_id = (
                session.scalar(select(Job.id)) or enqueue(session, "import", {}, self.clock()).id
            )
            self.clock.advance(minutes=2)
            job = claim(session, ["import"], self.clock())
            return JobContext(self.database, job_id, job.token, job.attempts, self.clock)

    def all(self, table, *order):
        with self.database.reading() as session:
            return list(session.scalars(select(table).order_by(*order)))

    def products(self):
        return {one.identifier: one for one in self.all(Product, Product.id)}

    def report(self):
        problems = self.all(ImportProblem, ImportProblem.run_id, ImportProblem.number)
        return [(one.line, one.identifier, one.column, one.rule, one.severity) for one in problems]


@pytest.fixture
def desk(database, tmp_path, clock):
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
    return Desk(database, tmp_path, clock)


def structure_of(desk):
    with desk.database.reading() as session:
        return catalog.structure(session)


def counts(run):
    return run.rows, run.created, run.updated, run.unchanged, run.refused


def test_a_first_file_creates_typed_values(desk):
    run = desk.run("A1;F;Stadsfiets;1.234,50;12,5;KILOGRAM;ROOD;city|race;never read", "A2;;;;;;;;")
    assert (run.state, counts(run), run.cursor, run.warnings) == ("done", (2, 2, 0, 0, 0), 2, 0)
    products = desk.products()
    assert products["A1"].values == {
        "sku": "A1",
        "name-nl_NL": "Stadsfiets",
        "price-EUR": "1234.50",
        "weight": {"amount": "12.5", "unit": "KILOGRAM"},
        "color": "red",
        "categories": ["city", "race"],
    }
    assert (products["A1"].family, products["A2"].family, products["A2"].values) == (
        "bikes",
        None,
        {"sku": "A2"},
    )
    changes = desk.all(Change, Change.id)
    assert [
        (one.product_id, one.row, one.reference, one.actor, one.source, one.old) for one in changes
    ] == [
        (products["A1"].id, 2, run.id, "erp import", "import", {}),
        (products["A2"].id, 3, run.id, "erp import", "import", {}),
    ]
    number = products["A1"].id
    assert {
        (one.address, one.term) for one in desk.all(Term, Term.term) if one.product_id == number
    } == {
        ("categories", "city"),
        ("categories", "race"),
        ("color", "red"),
        ("complete", "webshop-nl_NL"),
    }


def test_the_same_file_again_writes_nothing(desk):
    lines = [f"A{number};F;Fiets {number};{number},00;;;;;" for number in range(1, 30)]
    desk.run(*lines)
    products, changes, rows = (
        desk.products(),
        desk.all(Change, Change.id),
        desk.all(SourceRow, SourceRow.key),
    )
    desk.clock.advance(hours=1)
    run = desk.run(*lines)
    assert counts(run) == (29, 0, 0, 29, 0)
    after = desk.products()
    assert {name: (one.version, one.seq, one.updated) for name, one in after.items()} == {
        name: (one.version, one.seq, one.updated) for name, one in products.items()
    }
    assert len(desk.all(Change, Change.id)) == len(changes)
    found = desk.all(SourceRow, SourceRow.key)
    assert [(one.key, one.hash, one.version) for one in found] == [
        (one.key, one.hash, one.version) for one in rows
    ]


def test_only_changed_rows_are_written(desk):
    desk.run("A1;F;Een;1,00;;;;;", "A2;F;Twee;2,00;;;;;", "A3;F;Drie;3,00;;;;;")
    run = desk.run(
        "A1;F;Een;1,00;;;;;",
        "a2;F;Twee;2,50;;;;;x",
        "A4;F;Vier;4,00;;;;;",
        "A3;F;Drie;3,00;;;;;other memo",
    )
    assert counts(run) == (4, 1, 1, 2, 0)
    assert desk.products()["A2"].values["price-EUR"] == "2.50"
    assert [one.old for one in desk.all(Change, Change.id)][3:] == [{"price-EUR": "2.00"}, {}]


def test_a_row_comes_in_again_after_somebody_changed_the_product(desk):
    lines = ["A1;F;;1,00;;;;;"]
    desk.run(*lines)
    with desk.database.writing() as session:
        migration = Origin("import", "other", None)
        service.write(session, [ProductInput("A1", {"price-EUR": "9.00"})], migration, desk.clock())
    assert counts(desk.run(*lines)) == (1, 0, 1, 0, 0)
    assert desk.products()["A1"].values["price-EUR"] == "1.00"
    assert counts(desk.run(*lines)) == (1, 0, 0, 1, 0)


def test_a_picture_that_comes_later_or_anew_is_taken_by_the_same_row(desk, tmp_path):
    with desk.database.writing() as session:
        structures.apply(
            session, {"attributes": {"photos": {"type": "asset", "multiple": True, "owner": "erp"}}}
        )
    columns = (*desk.profile.columns, Column("Foto", "photos", separator="|"))
    again = partial(
        desk.run,
        "A1;F;;;;;;;;red.png|blue.png",
        header=f"{HEADER};Foto",
        profile=replace(desk.profile, columns=columns),
    )
    assert (counts(again()), desk.report()[0][3:]) == ((1, 1, 0, 0, 0), ("picture", "skipped"))
    storage, codes = Storage((tmp_path / "storage").as_uri()), []
    for name in ("red.png", "blue.png", "red.png"):
        file = BytesIO()
        Image.new("RGB", (9, 9 + len(codes))).save(file, "PNG")
        with desk.database.writing() as session:
            codes.append(
                take_in(session, storage, name, file.getvalue(), desk.clock.advance(minutes=1)).code
            )
        assert counts(again()) == (1, 0, 1, 0, 0)
        assert counts(again()) == (1, 0, 0, 1, 0)
    assert desk.products()["A1"].values["photos"] == [codes[2], codes[1]]


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


def test_another_profile_or_structure_reads_every_row_again(desk):
    lines = ["A1;F;;1,00;;;BLAUW;;"]
    first = replace(desk.profile, doubts="warn")
    assert counts(desk.run(*lines, profile=first)) == (1, 1, 0, 0, 0)
    columns = tuple(
        replace(one, map={"BLAUW": "blue"}) if one.to == "color" else one
        for one in desk.profile.columns
    )
    assert counts(desk.run(*lines, profile=replace(desk.profile, columns=columns))) == (
        1,
        0,
        1,
        0,
        0,
    )
    assert desk.products()["A1"].values["color"] == "blue"


def test_an_empty_cell_leaves_and_the_marker_clears(desk):
    desk.run("A1;F;Naam;1,00;2,5;KILOGRAM;ROOD;city;")
    run = desk.run("A1;;;-;;;;-;")
    assert counts(run) == (1, 0, 1, 0, 0)
    assert desk.products()["A1"].values == {
        "sku": "A1",
        "name-nl_NL": "Naam",
        "weight": {"amount": "2.5", "unit": "KILOGRAM"},
        "color": "red",
    }


def test_a_value_of_another_owner_is_kept_and_listed_and_an_empty_one_filled(desk):
    desk.run("A1;F;Van de ERP;1,00;;;;;")
    with desk.database.writing() as session:
        service.write(session, [ProductInput("A1", {"name-nl_NL": "Van ons"})], HUB, desk.clock())
    run = desk.run("A1;F;Weer de ERP;2,00;;;;;")
    assert (counts(run), run.warnings) == ((1, 0, 1, 0, 0), 1)
    assert desk.report() == [(2, "A1", "Naam", "owner", "kept")]
    assert (
        desk.products()["A1"].values["name-nl_NL"],
        desk.products()["A1"].values["price-EUR"],
    ) == ("Van ons", "2.00")


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


@pytest.mark.parametrize(
    ("header", "line", "where"),
    [
        ("Nr;Naam;Onbekend", "A1;x;y", "Onbekend"),
        ("Naam;Prijs", "x;1,00", "columns"),
        ("Nr;Naam;Naam", "A1;x;y", "header"),
    ],
)
def test_a_file_that_does_not_fit_its_profile_changes_nothing(desk, header, line, where):
    with pytest.raises(Invalid) as caught:
        desk.run(line, header=header)
    assert where in caught.value.messages
    assert (desk.products(), desk.all(ImportRun, ImportRun.id)) == ({}, [])


OPTIONAL = """
code: erp
owner: erp
key: Nr
file: {delimiter: ";"}
columns:
  Nr: sku
  Naam: name-nl_NL
  Gewicht: weight
  Gewicht eenheid: weight-unit
  Kleur: {to: color, optional: true}
  Memo: null
"""


@pytest.mark.parametrize("dry_run", [True, False])
def test_columns_that_a_file_lacks_are_told_all_at_once_and_change_nothing(desk, dry_run):
    """Without the column of the unit 800 grams would be 800 kilograms."""
    profile = read_profile(OPTIONAL)
    lines = ["A1;800", "A2;800 gr", "A3;"]
    run = desk.run(*lines, header="Nr;Gewicht", profile=profile, dry_run=dry_run)
    assert (counts(run), run.left_out, run.warnings) == ((3, 3, 0, 0, 0), 1, 2)
    assert sorted(desk.report()) == [
        (0, "", "", "missing columns", "warning"),
        (0, "", "", "no family", "warning"),
        (2, "A1", "Gewicht", "unit", "skipped"),
    ]
    told = desk.all(ImportProblem, ImportProblem.number)[0]
    assert told.message.parts == {"missing": "Naam, Gewicht eenheid"}
    if not dry_run:
        assert "weight" not in desk.products()["A1"].values
        assert desk.products()["A2"].values["weight"] == {"amount": "800", "unit": "GRAM"}


def test_a_file_that_does_not_name_its_products_is_refused_with_what_it_has(desk):
    with pytest.raises(Invalid) as caught:
        desk.run("x;800", header="Naam;Gewicht", profile=read_profile(OPTIONAL))
    (sentence,) = caught.value.messages["columns"]
    assert sentence.parts == {"key": "Nr", "there": "Naam, Gewicht"}
    assert (desk.products(), desk.all(ImportRun, ImportRun.id)) == ({}, [])


def test_an_optional_column_may_be_missing_and_is_read_where_it_is_there(desk):
    profile = read_profile(OPTIONAL)
    header = "Nr;Naam;Gewicht;Gewicht eenheid"
    assert counts(desk.run("A1;a;;", header=header, profile=profile)) == (1, 1, 0, 0, 0)
    assert "missing columns" not in [rule for _, _, _, rule, _ in desk.report()]
    desk.run("A1;a;;;red", header=f"{header};Kleur", profile=profile)
    assert desk.products()["A1"].values["color"] == "red"


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


def test_a_file_that_is_read_otherwise_since_does_not_go_on_where_a_killed_run_stopped(desk):
    structure = structure_of(desk)
    profiles = [
        read_profile(OPTIONAL.replace('delimiter: ";"', f'delimiter: ";"{more}'))
        for more in ("", ", quote: none", ", header: 2")
    ]
    assert len({seed(structure, profile) for profile in profiles}) == 3


def test_columns_that_a_profile_ignores_may_be_double_or_nameless(desk):
    header = "Nr;Naam;Gewicht;Gewicht eenheid;Memo;;Memo"
    run = desk.run("A1;a;2;KILOGRAM;x;y;z", header=header, profile=read_profile(OPTIONAL))
    assert (counts(run), desk.products()["A1"].values["name-nl_NL"]) == ((1, 1, 0, 0, 0), "a")


def test_a_column_whose_name_is_written_in_another_case_is_the_same(desk):
    header = "NR;naam;GEWICHT;Gewicht  Eenheid"
    run = desk.run("A1;a;2;KILOGRAM", header=header, profile=read_profile(OPTIONAL))
    assert (counts(run), desk.products()["A1"].values["name-nl_NL"]) == ((1, 1, 0, 0, 0), "a")
    with pytest.raises(Invalid, match="“Naam” is there 2 times"):
        desk.run(
            "A1;a;2;GRAM;b", header="Nr;naam;Gewicht;Gewicht eenheid;NAAM", profile=desk.profile
        )


def test_of_two_names_in_another_case_the_exact_one_counts(desk):
    header = "Nr;Naam;Gewicht;Gewicht eenheid;naam"
    with pytest.raises(Invalid) as caught:
        desk.run("A1;a;2;KILOGRAM;b", header=header, profile=read_profile(OPTIONAL))
    assert list(caught.value.messages) == ["naam"]


def test_a_profile_that_names_an_unknown_attribute_changes_nothing(desk):
    columns = tuple(
        replace(one, to="taste") if one.to == "color" else one for one in desk.profile.columns
    )
    with pytest.raises(Invalid) as caught:
        desk.run("A1;;;;;;;;", profile=replace(desk.profile, columns=columns))
    assert (list(caught.value.messages), desk.products()) == (["Kleur"], {})


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, bytes(range(256)) * 40]
)
def test_empty_and_binary_files_change_nothing(desk, content):
    path = desk.folder / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid):
        import_products(desk.database, path, desk.profile, "x", desk.clock)
    assert desk.all(ImportRun, ImportRun.id) == []


def test_a_dry_run_keeps_nothing_but_its_report(desk):
    desk.run("A1;F;Een;1,00;;;;;")
    before = desk.products()
    run = desk.run("A1;F;Een;2,00;;;;;", "A2;F;Twee;x;;;;;", "A3;F;Drie;3,00;;;;;", dry_run=True)
    assert (counts(run), run.state, run.dry_run) == ((3, 2, 1, 0, 0), "done", True)
    assert {name: (one.values, one.version, one.seq) for name, one in desk.products().items()} == {
        name: (one.values, one.version, one.seq) for name, one in before.items()
    }
    assert (len(desk.all(Change, Change.id)), len(desk.all(SourceRow, SourceRow.key))) == (1, 1)
    assert desk.report() == [(3, "A2", "Prijs", "number", "skipped")]
    done = desk.run("A1;F;Een;2,00;;;;;", "A2;F;Twee;x;;;;;", "A3;F;Drie;3,00;;;;;")
    assert (counts(done), done.left_out) == ((3, 2, 1, 0, 0), run.left_out)


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


class Died(Exception):
    """What our own code never catches."""


def dying(monkeypatch, at):
    """From the given batch on, the process "dies" when its rows are written but not committed."""
    written = BatchWriter.write
    calls = []

    def write(self, session, batch, now):
        written(self, session, batch, now)
        calls.append(batch.rows)
        if len(calls) == at:
            raise Died

    monkeypatch.setattr(BatchWriter, "write", write)


LINES = [f"A{number};F;Fiets {number};{number},00;;;;;" for number in range(1, 8)]
LINES[4:4] = ["A9;F;Fout;x;;;;;", "a1;F;Dubbel;7,00;;;;;"]


def test_a_run_that_dies_goes_on_where_it_stopped(desk, monkeypatch):
    monkeypatch.setattr(batch_reader, "BATCH", 2)
    with monkeypatch.context() as patch:
        dying(patch, at=4)
        with pytest.raises(Died):
            desk.run(*LINES, job=desk.job())
    (half,) = desk.all(ImportRun, ImportRun.id)
    assert (half.state, half.cursor, counts(half), len(desk.products())) == (
        "running",
        6,
        (6, 5, 0, 0, 1),
        5,
    )
    run = desk.run(*LINES, job=desk.job())
    assert (run.id, run.state, run.cursor, counts(run)) == (half.id, "done", 9, (9, 8, 0, 0, 1))
    assert run.left_out == 1
    assert sorted(desk.products()) == [f"A{number}" for number in (1, 2, 3, 4, 5, 6, 7, 9)]
    assert {one.version for one in desk.products().values()} == {1}
    assert (len(desk.all(Change, Change.id)), len(desk.all(SourceRow, SourceRow.key))) == (8, 7)
    assert [(line, rule) for line, _, _, rule, _ in desk.report()] == [
        (6, "number"),
        (7, "duplicate"),
    ]


def test_a_duplicate_is_found_after_a_resume(desk, monkeypatch):
    monkeypatch.setattr(batch_reader, "BATCH", 2)
    lines = [*LINES[:4], "a1;F;Dubbel;7,00;;;;;"]
    with monkeypatch.context() as patch:
        dying(patch, at=2)
        with pytest.raises(Died):
            desk.run(*lines, job=desk.job())
    assert counts(desk.run(*lines, job=desk.job())) == (5, 4, 0, 0, 1)
    assert desk.products()["A1"].values["price-EUR"] == "1.00"


def test_an_error_of_ours_closes_the_run_with_its_reason(desk, monkeypatch):
    def write(self, session, rows, now):
        raise Invalid({})

    with monkeypatch.context() as patch:
        patch.setattr(BatchWriter, "write", write)
        with pytest.raises(Invalid):
            desk.run(*LINES)
    (run,) = desk.all(ImportRun, ImportRun.id)
    assert (run.state, run.finished) == ("failed", desk.clock())


CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pim.db import Database
from pim.imports import batch_reader
from pim.imports import run as runs
from pim.imports.profiles import FileSettings, read_profile
from pim.migrate import load_models

load_models()
batch_reader.BATCH = 20
runs.import_products(
    Database(sys.argv[1]), Path(sys.argv[2]), read_profile(Path(sys.argv[3]).read_text()),
    "erp import", lambda: datetime.now(UTC), dry_run=sys.argv[4] == "trial",
    progress=lambda done, total, sentence: print(done, flush=True),
)
"""


def begin_and_kill(desk, tmp_path, lines, what):
    """A run ("trial" or "import") that is killed after some batches; what it left behind."""
    path, profile = desk.file(*lines), tmp_path / "erp.yaml"
    profile.write_text(PROFILE)
    url = desk.database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", CHILD, url, str(path), str(profile), what]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for _ in range(5):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    (half,) = desk.all(ImportRun, ImportRun.id)
    return half


MANY_LINES = [f"A{number};F;Fiets {number};{number},00;;;;city;" for number in range(1, 601)]


def test_a_trial_that_was_killed_is_closed_by_the_next_one_after_a_while(desk, tmp_path):
    half = begin_and_kill(desk, tmp_path, MANY_LINES, "trial")
    assert half.state == "running"
    desk.clock.now = half.seen + SILENCE + timedelta(seconds=1)
    run = desk.run(*MANY_LINES, dry_run=True)
    states = {one.id: one.state for one in desk.all(ImportRun, ImportRun.id)}
    assert states == {half.id: "failed", run.id: "done"}


def test_a_trial_that_is_stopped_says_so(desk):
    def stop(done, total, sentence):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.run(*LINES, dry_run=True, progress=stop)
    (run,) = desk.all(ImportRun, ImportRun.id)
    assert (run.state, run.finished) == ("failed", desk.clock())
    assert "stopped" in run.error


def test_kill_9_in_mid_file(desk, tmp_path):
    lines = MANY_LINES
    half = begin_and_kill(desk, tmp_path, lines, "import")
    assert (half.state, half.rows) == ("running", half.cursor)
    assert 100 <= half.cursor < 600
    assert len(desk.products()) == half.cursor
    run = desk.run(*lines)
    assert (run.id, counts(run)) == (half.id, (600, 600, 0, 0, 0))
    products = desk.products()
    assert (len(products), {one.version for one in products.values()}) == (600, {1})
    assert sorted(one.seq for one in products.values()) == list(range(1, 601))
    assert (len(desk.all(Change, Change.id)), len(desk.all(SourceRow, SourceRow.key))) == (600, 600)
    assert counts(desk.run(*lines)) == (600, 0, 0, 600, 0)


def prices(desk):
    return {name: str(one.values["price-EUR"]) for name, one in desk.products().items()}


def test_a_corrected_profile_reads_the_file_of_a_killed_import_from_its_beginning(desk, tmp_path):
    half = begin_and_kill(desk, tmp_path, MANY_LINES, "import")
    run = desk.run(*MANY_LINES, profile=replace(desk.profile, always={"color": "blue"}))
    assert (run.id != half.id, run.rows) == (True, 600)
    assert {one.values["color"] for one in desk.products().values()} == {"blue"}


def test_a_changed_structure_reads_the_file_of_a_killed_import_from_its_beginning(desk, tmp_path):
    half = begin_and_kill(desk, tmp_path, MANY_LINES, "import")
    attributes = STRUCTURE["attributes"]
    corrected = {**attributes, "price": {**attributes["price"], "decimals": 3}}
    with desk.database.writing() as session:
        structures.apply(session, {**STRUCTURE, "attributes": corrected})
    run = desk.run(*MANY_LINES)
    assert (run.id != half.id, run.rows) == (True, 600)
    assert {one.id: one.state for one in desk.all(ImportRun, ImportRun.id)}[half.id] == "failed"


def test_the_file_before_last_given_again_is_what_the_hub_says_in_the_end(desk, tmp_path):
    """A killed import of yesterday's file, today's file, and yesterday's again: it used to go on in
    the middle and leave today's prices in the rows before.
    """
    begin_and_kill(desk, tmp_path, MANY_LINES, "import")
    desk.clock.advance(minutes=6)
    desk.run(*[line.replace(",00", ",99") for line in MANY_LINES])
    assert prices(desk)["A1"] == "1.99"
    desk.run(*MANY_LINES)
    assert prices(desk) == {f"A{number}": f"{number}.00" for number in range(1, 601)}
    states = [one.state for one in desk.all(ImportRun, ImportRun.id)]
    assert sorted(states) == ["done", "done", "failed"]


def test_what_the_file_does_not_say_the_profile_says_for_every_row(desk):
    profile = replace(desk.profile, always={"family": "bikes", "name-nl_NL": "Fiets"})
    desk.run("a;;;;;;;;", "b;;Bakfiets;;;;;;", profile=profile)
    found = {name: (one.family, one.values["name-nl_NL"]) for name, one in desk.products().items()}
    assert found == {"a": ("bikes", "Fiets"), "b": ("bikes", "Bakfiets")}


def test_a_wrong_value_for_every_row_is_named_before_anything_is_written(desk):
    with pytest.raises(Invalid) as refused:
        desk.run("a;;;;;;;;", profile=replace(desk.profile, always={"price-EUR": "cheap"}))
    assert list(refused.value.messages) == ["always.price-EUR"]


def test_others_save_while_a_trial_is_running(desk, monkeypatch):
    """In the middle of the file, as a person would: it used to wait for the end of the trial."""
    monkeypatch.setattr(batch_reader, "BATCH", 1)
    desk.run("A;F;Fiets;1,00;;;;;")
    saved = []

    def save(done, total, sentence):
        with desk.database.writing() as session:
            edit = ProductInput("A", {"name-nl_NL": f"Fiets {done}"})
            saved.append(service.write(session, [edit], HUB, desk.clock())[0].outcome)

    lines = [f"{name};F;Fiets;1,00;;;;;" for name in "BCDE"]
    run = desk.run(*lines, dry_run=True, progress=save)
    assert saved == ["updated"] * 4
    assert (run.created, run.state) == (4, "done")
    assert list(desk.products()) == ["A"]


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_trial_predicts_what_the_import_does(desk, monkeypatch, size):
    """Whatever stands in which batch: the same value twice, new and changed products, refusals."""
    monkeypatch.setattr(batch_reader, "BATCH", size)
    profile = replace(
        desk.profile, columns=(*desk.profile.columns, Column("EAN", "ean")), doubts="take"
    )
    desk.run("A;F;Fiets;1,00;;;;;")
    lines = [
        "A;F;Fiets;2,00;;;;;;4006381333931",
        "B;F;Fiets;1,00;;;GROEN;;;",
        "C;F;Fiets;1,00;;;ROOD;;;4006381333931",
        "D;F;Fiets;1,00;;;ROOD;;;5901234123457",
        "D;F;Fiets;1,00;;;ROOD;;;5901234123457",
        "E;F;Fiets;1,00;;;;;;5901234123457",
    ]
    more = {"header": f"{HEADER};EAN", "profile": profile}

    def said(run):
        return [
            (line.line, line.identifier, line.column, line.rule, line.severity, line.value)
            for line in desk.all(ImportProblem, ImportProblem.number)
            if line.run_id == run.id
        ]

    trial = desk.run(*lines, dry_run=True, **more)
    run = desk.run(*lines, **more)
    counted = ("rows", "created", "updated", "unchanged", "refused", "warnings")
    assert [getattr(trial, name) for name in counted] == [getattr(run, name) for name in counted]
    assert said(trial) == said(run)
    assert len(said(run)) == 4


def test_approving_products_leaves_their_rows_unchanged(desk, clock, monkeypatch):
    """By their hash: not one cell of them is read again."""
    desk.run("A;F;Fiets;1,00;;;;;", "B;F;Fiets;1,00;;;;;")
    with desk.database.writing() as session:
        publishing.approve(session, ["A", "B"], HUB, clock())
    with monkeypatch.context() as patched:
        patched.delattr(BatchReader, "_edit")
        again = desk.run("A;F;Fiets;1,00;;;;;", "B;F;Fiets;1,00;;;;;")
    assert (again.unchanged, again.updated) == (2, 0)
    with desk.database.writing() as session:
        service.write(session, [ProductInput("A", {"name-nl_NL": "Bakfiets"})], HUB, clock())
    again = desk.run("A;F;Fiets;1,00;;;;;", "B;F;Fiets;1,00;;;;;")
    # The row is read again: its name would overwrite what somebody wrote.
    assert again.warnings == 1


def test_a_corrected_label_leaves_every_row_unchanged_without_reading_it(desk, monkeypatch):
    """By the hash of the row: no row comes to the reader."""
    lines = ("A;F;Fiets;1,00;;;ROOD;;", "B;F;Fiets;1,00;;;;;")
    desk.run(*lines)
    with desk.database.writing() as session:
        document = nest(catalog.items(session))
        for attribute in document["attributes"].values():
            attribute["labels"] = {"nl_NL": "Beter"}
            attribute["help"] = {"nl_NL": "Uitleg"}
            for option in attribute.get("options", {}).values():
                option["labels"] = {"nl_NL": "Mooier"}
        for section in ("families", "categories"):
            for one in document[section].values():
                one["labels"] = {"nl_NL": "Anders"}
        assert structures.apply(session, document)

    read_row, read = RowReader.read, []

    def watched(self, cells):
        read.extend(cells)
        return read_row(self, cells)

    monkeypatch.setattr(RowReader, "read", watched)
    assert desk.run(*lines).unchanged == 2
    assert read == []


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
