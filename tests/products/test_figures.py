"""The figures of the assortment follow every change, and are counted no oftener."""

import pytest

from pim.products import figures
from tests.support.hub import MIGRATION


def counted(shop):
    with shop.database.reading() as session:
        return figures.counts(session)


def test_they_follow_every_change(shop):
    assert counted(shop).products == 0
    shop.edit("a", {"family": "bikes", "name-nl_NL": "Fiets", "price-EUR": "9.00"})
    found = counted(shop)
    assert (found.products, found.statuses) == (1, {"draft": 1})
    assert found.complete == {"till-nl_NL": 1, "webshop-nl_NL": 1}
    shop.approve("a")
    assert counted(shop).statuses == {"approved": 1}
    shop.model("m", {"family": "shirts"})
    assert (counted(shop).products, counted(shop).models) == (1, 1)


def test_they_are_counted_once_after_a_change(shop, monkeypatch):
    shop.edit("a", {"family": "bikes"})
    before = counted(shop)
    with monkeypatch.context() as patched:
        patched.delattr(figures, "_count")
        assert counted(shop) == before
        shop.edit("b", {"family": "bikes"})
        with pytest.raises(NameError):
            counted(shop)


def test_what_is_retired_is_counted_by_itself(shop):
    shop.model("m", {"family": "shirts", "family_variant": "by_color"})
    shop.edit("v", {"parent": "m", "color": "red"})
    shop.edit("w", {"parent": "m", "color": "blue"})
    shop.edit("a", {"family": "bikes", "name-nl_NL": "Fiets", "price-EUR": "9.00"})
    shop.move("a", "retired")
    shop.move("w", "retired")
    found = counted(shop)
    assert (found.products, found.models, found.retired) == (1, 1, 2)
    assert found.statuses == {"draft": 1}
    assert "webshop-nl_NL" not in found.complete
    shop.move("m", "retired")  # and with it all that stands below it
    found = counted(shop)
    assert (found.products, found.models, found.retired, found.statuses) == (0, 0, 3, {})


def test_a_gap_counts_once_and_what_has_no_family_by_itself(shop):
    shop.model("m", {"family": "shirts", "family_variant": "by_color"})
    for color in ("red", "blue"):
        values = {"parent": "m", "color": color, "price-EUR": "9.00"}
        shop.edit(f"m-{color}", values, MIGRATION)
    shop.edit("stray", {})
    found = counted(shop)
    assert (found.products, found.without_family) == (3, 1)
    assert found.gaps == {"webshop-nl_NL": 1, "webshop-en_GB": 1}
    assert found.complete == {"till-nl_NL": 2}  # nothing is required of a shirt there
    shop.move("m", "retired")
    assert counted(shop).gaps == {}


def test_who_sees_some_categories_gets_the_figures_of_these(shop):
    shop.edit("a", {"family": "bikes", "categories": ["race"]})
    shop.edit("b", {"family": "bikes", "categories": ["city", "race"]})
    shop.edit("c", {"family": "bikes"})
    with shop.database.reading() as session:
        assert figures.counts(session).products == 3
        assert figures.counts(session, frozenset({"race", "city"})).products == 2
        assert figures.counts(session, frozenset({"city"})).products == 1
        assert figures.counts(session, frozenset()).products == 0
