"""A complete Akeneo export comes in whole: every value of every cell is found again, and what
cannot be taken is in the report.
"""

import csv
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from media.models import Asset
from media.storage import Storage
from pim.db import Database
from pim.errors import Invalid
from pim.imports.akeneo_run import AkeneoResult, import_akeneo
from pim.imports.models import ImportProblem, ImportRun
from pim.imports.report import problems
from pim.imports.run import ImportProgress
from pim.listing import merge
from pim.products.models import Change, Product
from pim.search.models import Term
from pim.structure import queries as catalog
from pim.structure.models import StructureItem
from pim.structure.objects import Attribute, Structure
from pim.values import Document

ROOT = Path(__file__).parents[2]
CELLS = 9_347
"""Filled cells that hold values; pictures, options and texts, but no categories, links or other
facts.
"""
TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(\s[^<>]*)?/?>")
FACTS = ("sku", "code", "categories", "enabled", "family", "family_variant", "parent", "groups")


@dataclass
class Hub:
    """A hub that an export has moved into."""

    database: Database
    storage: Storage
    folder: Path
    clock: Any

    def move_in(self, **options: Any) -> AkeneoResult:
        return import_akeneo(
            self.database, self.storage, self.folder, "anna", self.clock, **options
        )

    def report(self, moved: AkeneoResult) -> list[ImportProblem]:
        with self.database.reading() as session:
            return list(problems(session, moved.run.id))

    @cached_property
    def structure(self) -> Structure:
        with self.database.reading() as session:
            return catalog.structure(session)

    @cached_property
    def products(self) -> dict[str, Product]:
        with self.database.reading() as session:
            return {one.identifier: one for one in session.scalars(select(Product))}

    @cached_property
    def by_id(self) -> dict[int, Product]:
        return {one.id: one for one in self.products.values()}

    @cached_property
    def assets(self) -> dict[str, Asset]:
        with self.database.reading() as session:
            return {one.code: one for one in session.scalars(select(Asset))}

    def merged(self, identifier: str) -> Document:
        chain = [self.products[identifier]]
        while chain[0].parent_id is not None:
            chain.insert(0, self.by_id[chain[0].parent_id])
        return merge(one.values for one in chain)

    def counts(self) -> dict[str, int]:
        """Rows per table: what a dry run must not change."""
        with self.database.reading() as session:
            tables = (StructureItem, Product, Change, Term, Asset)
            return {
                table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
                for table in tables
            }


