"""A file going in: what it creates and changes, and what it leaves alone."""

from dataclasses import replace
from functools import partial
from io import BytesIO

from PIL import Image

from media.service import take_in
from media.storage import Storage
from pim.imports.batch_reader import BatchReader
from pim.imports.models import SourceRow
from pim.products import publishing, service
from pim.products.change import Origin, ProductInput
from pim.products.models import Change
from pim.row_reader import Column, RowReader
from pim.search.models import Term
from pim.structure import queries as catalog
from pim.structure import service as structures
from pim.structure.document import nest
from tests.imports.conftest import HEADER, HUB, counts


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
        ("_name:nl_NL", "stadsfiets"),
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
