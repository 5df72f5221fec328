"""How many products of a list stand in each category, family and status."""

import pytest

from pim.products import conditions, facets
from pim.products.facets import NOTHING
from pim.products.matching import Filters
from tests.support.hub import HubDriver
from tests.support.listed_shop import STRUCTURE


@pytest.fixture
def shop(database, clock):
    driver = HubDriver(database, clock)
    driver.restructure(STRUCTURE)
    driver.edit("a", {"family": "crates", "depth": "1", "categories": ["low", "high"]})
    driver.edit("b", {"family": "crates", "depth": "2", "categories": ["low"]})
    driver.edit("c", {"depth": "3"})
    driver.edit("d", {"family": "crates", "depth": "4", "categories": ["store"]})
    driver.model("rack", {"family": "racks", "family_variant": "by_size", "categories": ["high"]})
    driver.edit("rack-s", {"parent": "rack", "size": "s"})
    driver.move("b", "review")
    return driver


def counted(shop, *spellings, **plain):
    structure = shop.structure()
    asked = tuple(conditions.read(structure, one) for one in spellings)
    with shop.database.reading() as session:
        return facets.counts(session, structure, Filters(conditions=asked, **plain))


def test_a_list_without_filters_is_counted_whole_and_after_every_change(shop):
    found = counted(shop)
    assert found.categories.counts == {"store": 4, "low": 2, "high": 2, NOTHING: 1}
    assert found.families.counts == {"crates": 3, "racks": 1, NOTHING: 1}
    assert found.statuses.counts == {"draft": 4, "review": 1}
    assert (found.categories.total, found.categories.is_exact) == (5, True)
    assert counted(shop, grouped=False).families.counts == {"crates": 3, "racks": 1, NOTHING: 1}
    shop.move("a", "retired")
    shop.edit("c", {"categories": ["high"]})
    facets._kept.clear()
    assert counted(shop).categories.counts == {"store": 4, "low": 1, "high": 2}


def test_each_facet_is_counted_for_the_filters_beside_its_own(shop):
    found = counted(shop, "depth.at_most.3", category="low")
    assert found.categories.counts == {"store": 2, "low": 2, "high": 1, NOTHING: 1}
    assert found.families.counts == {"crates": 2}
    assert found.statuses.counts == {"draft": 1, "review": 1}
    by_condition = counted(shop, "depth.at_most.3", "_category.one_of.low")
    assert by_condition == found
    assert counted(shop, "_family.empty").families.counts["crates"] == 3


def test_beyond_what_is_counted_a_facet_says_that_there_are_more(shop, monkeypatch):
    monkeypatch.setattr(facets, "MOST", 2)
    found = counted(shop, "depth.filled")
    assert not found.families.is_exact
    assert found.families.total == 2
    assert found.families.counts == {"crates": 1, NOTHING: 1}
    assert counted(shop, "depth.at_most.2").families.is_exact


def test_who_may_see_some_categories_is_told_of_no_others(shop):
    found = counted(shop, within=frozenset({"low"}))
    assert found.families.counts == {"crates": 2}
    assert found.categories.total == 2