@pytest.fixture
def hub(database: Database, shared: Path, tmp_path: Path, clock: Any) -> Hub:
    return Hub(
        database,
        Storage((tmp_path / "storage").as_uri()),
        shared / "data" / "akeneo_icecat_demo_dev",
        clock,
    )


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """The file as Python's own reader sees it: no code of ours."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def test_everything_comes_in_and_the_second_time_nothing_changes(hub: Hub) -> None:
    moved = hub.move_in()
    assert (moved.run.rows, moved.run.created, moved.run.refused, moved.pictures) == (
        1320,
        1320,
        0,
        258,
    )
    assert moved.structure == {
        "locales": 3,
        "currencies": 2,
        "channels": 3,
        "groups": 11,
        "attributes": 77,
        "options": 121,
        "families": 17,
        "variants": 9,
        "categories": 168,
        "associations": 4,
    }
    assert Counter(one.kind for one in hub.products.values()) == {"product": 1239, "model": 81}
    lines = Counter((one.severity, one.rule) for one in hub.report(moved))
    assert lines == {
        ("warning", "check_digit"): 105,
        ("warning", "no family"): 1,
        ("skipped", "picture"): 12,
        ("skipped", "notice"): 1,
        ("warning", "notice"): 3,
    }
    check_every_cell(hub)
    check_index(hub)
    before = hub.counts()
    again = hub.move_in()
    assert (again.run.rows, again.run.unchanged, again.run.refused) == (1320, 1320, 0)
    assert (set(again.structure.values()), again.pictures) == ({0}, 258)
    assert hub.counts() == before


def check_every_cell(hub: Hub) -> None:
    """Every filled cell of both files, read with the standard library, is in the product as a
    channel would see it.
    """
    cells, lost = 0, []
    for name, key in (("products.csv", "sku"), ("product_models.csv", "code")):
        for row in rows(hub.folder, name):
            product, document = hub.products[row[key]], hub.merged(row[key])
            check_facts(hub, row, product, document)
            for column, cell in row.items():
                if (
                    cell
                    and column not in FACTS
                    and not column.endswith(("-unit", "-products", "-product_models", "-groups"))
                ):
                    cells += 1
                    if not is_found(hub, row, column, cell, document):
                        lost.append((row[key], column))
    assert (cells, len(lost), {column for _, column in lost}) == (CELLS, 12, {"image"}), lost


def check_facts(hub: Hub, row: dict[str, str], product: Product, document: Document) -> None:
    assert set(document.get("categories", ())) == set(filter(None, row["categories"].split(",")))
    assert product.enabled == (row.get("enabled", "1") == "1")
    parent = hub.by_id[product.parent_id].key if product.parent_id is not None else ""
    assert parent == row["parent"].casefold()  # the file spells one model in two ways
    if "family" in row:
        assert (product.family or "") == row["family"]
    else:
        assert (product.family_variant or "") == (
            "" if row["parent"] else row["family_variant"]
        ) or row["parent"]
    for column, cell in row.items():
        if column.endswith("-products") and cell:
            assert set(cell.split(",")) <= set(document[column])


def is_found(hub: Hub, row: dict[str, str], column: str, cell: str, document: Document) -> bool:
    address = column.lower() if column not in hub.structure.attribute_at else column
    attribute = hub.structure.attribute_at[address]
    value = document.get(address)
    if attribute.type.code == "asset":
        return is_picture(hub, cell, value)
    assert value is not None, (row, column)
    return is_same(attribute, row, column, cell, value)


def is_same(attribute: Attribute, row: dict[str, str], column: str, cell: str, value: Any) -> bool:
    dumped = attribute.type.dump(value)
    match attribute.type.code:
        case "number" | "price":
            return Decimal(dumped) == Decimal(cell)
        case "measurement":
            amount, unit = dumped.split(" ")
            return (Decimal(amount), unit) == (Decimal(cell), row[f"{column}-unit"])
        case "boolean":
            return dumped == cell
        case "richtext":
            return words(dumped) == words(cell)
        case "choices":
            return set(dumped.split(",")) == set(cell.split(","))
        case _:
            return dumped == cell


def words(markup: str) -> list[str]:
    """What a person reads. Styles and scripts are stripped at every door; “<US$600” is no tag."""
    return unescape(TAG.sub(" ", markup)).split()


def is_picture(hub: Hub, cell: str, code: Any) -> bool:
    path = hub.folder / cell
    if not path.is_file():
        return False
    digest = sha256(path.read_bytes()).hexdigest()
    assert digest.startswith(str(code))
    assert sha256(hub.storage.get(hub.assets[code].storage_key)).hexdigest() == digest
    return True


def check_index(hub: Hub) -> None:
    """A product without a family is complete nowhere; completeness differs by locale as the texts
    do.
    """
    with hub.database.reading() as session:
        counted = (
            select(Term.term, func.count()).where(Term.address == "complete").group_by(Term.term)
        )
        complete = dict(session.execute(counted).all())
    assert complete["print-en_US"] > complete["print-de_DE"]


def test_a_dry_run_reports_the_same_and_keeps_nothing(hub: Hub) -> None:
    before = hub.counts()
    tried = hub.move_in(dry_run=True)
    assert (
        tried.run.dry_run,
        tried.run.created,
        tried.structure["attributes"],
        tried.pictures,
    ) == (True, 1320, 77, 258)
    assert hub.counts() == before == dict.fromkeys(before, 0)
    assert list(hub.storage.list("")) == []
    done = hub.move_in()
    assert [(one.file, one.line, one.rule, one.message) for one in hub.report(tried)] == [
        (one.file, one.line, one.rule, one.message) for one in hub.report(done)
    ]


def test_the_smallest_start_set_comes_in_too(hub: Hub) -> None:
    hub.folder = hub.folder.parent / "akeneo_minimal"
    moved = hub.move_in()
    assert (moved.run.state, moved.run.rows, moved.structure["channels"], moved.pictures) == (
        "done",
        0,
        1,
        0,
    )
    assert hub.structure.identifier == "sku"
    tried = hub.move_in(dry_run=True)
    assert (tried.run.state, len(hub.report(tried)), set(tried.structure.values())) == (
        "done",
        3,
        {0},
    )


@pytest.fixture
def small(hub: Hub, tmp_path: Path) -> Hub:
    """The same structure with a handful of products that a test writes itself."""
    folder = tmp_path / "export"
    shutil.copytree(
        hub.folder,
        folder,
        ignore=shutil.ignore_patterns("files", "products.csv", "product_models.csv"),
    )
    hub.folder = folder
    return hub


def test_what_cannot_be_taken_costs_nothing_else(small: Hub) -> None:
    """A picture outside the folder, a name no file can have, a picture that is none, a wrong value,
    a double row.
    """
    (small.folder / "notes.jpg").write_bytes(b"no picture")
    (small.folder.parent / "secret.jpg").write_bytes(b"\xff\xd8\xff")
    lines = [
        "sku;family;name;picture;price-EUR",
        "A;tvs;Outside;../secret.jpg;1",
        f"B;tvs;Long;{'x' * 5000};2",
        "C;tvs;None;notes.jpg;3",
        "D;tvs;Dear;;duur",
        "A;tvs;Again;;4",
        "E;gone;Family;;5",
        "F;tvs;Fine;;6",
    ]
    products = "\n".join(lines).replace(
        "tvs", next(iter(rows(small.folder, "families.csv")))["code"]
    )
    (small.folder / "products.csv").write_text(products)
    moved = small.move_in()
    assert sorted(small.products) == ["A", "B", "C", "D", "E", "F"]
    assert (moved.run.created, moved.run.refused, moved.run.left_out) == (6, 1, 7)
    said = {
        (one.line, one.rule, one.severity)
        for one in small.report(moved)
        if one.file == "products.csv"
    }
    assert {
        (2, "picture", "skipped"),
        (3, "picture", "skipped"),
        (4, "picture", "skipped"),
        (5, "number", "skipped"),
        (7, "family", "skipped"),
    } <= said
    assert {line for line, _, severity in said if severity == "error"} == {6}


def test_a_corrected_file_changes_only_what_it_corrects(small: Hub) -> None:
    products = small.folder / "products.csv"
    products.write_text("sku;name;price-EUR\nA;One;1\nB;Two;2\n")
    small.move_in()
    products.write_text("sku;name;price-EUR\nA;One;1\nB;Two;3\n")
    moved = small.move_in()
    assert (moved.run.unchanged, moved.run.updated) == (1, 1)
    assert small.products["B"].values["price-EUR"] == "3.00"


@pytest.mark.parametrize("content", ["", "<html>", "sku;name\n"])
def test_a_folder_that_is_no_export(small: Hub, content: str) -> None:
    (small.folder / "channels.csv").unlink()
    with pytest.raises(Invalid, match=r"channels\.csv is missing"):
        small.move_in()
    assert small.counts()["structure_item"] == 0


def test_products_without_their_key_column_change_nothing(small: Hub) -> None:
    (small.folder / "products.csv").write_text("name;price-EUR\nA;1\n")
    with pytest.raises(Invalid, match="sku"):
        small.move_in()
    assert small.counts()["product"] == 0


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from media.storage import Storage
from pim.db import Database
from pim.imports.akeneo_run import import_akeneo

def die(done, total, sentence):
    if done >= 2000:
        os.kill(os.getpid(), 9)

url, storage, folder = sys.argv[1:]
clock = lambda: datetime.now(UTC)
import_akeneo(Database(url), Storage(storage), Path(folder), "anna", clock, progress=die)
"""


