"""A batch may name a variant before its new model."""

from itertools import permutations

import pytest

from pim.products import queries, service
from pim.products.change import Origin, ProductInput
from pim.structure import service as structures

ANN = Origin("user", "ann@example.org", "hub")
STRUCTURE = {
    "attributes": {
        "sku": {"type": "identifier"},
        "shade": {"type": "choice", "options": {"sand": {}}},
        "size": {"type": "choice", "options": {"s": {}, "m": {}}},
    },
    "families": {"socks": {"attributes": ["sku", "shade", "size"]}},
    "variants": {
        "by_shade": {
            "family": "socks",
            "levels": [
                {"axes": ["shade"], "attributes": ["shade"]},
                {"axes": ["size"], "attributes": ["sku", "size"]},
            ],
        }
    },
}
BATCH = {
    "top": ProductInput("K", {"family_variant": "by_shade"}, "model"),
    "below": ProductInput("K-SAND", {"parent": "K", "shade": "sand"}, "model"),
    "variant": ProductInput("K-SAND-S", {"parent": "K-SAND", "size": "s"}),
}


@pytest.fixture
def shop(database):
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
    return database


def chain(session, identifier):
    detail = queries.get(session, identifier)
    roots = {one.root_id for one in (*detail.ancestors, detail.product)}
    assert roots == {detail.ancestors[0].id}
    return [one.identifier for one in detail.ancestors]


@pytest.mark.parametrize("order", list(permutations(BATCH)), ids="-".join)
@pytest.mark.parametrize("has_plan", [False, True], ids=["write", "apply"])
def test_models_and_variants_come_in_any_order(shop, clock, order, has_plan):
    batch = [BATCH[one] for one in order]
    with shop.writing() as session:
        if has_plan:
            plans = service.plan(session, batch, ANN, clock())
            results = service.apply(session, plans, ANN, clock())
        else:
            results = service.write(session, batch, ANN, clock())
        assert [one.outcome for one in results] == ["created"] * 3
    with shop.reading() as session:
        assert chain(session, "K-SAND-S") == ["K", "K-SAND"]
        assert queries.get(session, "K-SAND-S").product.family == "socks"


def test_a_variant_that_is_there_moves_below_a_model_that_the_batch_makes_after_it(shop, clock):
    moved = ProductInput("K-SAND-S", {"parent": "L-SAND"})
    made = [
        ProductInput("L-SAND", {"parent": "L", "shade": "sand"}, "model"),
        ProductInput("L", {"family_variant": "by_shade"}, "model"),
    ]
    with shop.writing() as session:
        service.write(session, list(BATCH.values()), ANN, clock())
    with shop.writing() as session:
        results = service.write(session, [moved, *made], ANN, clock())
        assert [one.outcome for one in results] == ["updated", "created", "created"]
    with shop.reading() as session:
        assert chain(session, "K-SAND-S") == ["L", "L-SAND"]
