"""`pim check` says nothing of a healthy hub and names every fault that was planted; `--repair`
heals what can be healed.
"""

import gzip
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from pim import consistency
from pim.imports.lifecycle import RunRequest, begin
from pim.jobs.models import Job
from pim.products import index_parts, maintenance, restructure
from pim.products.models import Product
from pim.search.models import IndexPart, Term
from tests.backup.shop import NOW, Hub

Plant = Callable[[Hub], None]


def found(hub: Hub) -> list[str]:
    return [str(one) for one in consistency.check(hub.database, hub.storage)]


def run(hub: Hub, *statements: str) -> None:
    with hub.database.writing() as session:
        for statement in statements:
            session.execute(text(statement))


def path_of(hub: Hub, prefix: str, ending: str = "") -> Path:
    """The one file of the storage with this beginning and ending."""
    (key,) = [one.key for one in hub.storage.list(prefix) if one.key.endswith(ending)]
    path = hub.storage.local_path(key)
    assert path is not None
    return path


def paths(hub: Hub, prefix: str) -> list[Path]:
    found = (hub.storage.local_path(one.key) for one in hub.storage.list(prefix))
    return [path for path in found if path is not None]


def word_key(hub: Hub) -> str:
    return "rowid" if hub.database.engine.dialect.name == "sqlite" else "product_id"


def test_a_healthy_hub_has_nothing_to_say(hub: Hub) -> None:
    assert found(hub) == []


def without_original(hub: Hub) -> None:
    path_of(hub, "originals/").unlink()


def shortened_original(hub: Hub) -> None:
    path_of(hub, "originals/").write_bytes(b"half")


def flip(path: Path, place: int = -20) -> None:
    """One bit of a file: its size stays."""
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def flipped_original(hub: Hub) -> None:
    flip(path_of(hub, "originals/"))


def flipped_rendition(hub: Hub) -> None:
    flip(next(path for path in paths(hub, "renditions/")))


def flipped_zip(hub: Hub) -> None:
    feed = path_of(hub, "feeds/", ".csv")
    zipped = gzip.compress(feed.read_bytes())
    feed.with_name(f"{feed.name}.gz").write_bytes(zipped)
    assert found(hub) == []
    flip(feed.with_name(f"{feed.name}.gz"))


def nobodys_file(hub: Hub) -> None:
    hub.storage.put("originals/aa/nobodys.png", b"x")
    path = hub.storage.local_path("originals/aa/nobodys.png")
    assert path is not None
    os.utime(path, (0, 0))


def no_price(hub: Hub) -> None:
    run(
        hub,
        """UPDATE product SET published = '{"price-EUR":"cheap"}' WHERE key = 's-3'""",
    )


def run_of_nobody(hub: Hub) -> None:
    with hub.database.writing() as session:
        wanted = RunRequest("erp", {}, "articles.csv", "0" * 64, "", "anna", False)
        begin(session, wanted, lambda: NOW)


def without_feed(hub: Hub) -> None:
    path_of(hub, "feeds/", ".csv").unlink()


def another_feed(hub: Hub) -> None:
    path = path_of(hub, "feeds/", ".csv")
    path.write_bytes(path.read_bytes().replace(b"99.00", b"98.00"))


def without_build(hub: Hub) -> None:
    run(hub, "UPDATE feed SET published = 99")


def term_lost(hub: Hub) -> None:
    run(
        hub,
        "DELETE FROM term WHERE address = 'color' AND term = 'red' AND product_id = (SELECT id FROM"
        " product WHERE key = 's-1-red')",
    )


def term_too_many(hub: Hub) -> None:
    with hub.database.writing() as session:
        session.execute(insert(Term).values(address="color", term="red", product_id=1))


def words_lost(hub: Hub) -> None:
    run(hub, f"DELETE FROM word WHERE {word_key(hub)} = 1")


