"""docs/files.md describes one small shop: what stands there works as it stands."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from media.storage import Storage
from pim.db import Database
from pim.feeds import service as feeds
from pim.feeds.run import run_feed
from pim.imports.profiles import read_profile
from pim.imports.run import import_products
from pim.products import publishing
from pim.products.change import Origin
from pim.structure import service as catalog
from pim.structure.queries import structure

PAGE = Path(__file__).resolve().parents[2] / "docs" / "files.md"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    assert found, f"docs/files.md has no block “{kind}”"
    return found.group(1)


@pytest.fixture
def shop(sqlite_database: Database) -> Database:
    with sqlite_database.writing() as session:
        catalog.apply(session, yaml.safe_load(block("yaml structure")))
    return sqlite_database


def test_the_page_is_a_shop_that_works(shop: Database, tmp_path: Path) -> None:
    articles = tmp_path / "articles.csv"
    articles.write_text(block("csv"), "utf-8")
    run = import_products(shop, articles, read_profile(block("yaml profile")), "test", lambda: NOW)
    assert (run.created, run.refused, run.warnings) == (2, 0, 0)
    with shop.writing() as session:
        publishing.approve(session, ["B-41", "B-42"], Origin("user", "test", "hub"), NOW)
        for code, definition in yaml.safe_load(block("yaml feeds")).items():
            feeds.define(session, code, definition, NOW)
    storage = Storage((tmp_path / "storage").as_uri())
    build = run_feed(
        shop, storage, tmp_path / "tmp", "google_nl", "http://hub.example", lambda: NOW
    )
    assert (build.state, build.items) == ("published", 2)
    assert "B-41\tLaars Plas" in storage.get(build.path).decode()


def test_the_structure_of_pictures_is_one(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        catalog.apply(session, yaml.safe_load(block("yaml assets")))
        assert set(structure(session).families_of("asset")) == {"photo"}


def test_every_attribute_type_and_exporter_is_named() -> None:
    from pim.attributes import all_types
    from pim.feeds.registry import all_exporters

    page = PAGE.read_text("utf-8")
    assert [
        name for name in (*all_types(), *all_exporters()) if not re.search(rf"\b{name}\b", page)
    ] == []
