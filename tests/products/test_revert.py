"""Taking back a run: values return, later work of others stays, what was created is retired."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from pim.db import Database
from pim.products import queries, revert, service
from pim.products.change import Origin, ProductInput
from pim.products.models import Change
from pim.structure import service as catalog

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PERSON = Origin("user", "anna@example.org", "hub")
RUN = Origin("import", "erp", None, "run1")
UNDO = Origin("revert", "anna@example.org", None, "undo1")
STRUCTURE = {
    "locales": ["nl_NL"],
    "channels": {"webshop": {"locales": ["nl_NL"]}},
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text"},
        "colour": {"type": "text"},
        "size": {"type": "text"},
    },
    "families": {"shoes": {"attributes": ["sku", "name", "colour", "size"], "label": "name"}},
}


@pytest.fixture
def shop(database: Database) -> Database:
    with database.writing() as session:
        catalog.apply(session, STRUCTURE)
        service.write(
            session,
            [ProductInput("A", {"family": "shoes", "name": "Boot", "colour": "red"})],
            PERSON,
            NOW,
        )
    return database


def take_back(database: Database) -> list[object]:
    with database.writing() as session:
        return list(revert.revert(session, "run1", revert.products_of(session, "run1"), UNDO, NOW))


def test_values_return_to_what_they_were_before_the_run(shop: Database) -> None:
    with shop.writing() as session:
        service.write(
            session, [ProductInput("A", {"name": "Shoe", "colour": None, "size": "42"})], RUN, NOW
        )
        service.write(session, [ProductInput("A", {"name": "Clog"})], RUN, NOW)
    take_back(shop)
    with shop.reading() as session:
        assert queries.get(session, "A").product.values == {
            "sku": "A",
            "name": "Boot",
            "colour": "red",
        }


def test_what_somebody_changed_since_stays_and_is_listed(shop: Database) -> None:
    with shop.writing() as session:
        service.write(session, [ProductInput("A", {"name": "Shoe", "colour": "blue"})], RUN, NOW)
        service.write(session, [ProductInput("A", {"name": "Sandal"})], PERSON, NOW)
    with shop.writing() as session:
        (result,) = revert.revert(session, "run1", revert.products_of(session, "run1"), UNDO, NOW)
    assert [(problem.address, problem.severity) for problem in result.problems] == [
        ("name", "kept")
    ]
    with shop.reading() as session:
        assert queries.get(session, "A").product.values == {
            "sku": "A",
            "name": "Sandal",
            "colour": "red",
        }


def test_a_product_that_the_run_created_is_retired(shop: Database) -> None:
    with shop.writing() as session:
        service.write(session, [ProductInput("B", {"family": "shoes", "name": "Wrong"})], RUN, NOW)
    take_back(shop)
    with shop.reading() as session:
        assert queries.get(session, "B").product.status == "retired"


def test_a_structural_change_is_taken_back_too(shop: Database) -> None:
    with shop.writing() as session:
        service.write(session, [ProductInput("A", {"enabled": False, "family": None})], RUN, NOW)
    take_back(shop)
    with shop.reading() as session:
        product = queries.get(session, "A").product
        assert (product.enabled, product.family) == (True, "shoes")


def test_a_second_time_changes_nothing_and_the_revert_is_a_change_of_its_own(
    shop: Database,
) -> None:
    with shop.writing() as session:
        service.write(session, [ProductInput("A", {"name": "Shoe"})], RUN, NOW)
    take_back(shop)
    take_back(shop)
    with shop.reading() as session:
        sources = session.scalars(select(Change.source).order_by(Change.id)).all()
    assert sources == ["user", "import", "revert"]
