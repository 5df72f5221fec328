"""What is odd in an Akeneo folder costs nothing but itself, and is told."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from media.storage import Storage
from pim.db import Database
from pim.errors import EtalageError
from pim.imports import akeneo_run
from pim.imports.akeneo_run import AkeneoResult, import_akeneo
from pim.imports.models import ImportProblem, ImportRun
from pim.products.models import Product
from pim.structure import queries as catalog

FILES = {
    "channels": "code;locales;currencies;tree\nShop;nl_NL;EUR;Winkel\n",
    "currencies": "code;activated\nEUR;1\n",
    "categories": "code;parent\nwinkel;\nfietsen;Winkel\n",
    "attribute_groups": "code\nalgemeen\n",
    "attributes": (
        "code;type;group;localizable;decimals_allowed\n"
        "sku;pim_catalog_identifier;Algemeen;0;\n"
        "naam;pim_catalog_text;algemeen;1;\n"
        "prijs;pim_catalog_price_collection;algemeen;0;1\n"
        "aantal;pim_catalog_number;algemeen;0;0\n"
        "maat;pim_catalog_simpleselect;algemeen;0;\n"
        "foto;pim_catalog_image;algemeen;0;\n"
        "tabel;pim_catalog_table;algemeen;0;\n"
    ),
    "attribute_options": "attribute;code\nmaat;S\nmaat;L\n",
    "families": (
        "code;attributes;attribute_as_label;requirements-shop;requirements-beurs\n"
        "fiets;sku,naam,naam,Prijs,aantal,maat,foto,tabel,weg;Naam;sku,naam,naam;sku\n"
    ),
    "family_variants": (
        "code;family;variant-axes_1;variant-attributes_1\nper_maat;Fiets;maat,maat;maat,sku,prijs\n"
    ),
    "product_models": "code;family_variant;categories;naam-nl_NL\nM1;Per_Maat;Fietsen;Model\n",
    "products": (
        "sku;family;parent;categories;naam-nl_NL;naam-de_DE;prijs-EUR;prijs-USD;aantal;maat;foto\n"
        'A1;Fiets;;FIETSEN,weg;Fiets;Rad;0.0125;3;2.5;;"pics/rood, groot.png"\n'
        "A2;weg;;;Ander;;9.9;;;;\n"
        "V1;;M1;;;;10;;;S\n"
    ),
}


class Desk:
    def __init__(self, database: Database, folder: Path, clock: Any) -> None:
        self.database, self.folder, self.clock = database, folder / "export", clock
        self.storage = Storage((folder / "storage").as_uri())
        (self.folder / "pics").mkdir(parents=True)
        picture = BytesIO()
        Image.new("RGB", (9, 9)).save(picture, "PNG")
        (self.folder / "pics" / "rood, groot.png").write_bytes(picture.getvalue())

    def move_in(self, **files: str) -> AkeneoResult:
        for name, content in (FILES | files).items():
            (self.folder / f"{name}.csv").write_text(content, encoding="utf-8")
        return import_akeneo(self.database, self.storage, self.folder, "anna", self.clock)

    def product(self, identifier: str) -> Product:
        with self.database.reading() as session:
            return session.scalars(select(Product).where(Product.identifier == identifier)).one()

    def report(self) -> set[tuple[str, int, str, str]]:
        with self.database.reading() as session:
            return {
                (one.file, one.line, one.severity, str(one.message))
                for one in session.scalars(select(ImportProblem))
            }


@pytest.fixture
def desk(database: Database, tmp_path: Path, clock: Any) -> Desk:
    return Desk(database, tmp_path, clock)


def test_everything_else_comes_in(desk: Desk) -> None:
    run = desk.move_in().run
    assert (run.state, run.created, run.refused) == ("done", 4, 0)
    first = desk.product("A1")
    assert (first.family, first.values["categories"]) == ("fiets", ["fietsen"])
    assert (first.values["naam-nl_NL"], first.values["prijs-EUR"]) == ("Fiets", "0.0125")
    assert (first.values["aantal"], len(first.values["foto"])) == ("2.5", 20)
    second = desk.product("A2")
    assert (second.family, second.values["naam-nl_NL"]) == (None, "Ander")
    assert desk.product("V1").family == "fiets"


def test_every_loss_and_every_doubt_is_told(desk: Desk) -> None:
    run = desk.move_in().run
    report = desk.report()
    assert {line for line in report if line[2] == "skipped"} == {
        (
            "attributes.csv",
            8,
            "skipped",
            "The attribute “tabel” of type “pim_catalog_table” is not taken.",
        ),
        ("families.csv", 2, "skipped", "The attribute “weg” of the family “fiets” is not there."),
        (
            "families.csv",
            2,
            "skipped",
            "“requirements-beurs” of “fiets” is not taken: there is no such channel.",
        ),
        ("products.csv", 0, "skipped", "The column “naam-de_DE” is not taken; 1 row fills it."),
        ("products.csv", 0, "skipped", "The column “prijs-USD” is not taken; 1 row fills it."),
        ("products.csv", 2, "skipped", "There is no category “weg”."),
        ("products.csv", 3, "skipped", "There is no family “weg”."),
    }
    assert {line for line in report if line[2] == "warning"} == {
        ("attributes.csv", 0, "warning", "Values of “prijs” have up to 4 decimals; they are kept."),
        (
            "attributes.csv",
            0,
            "warning",
            "Values of “aantal” have up to 1 decimal; it is kept.",
        ),
        (
            "products.csv",
            4,
            "warning",
            "The row has fewer cells than the header; the others count as empty.",
        ),
    }
    assert (run.left_out, run.warnings) == (7, 3)


def test_a_variant_is_not_doubted_for_what_its_model_says(desk: Desk) -> None:
    desk.move_in()
    told = {line[3] for line in desk.report()}
    assert not told & {"This product has no family.", "This product has no name."}


def test_prices_are_facts(desk: Desk) -> None:
    desk.move_in()
    with desk.database.reading() as session:
        assert catalog.structure(session).attributes["prijs"].fact


def test_a_second_time_nothing_changes_and_all_is_told_again(desk: Desk) -> None:
    first = desk.move_in().run
    again = desk.move_in().run
    assert (again.unchanged, again.left_out, again.warnings) == (4, first.left_out, first.warnings)


def test_a_move_that_is_stopped_has_failed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise EtalageError("No.")

    monkeypatch.setattr(akeneo_run, "take_in_files", refuse)
    with pytest.raises(EtalageError):
        desk.move_in()
    with desk.database.reading() as session:
        (run,) = session.scalars(select(ImportRun))
        assert (run.state, run.error) == ("failed", "No.")
