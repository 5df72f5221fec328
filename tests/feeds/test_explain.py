"""A cell of a feed is told back to who wrote it: rules, operations, sources, models, and the row of
the file.
"""

from typing import Any

import pytest

from pim.errors import NotFound
from pim.feeds.explain import ExplainedCell, explain
from pim.products.change import Origin, ProductInput
from tests.feeds.conftest import ERP, FEEDS


@pytest.fixture
def bikes(shop: Any, full: dict[str, Any]) -> Any:
    """A model with a red variant, in a feed."""
    shop.edit("M", full | {"family_variant": "by_color", "name-nl_NL": "Omafiets"}, kind="model")
    shop.edit("M-red", {"parent": "M", "color": "red"})
    row = ProductInput("M-red", {"price-EUR": "729.00", "stock": "3"}, row=12)
    shop.batch([row], Origin("import", "erp", "erp", "run-7"))
    shop.approve("M", "M-red")
    shop.define("google_nl")
    return shop


def cell(shop: Any, field: str, **options: Any) -> ExplainedCell:
    with shop.database.reading() as session:
        return explain(
            session,
            shop.storage,
            "google_nl",
            "m-red",
            field,
            "https://hub.example",
            shop.clock().date(),
            **options,
        )


def test_a_value_is_told_back_to_the_row_of_the_file(bikes: Any) -> None:
    price = cell(bikes, "price")
    (source,) = price.sources
    assert (str(price.value), source.source, str(source.value)) == (
        "729.00 EUR",
        "price",
        "729.00 EUR",
    )
    origin = source.origin
    assert origin is not None
    assert (origin.address, origin.holder, origin.is_inherited) == ("price-EUR", "M-red", False)
    assert (origin.who, origin.row) == ("erp", 12)


def test_a_value_is_told_back_to_the_model_and_the_person(bikes: Any) -> None:
    title = cell(bikes, "title")
    (source,) = title.sources
    assert [one.operation for one in title.steps] == ["truncate"]
    assert source.origin is not None
    assert (source.origin.holder, source.origin.is_inherited) == ("M", True)
    assert (source.origin.who, source.origin.row) == ("anna", None)


def test_a_source_that_is_empty_is_told_beside_the_one_that_takes_its_place(bikes: Any) -> None:
    bikes.edit("M", {"description-nl_NL": None}, kind="model")
    bikes.approve("M", "M-red")
    described = cell(bikes, "description")
    assert described.value == "Omafiets"
    assert [(one.source, one.origin is None) for one in described.sources] == [
        ("description", True),
        ("name", False),
    ]


def test_what_is_not_approved_yet_is_not_told(bikes: Any) -> None:
    before = cell(bikes, "title")
    bikes.clock.advance(days=1)
    bikes.edit("M", {"name-nl_NL": "Stadsfiets"}, Origin("user", "bert", "hub"), "model")
    assert cell(bikes, "title") == before
    bikes.approve("M", "M-red")
    origin = cell(bikes, "title").sources[0].origin
    assert origin is not None
    assert origin.who == "bert"


def test_a_fixed_value_and_a_rule_are_told(bikes: Any) -> None:
    assert cell(bikes, "condition").fixed == "new"
    rules = [
        {
            "label": "Rood",
            "if": [{"color": {"one_of": ["red"]}}],
            "set": {"color": {"value": "Scharlaken"}},
        },
        {
            "label": "Blauw",
            "if": [{"color": {"one_of": ["blue"]}}],
            "set": {"color": {"value": "Zee"}},
        },
    ]
    bikes.define("google_nl", rules=rules)
    color = cell(bikes, "color")
    assert (color.value, color.rules) == ("Scharlaken", ["Rood"])


def test_who_saved_the_rule_of_the_field_is_told(bikes: Any) -> None:
    first = cell(bikes, "title").mapped
    bikes.clock.advance(days=1)
    bikes.define("google_nl", mapping=FEEDS["google_nl"]["mapping"] | {"title": {"from": ["name"]}})
    later = cell(bikes, "title").mapped
    assert first is not None
    assert later is not None
    assert later.at > first.at
    assert cell(bikes, "price").mapped == first


def test_a_cell_is_compared_with_that_of_a_build(bikes: Any) -> None:
    assert cell(bikes, "price").build is None
    first = bikes.run("google_nl")
    live = cell(bikes, "price").build
    assert live is not None
    assert (live.build, live.is_in, live.is_same) == (first.id, True, True)
    bikes.edit("M-red", {"price-EUR": "700.00"}, ERP)
    changed = cell(bikes, "price").build
    assert changed is not None
    assert changed.is_same is False
    second = bikes.run("google_nl")
    older = [cell(bikes, "price", build=one.id).build for one in (first, second)]
    assert [one and one.is_same for one in older] == [False, True]
    with pytest.raises(NotFound):
        cell(bikes, "price", build=10**6)


def test_what_is_no_field_of_the_channel_is_not_found(bikes: Any) -> None:
    with pytest.raises(NotFound):
        cell(bikes, "weather")