def test_a_killed_move_is_begun_again_and_ends_whole(small: Hub) -> None:
    (small.folder / "products.csv").write_text(
        "sku;name\n" + "".join(f"P{number};Thing {number}\n" for number in range(3500))
    )
    url = small.database.engine.url.render_as_string(hide_password=False)
    arguments = [url, Path(small.storage.folder or "").as_uri(), str(small.folder)]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], check=False, capture_output=True, cwd=ROOT
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert 2000 <= small.counts()["product"] < 3500
    moved = small.move_in()
    assert (moved.run.rows, moved.run.created + moved.run.unchanged, moved.run.refused) == (
        3500,
        3500,
        0,
    )
    assert moved.run.unchanged >= 2000
    with small.database.reading() as session:
        assert (
            session.scalars(select(ImportRun.state).order_by(ImportRun.started))
            .all()
            .count("running")
            == 0
        )
    assert len(small.products) == 3500


def test_a_move_that_is_stopped_or_breaks_does_not_stay_running(small: Hub) -> None:
    """Also while pictures are taken in, before the first row."""
    (small.folder / "notes.jpg").write_bytes(b"no picture")
    (small.folder / "products.csv").write_text("sku;name;picture\nA;Mug;notes.jpg\n")
    for step, dry_run in (("pictures", False), ("products", False), ("products", True)):
        with pytest.raises(ZeroDivisionError):
            small.move_in(dry_run=dry_run, progress=breaking(step))
    with small.database.reading() as session:
        ended = session.execute(select(ImportRun.state, ImportRun.error)).all()
    assert {state for state, _ in ended} == {"failed"}
    assert all("ZeroDivisionError" in error for _, error in ended)
    assert len(ended) == 3


def breaking(step: str) -> ImportProgress:
    def report(done: int, total: int, sentence: str) -> None:
        assert step != sentence or 1 // 0

    return report


def test_a_move_in_earnest_leaves_the_trial_of_the_same_folder_alone(small: Hub) -> None:
    (small.folder / "products.csv").write_text("sku;name\nA;Mug\n")

    def move(done: int, total: int, sentence: str) -> None:
        assert small.move_in().run.state == "done"

    assert small.move_in(dry_run=True, progress=move).run.state == "done"
