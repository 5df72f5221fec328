"""Taking back a run: values return, later work of others stays, what was created is retired."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from pim.accounts.principals import Principal
from pim.db import Database
from pim.products import consistency, publishing, queries, revert, service
from pim.products.change import Origin, ProductInput
from pim.products.history import changes_of_run
from pim.products.models import Change
from pim.products.stores import PRODUCTS
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
        ids = revert.products_of(session, "run1")
        return list(revert.revert(session, "run1", ids, UNDO, NOW).values())


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


@pytest.mark.parametrize("returned", [False, True])
def test_what_the_run_made_a_draft_of_is_approved_again(shop: Database, returned: bool) -> None:
    """Unless somebody has taken it a step since."""
    with shop.writing() as session:
        publishing.approve(session, ["A"], PERSON, NOW, force="for the season")
        service.write(session, [ProductInput("A", {"name": "Shoe"})], RUN, NOW)
        if returned:
            publishing.move(session, ["A"], "review", PERSON, NOW)
            publishing.move(session, ["A"], "draft", PERSON, NOW)
    take_back(shop)
    with shop.reading() as session:
        product = queries.get(session, "A").product
        assert (product.values["name"], product.published) == ("Boot", product.values)
        assert product.status == ("draft" if returned else "approved")
    take_back(shop)
    with shop.reading() as session:
        assert queries.get(session, "A").product.version == product.version


def take_back_one(database: Database, at: int) -> revert.UndoneChange:
    """Take one change of A back; ``at``: its place in the history."""
    with database.writing() as session:
        product_id = queries.get(session, "A").product.id
        change = queries.history(session, product_id)[::-1][at]
        return revert.revert_change(session, PRODUCTS, product_id, change.id, UNDO, NOW)


def test_a_single_change_is_taken_back_but_for_what_was_changed_since(shop: Database) -> None:
    with shop.writing() as session:
        publishing.approve(session, ["A"], PERSON, NOW, force="for the season")
        service.write(session, [ProductInput("A", {"name": "Shoe", "size": "42"})], PERSON, NOW)
        service.write(session, [ProductInput("A", {"size": "43"})], PERSON, NOW)
    undone = take_back_one(shop, at=-2)
    assert (undone.result.outcome, set(undone.addresses)) == ("updated", {"name"})
    assert undone.status is None  # channels see no size
    with shop.reading() as session:
        product = queries.get(session, "A").product
        assert (product.values["name"], product.values["size"]) == ("Boot", "43")
        assert product.status == "draft"


@pytest.mark.parametrize("stepped", [False, True])
def test_a_single_change_taken_back_gives_back_the_approval_that_it_cost(
    shop: Database, stepped: bool
) -> None:
    """Unless somebody has taken the product a step since."""
    with shop.writing() as session:
        publishing.approve(session, ["A"], PERSON, NOW, force="for the season")
        service.write(session, [ProductInput("A", {"name": "Shoe"})], PERSON, NOW)
        if stepped:
            publishing.move(session, ["A"], "review", PERSON, NOW)
            publishing.move(session, ["A"], "draft", PERSON, NOW)
    undone = take_back_one(shop, at=2)
    expected = "draft" if stepped else "approved"
    assert undone.status == (None if stepped else "approved")
    with shop.reading() as session:
        product = queries.get(session, "A").product
        assert (product.values["name"], product.status) == ("Boot", expected)
    assert take_back_one(shop, at=0).result.outcome == "unchanged"  # the one that made it


def test_who_may_not_take_a_change_back_does_not_retire_the_product_by_it(shop: Database) -> None:
    with shop.writing() as session:
        publishing.move(session, ["A"], "retired", PERSON, NOW)
        publishing.move(session, ["A"], "draft", RUN, NOW)
        service.write(session, [ProductInput("A", {"name": "Shoe"})], RUN, NOW)
    nobody = Origin.by(Principal("person", "bob@example.org", None, ()), "revert")
    with shop.writing() as session:
        ids = revert.products_of(session, "run1")
        (result,) = revert.revert(session, "run1", ids, nobody, NOW).values()
    assert result.is_refused
    with shop.reading() as session:
        assert queries.get(session, "A").product.status == "draft"


def test_what_somebody_changed_since_stays_and_is_listed(shop: Database) -> None:
    with shop.writing() as session:
        service.write(session, [ProductInput("A", {"name": "Shoe", "colour": "blue"})], RUN, NOW)
        service.write(session, [ProductInput("A", {"name": "Sandal"})], PERSON, NOW)
    with shop.writing() as session:
        ids = revert.products_of(session, "run1")
        (result,) = revert.revert(session, "run1", ids, UNDO, NOW).values()
    assert [(problem.address, problem.severity) for problem in result.problems] == [
        ("name", "kept")
    ]
    with shop.reading() as session:
        assert queries.get(session, "A").product.values == {
            "sku": "A",
            "name": "Sandal",
            "colour": "red",
        }


def test_a_product_that_the_run_created_is_gone_again(shop: Database) -> None:
    with shop.writing() as session:
        service.write(session, [ProductInput("B", {"family": "shoes", "name": "Wrong"})], RUN, NOW)
    (result,) = take_back(shop)
    assert result.outcome == "removed"
    with shop.reading() as session:
        assert queries.by_identifiers(session, ["B"]) == {}
        assert list(consistency.out_of_step(session)) == consistency.strangers(session) == []
        (made,) = changes_of_run(session, "run1", 0, 10)
    assert (made.record.identifier, made.is_gone) == ("B", True)
    assert made.after["name"] == "Wrong"
    assert take_back(shop) == []


def test_one_that_somebody_worked_on_since_is_retired(shop: Database) -> None:
    with shop.writing() as session:
        service.write(session, [ProductInput("B", {"family": "shoes", "name": "Wrong"})], RUN, NOW)
        service.write(session, [ProductInput("B", {"name": "Right"})], PERSON, NOW)
    take_back(shop)
    with shop.reading() as session:
        assert queries.get(session, "B").product.status == "retired"


def test_a_model_goes_with_its_variants_and_stays_where_somebody_added_one(
    shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revert, "BATCH", 1)
    models = [ProductInput(code, {"family": "shoes"}, "model") for code in ("M", "N")]
    variants = [ProductInput(f"{code}-1", {"parent": code}) for code in ("M", "N")]
    with shop.writing() as session:
        # V stands in front of its model, so its id is lower.
        batch = [ProductInput("V", {"name": "Wrong"}), *models, *variants]
        service.write(session, batch, RUN, NOW)
        service.write(session, [ProductInput("V", {"parent": "M"})], RUN, NOW)
        service.write(session, [ProductInput("N-2", {"parent": "N"})], PERSON, NOW)
    revert.revert_run(shop, "run1", UNDO, lambda: NOW)
    with shop.reading() as session:
        left = queries.by_identifiers(session, ["V", "M", "N", "M-1", "N-1", "N-2"])
    assert {name: one.status for name, one in left.items()} == {"N": "retired", "N-2": "draft"}


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
