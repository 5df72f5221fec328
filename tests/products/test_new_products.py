"""The quick way for new products of a large file writes what the long way writes."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant, Principal
from pim.outbox import OutboxRow
from pim.products import consistency, service
from pim.products.change import Origin, ProductInput
from pim.products.models import Change, Product
from pim.products.new_products import prepare, unpacked
from pim.search.models import Term
from pim.values import ReadValues

FULL = {
    "family": "bikes",
    "enabled": False,
    "name-nl_NL": "Fiets \u201czwart\u201d",
    "price-EUR": "12.50",
    "colors": ["red", "blue"],
    "washable": False,
    "categories": ["city"],
    "ean": "4006381333931",
}
INPUTS: Sequence[tuple[str, dict[str, Any]]] = (
    ("full", FULL),
    ("bare", {}),
    ("named", {"name-en_GB": "Bike", "sku": "named"}),
    ("again", {"ean": "4006381333931"}),
    (" blank ", {"name-nl_NL": "Fiets"}),
    ("unknown", {"nonsense": "x"}),
    ("homeless", {"family": "nowhere"}),
    ("astray", {"categories": ["nowhere"]}),
    ("cleared", {"name-nl_NL": None, "name-en_GB": "Bike"}),
)


def inputs() -> list[ProductInput]:
    return [
        ProductInput(name, ReadValues(values), row=row)
        for row, (name, values) in enumerate(INPUTS, start=2)
    ]


def written(shop: Any, batch: Sequence[ProductInput], origin: Origin) -> Any:
    """All that a batch leaves behind, and what is said of it; then it is taken back."""
    with shop.database.writing() as session:
        results = service.write(session, batch, origin, shop.clock())
        rows = session.scalars(select(Product).order_by(Product.id)).all()
        products = [
            (one.id, one.identifier, one.family, one.enabled, one.status, one.values, one.version)
            for one in rows
        ]
        changes = session.scalars(select(Change).order_by(Change.id)).all()
        terms = set(session.execute(select(Term.address, Term.term, Term.product_id)))
        events = session.scalars(select(OutboxRow.kind).order_by(OutboxRow.id)).all()
        assert list(consistency.out_of_step(session)) == []
        found = (
            [(one.identifier, one.outcome, one.id, one.version, one.problems) for one in results],
            products,
            [(one.product_id, one.version, one.row, one.old) for one in changes],
            terms,
            events,
        )
        session.rollback()
    return found


@pytest.fixture
def long_way(shop, migration):
    """What the long way leaves behind."""
    return written(shop, inputs(), migration)


def test_it_writes_the_same(shop, migration, long_way):
    prepared = [prepare(shop.structure(), one) for one in inputs()]
    assert [one.identifier for one in prepared if one.prepared] == [
        "full",
        "bare",
        "named",
        "again",
    ]
    assert written(shop, prepared, migration) == long_way


def test_another_structure_makes_it_the_long_way(shop, migration, long_way):
    stale = [prepare(shop.structure(), one) for one in inputs()]
    stale = [one if one.prepared is None else change_version(one) for one in stale]
    assert written(shop, stale, migration) == long_way


def change_version(one: ProductInput) -> ProductInput:
    assert one.prepared is not None
    prepared = one.prepared._replace(structure_version=0, terms=(set(), "wrong"))
    return ProductInput(one.identifier, one.values, row=one.row, prepared=prepared)


def test_grants_with_limits_are_asked(shop):
    german = (Grant(Permission.PRODUCTS_EDIT, locales=frozenset({"de_DE"})),)
    origin = Origin.by(Principal("person", "dora", "hub", german), "import")
    one = prepare(shop.structure(), ProductInput("new", ReadValues({"name-nl_NL": "Fiets"})))
    with shop.database.writing() as session:
        (result,) = service.write(session, [one], origin, shop.clock())
    assert [problem.rule for problem in result.problems] == ["permission"]


def test_a_product_that_came_meanwhile_is_changed_the_long_way(shop, migration):
    one = prepare(shop.structure(), ProductInput("a", ReadValues({"name-nl_NL": "New"})))
    shop.edit("a", {"name-nl_NL": "Old", "notes": "kept"})
    with shop.database.writing() as session:
        (result,) = service.write(session, [one], migration, shop.clock())
    assert result.outcome == "updated"
    assert shop.get("a").values == {"sku": "a", "name-nl_NL": "New", "notes": "kept"}


def test_a_product_twice_in_a_batch_is_made_and_changed(shop, migration):
    first = prepare(shop.structure(), ProductInput("a", ReadValues({"name-nl_NL": "One"})))
    second = prepare(shop.structure(), ProductInput("A", ReadValues({"notes": "two"})))
    with shop.database.writing() as session:
        results = service.write(session, [first, second], migration, shop.clock())
    assert [one.outcome for one in results] == ["created", "updated"]
    assert shop.get("a").values == {"sku": "a", "name-nl_NL": "One", "notes": "two"}


def test_an_input_comes_out_as_it_went_in(shop):
    one = ProductInput("full", ReadValues({**FULL, "sku": "full"}), row=7)
    assert unpacked(prepare(shop.structure(), one)) == one