def other_words(hub: Hub) -> None:
    words = "'other'" if word_key(hub) == "rowid" else "array_to_tsvector(ARRAY['other'])"
    run(
        hub,
        f"DELETE FROM word WHERE {word_key(hub)} = 1",
        f"INSERT INTO word ({word_key(hub)}, words) VALUES (1, {words})",
    )


def stranger_in_the_index(hub: Hub) -> None:
    with hub.database.writing() as session:
        session.execute(insert(Term).values(address="color", term="red", product_id=999))


def old_index(hub: Hub) -> None:
    with hub.database.writing() as session:
        made_before = update(IndexPart).where(IndexPart.part == "words").values(fingerprint="old")
        session.execute(made_before)


def below_a_product(hub: Hub) -> None:
    run(
        hub,
        "UPDATE product SET parent_id = (SELECT id FROM product WHERE key = 's-2') WHERE key ="
        " 's-1-red'",
    )


def another_root(hub: Hub) -> None:
    with hub.database.writing() as session:
        session.execute(update(Product).where(Product.key == "s-1-red").values(root_id=99))


def torn_values(hub: Hub) -> None:
    run(hub, """UPDATE product SET "values" = '{"sku":"S-' WHERE key = 's-1-red'""")


def unknown_family(hub: Hub) -> None:
    run(hub, "UPDATE product SET family = 'hats' WHERE key = 's-3'")


def unknown_value(hub: Hub) -> None:
    run(hub, """UPDATE product SET published = '{"name-fr_FR":"Chemise"}' WHERE key = 's-3'""")


def another_family(hub: Hub) -> None:
    hub_with_hats = {"families": {"hats": {"attributes": ["sku", "name", "price", "color"]}}}
    with hub.database.writing() as session:
        restructure.apply(session, hub_with_hats)
        session.execute(update(Product).where(Product.key == "s-1-red").values(family="hats"))
    maintenance.reindex(hub.database)


def without_axis(hub: Hub) -> None:
    with hub.database.writing() as session:
        values = {"sku": "S-1-RED"}
        session.execute(update(Product).where(Product.key == "s-1-red").values(values=values))
    maintenance.reindex(hub.database)


def lost_link(hub: Hub) -> None:
    with hub.database.writing() as session:
        restructure.apply(session, {"associations": {"upsell": {}}})
        product = session.scalars(select(Product).where(Product.key == "s-3")).one()
        product.values = {**product.values, "upsell-products": ["S-2", "S-99"]}
        for key in ("s-2", "s-99"):
            term = index_parts.named_at("upsell-products", key)
            session.add(Term(address=index_parts.NAMED, term=term, product_id=product.id))


def job_of_nobody(hub: Hub) -> None:
    with hub.database.writing() as session:
        session.execute(update(Job).values(state="running", lease_until=None, token=None))


FAULTS: list[tuple[Plant, str]] = [
    (without_original, "Picture "),
    (shortened_original, "Picture "),
    (flipped_original, "Picture "),
    (flipped_rendition, "Picture "),
    (nobodys_file, "Nothing names 1 file, originals/aa/nobodys.png"),
    (without_feed, "Feed till"),
    (flipped_zip, "Feed till: its zipped file"),
    (another_feed, "Feed till"),
    (without_build, "Feed till"),
    (term_lost, "Product S-1-RED: the index"),
    (term_too_many, "Product S-1: the index"),
    (words_lost, "Product S-1: the index"),
    (other_words, "Product S-1: the index"),
    (stranger_in_the_index, "The index knows 1 product that does not exist."),
    (old_index, "The index is from before"),
    (below_a_product, "Product S-1-RED: the model"),
    (another_root, "Product S-1-RED: the model"),
    (lost_link, "Product S-3: “upsell-products” names “S-99”, which is not there"),
    (another_family, "Product S-1-RED: its model “S-1” is of another family"),
    (without_axis, "Product S-1-RED: The variants of its model differ by color"),
    (torn_values, "Product S-1-RED: what is stored of it cannot be read"),
    (unknown_family, "Product S-3: the structure does not know “hats”"),
    (unknown_value, "Product S-3: the structure does not know “name-fr_FR”"),
    (no_price, "Product S-3: what it holds at “price-EUR”"),
    (job_of_nobody, "Job 1 (feed) runs"),
    (run_of_nobody, "The import of articles.csv runs"),
]


