"""The demo comes in as README.md of its folder says: these rows refused for these reasons, the rest
in the feeds.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import yaml
from sqlalchemy import select

from media.storage import Storage
from pim.db import Database
from pim.demo.load import HERE
from pim.demo.statuses import status
from pim.feeds import service as feeds
from pim.feeds.run import run_feed
from pim.imports.models import ImportRun
from pim.imports.profiles import read_profile
from pim.imports.report import problems
from pim.imports.run import import_products
from pim.products import publishing
from pim.products.change import Origin
from pim.products.models import Product
from pim.structure import service as catalog

Clock = Callable[[], datetime]
PEOPLE = Origin("job", "demo", "hub")


def take_in(database: Database, name: str, clock: Clock) -> ImportRun:
    profile = read_profile((HERE / f"{name}.yaml").read_bytes())
    return import_products(database, HERE / f"{name}.csv", profile, "demo", clock)


def load(database: Database, clock: Clock) -> dict[str, ImportRun]:
    with database.writing() as session:
        catalog.apply(session, yaml.safe_load((HERE / "structure.yaml").read_text("utf-8")))
    return {
        name: take_in(database, name, clock)
        for name in ("erp_models", "erp", "texts_models", "texts")
    }


def complaints(database: Database, run: ImportRun, severity: str) -> dict[tuple[str, str], str]:
    with database.reading() as session:
        return {
            (line.identifier, line.column): line.rule
            for line in problems(session, run.id)
            if line.severity == severity
        }


def test_exactly_the_faulty_values_and_rows_are_left_out(database: Database, clock: Clock) -> None:
    runs = load(database, clock)
    assert complaints(database, runs["erp"], "skipped") == {
        ("KL-2210-WIT-XXL", "Verkoopprijs"): "number",
        ("SC-3110-45", "Gewicht"): "min",
        ("FI-1230-60", "Leverbaar vanaf"): "date",
        ("SC-3220-43", "Kassatekst"): "max_length",
        ("KL-2310-ZAND-XS", "Maat"): "option",
        ("AC-6998", "Artikelgroep"): "family",
    }
    assert complaints(database, runs["erp"], "error") == {
        ("KL-2310-ZAND-XS", "Maat"): "no axis",
        ("KL-2999-ROOD-M", "Model"): "parent",
        ("KL-2120-GRIJS-M", "Artikelnummer"): "duplicate",
    }
    assert complaints(database, runs["erp"], "warning") == {
        ("KL-2010-GEEL-L", "EAN"): "check_digit",
        ("AC-6831", "EAN"): "check_digit",
    }
    assert (runs["erp_models"].refused, runs["texts_models"].refused, runs["texts"].refused) == (
        0,
        0,
        0,
    )
    assert (runs["erp_models"].created, runs["erp"].created) == (59, 305)


def test_a_second_night_changes_nothing(database: Database, clock: Clock) -> None:
    load(database, clock)
    again = take_in(database, "erp", clock)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 305)


def test_approved_products_are_in_the_feeds(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    load(database, clock)
    with database.writing() as session:
        approved = [
            one for one in session.scalars(select(Product.identifier)) if status(one) == "approved"
        ]
        results = publishing.approve(session, approved, PEOPLE, clock())
        for code, definition in yaml.safe_load((HERE / "feeds.yaml").read_text("utf-8")).items():
            feeds.define(session, code, definition, clock())
    # The one whose family the file spelled wrong is complete nowhere.
    assert [result.identifier for result in results if result.is_refused] == ["AC-6998"]
    storage = Storage((tmp_path / "storage").as_uri())
    built = {
        code: run_feed(database, storage, tmp_path, code, "https://hub.example", clock)
        for code in ("tryton_till", "ubl_wholesale")
    }
    # 305, less 17 that are no longer or not yet approved, 7 switched off and so on; the wholesale
    # feed also wants an English name
    assert {code: (build.state, build.items) for code, build in built.items()} == {
        "tryton_till": ("published", 273),
        "ubl_wholesale": ("published", 269),
    }