@pytest.mark.parametrize(
    ("plant", "sentence"), FAULTS, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_planted_fault_is_named_once(hub: Hub, plant: Plant, sentence: str) -> None:
    plant(hub)
    (said,) = found(hub)
    assert said.startswith(sentence)


@pytest.mark.parametrize(
    "plant", [term_lost, term_too_many, words_lost, other_words, stranger_in_the_index, old_index]
)
def test_repair_builds_the_index_anew(hub: Hub, plant: Plant) -> None:
    plant(hub)
    consistency.repair(hub.database, hub.storage, NOW)
    assert found(hub) == []


@pytest.mark.parametrize(
    "plant", [flipped_rendition, flipped_zip, nobodys_file, job_of_nobody, run_of_nobody]
)
def test_repair_heals_what_can_be_made_again_and_ends_what_nobody_runs(
    hub: Hub, plant: Plant
) -> None:
    plant(hub)
    consistency.repair(hub.database, hub.storage, datetime.now(UTC))
    assert found(hub) == []


def test_repair_does_not_touch_a_broken_original(hub: Hub) -> None:
    flipped_original(hub)
    (before,) = found(hub)
    consistency.repair(hub.database, hub.storage, datetime.now(UTC))
    assert found(hub) == [before]


@pytest.mark.parametrize("plant", [without_feed, another_feed])
def test_a_full_build_brings_a_lost_feed_back(hub: Hub, plant: Plant) -> None:
    before = hub.published()
    plant(hub)
    hub.run_feed(full=True)
    assert found(hub) == []
    assert hub.published() == before


def test_repair_removes_what_nothing_has_named_for_a_day(sqlite_hub: Hub) -> None:
    named = {one.key for one in sqlite_hub.storage.list("")}
    for key in (
        "originals/aa/nobodys.png",
        "feeds/till/nobodys.csv",
        "feeds/till/nobodys.csv.report",
    ):
        sqlite_hub.storage.put(key, b"x")
    young, old = datetime.now(UTC), datetime.now(UTC) + timedelta(days=2)
    consistency.repair(sqlite_hub.database, sqlite_hub.storage, young)
    assert len(list(sqlite_hub.storage.list(""))) == len(named) + 3
    consistency.repair(sqlite_hub.database, sqlite_hub.storage, old)
    assert {one.key for one in sqlite_hub.storage.list("")} == named


def test_rows_that_point_nowhere_are_named(sqlite_hub: Hub) -> None:
    with sqlite_hub.database.engine.connect() as connection:
        driver = connection.connection.cursor()
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("UPDATE product SET parent_id = 999 WHERE id = 2")
        driver.execute("PRAGMA foreign_keys=ON")
    assert found(sqlite_hub) == ["Table product: row 2 points to a row that does not exist."]


def test_a_damaged_database_file_is_named(sqlite_hub: Hub) -> None:
    """Overwrite the rows of a page in the middle, as a failing disk would."""
    with sqlite_hub.database.engine.connect() as connection:
        root = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_product_root'"
        ).scalar_one()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    sqlite_hub.database.close()
    with (sqlite_hub.settings.home / "etalage.db").open("r+b") as file:
        file.seek((root - 1) * size + size // 2)
        file.write(os.urandom(size // 2))
    assert any("damaged" in one for one in found(sqlite_hub))


def test_many_faults_of_one_kind_are_counted(sqlite_hub: Hub) -> None:
    sqlite_hub.edit({f"N-{number:02}": {"family": "shirts"} for number in range(50)})
    run(sqlite_hub, "DELETE FROM word WHERE rowid IN (SELECT id FROM product WHERE key LIKE 'n-%')")
    said = found(sqlite_hub)
    assert len(said) == 21
    assert said[-1] == "… and 30 more of this kind."
