"""How the products of a page stand in feeds: held against what one product's page says, which
renders it.
"""

from collections.abc import Callable
from typing import Any

import pytest

from pim.feeds import queries, service
from pim.feeds.standings import ProductStanding, page_standings
from pim.feeds.why import why_not
from pim.products import published_products
from pim.products import queries as products
from pim.structure import queries as catalog
from tests.feeds.conftest import FEEDS
from tests.support.hub import ERP

BASE_URL = "https://hub.example"


def standings(shop: Any, *identifiers: str) -> dict[tuple[str, str], ProductStanding]:
    """(feed, identifier) -> standing, as a page with these products has it."""
    with shop.database.reading() as session:
        numbers = {name: products.get(session, name).product for name in identifiers}
        roots = sorted({one.root_id for one in numbers.values()})
        members = published_products.members(session, roots)
        structure = catalog.structure(session)
        today = shop.clock().date()
        found = page_standings(session, structure, members, BASE_URL, today)
        return {
            (feed, name): found[feed][product.id]
            for feed in found
            for name, product in numbers.items()
        }


def as_one_by_one(shop: Any, *identifiers: str) -> dict[tuple[str, str], tuple[bool, bool]]:
    """The same as the products' own pages say it: live, and taken by the next build."""
    with shop.database.reading() as session:
        today = shop.clock().date()
        return {
            (one.feed, name): (one.live is not None and one.live.is_in, one.is_sent)
            for name in identifiers
            for one in why_not(session, shop.storage, name, BASE_URL, today)
        }


@pytest.fixture
def agree(shop: Any) -> Callable[..., dict[tuple[str, str], ProductStanding]]:
    """Asks for a page, and that it says what each product's page says."""

    def asked(*identifiers: str) -> dict[tuple[str, str], ProductStanding]:
        found = standings(shop, *identifiers)
        said = {key: (one.is_live, one.goes) for key, one in found.items()}
        assert said == as_one_by_one(shop, *identifiers)
        return found

    return asked


def test_a_page_says_what_each_product_says(shop: Any, full: dict[str, Any], agree: Any) -> None:
    shop.define("google_nl", "google_de", "till")
    shop.edit("A", full)
    shop.edit("B", full | {"name-de_DE": None, "ean": None})
    shop.edit("C", full | {"ean": None})
    shop.approve("A", "B")
    found = agree("A", "B", "C")
    assert found["google_nl", "A"] == ProductStanding(False, True, ())
    assert list(map(str, found["google_nl", "C"].reasons)) == ["It has not been approved yet."]

    for code in ("google_nl", "google_de"):
        shop.run(code)
    found = agree("A", "B", "C")
    assert found["google_nl", "A"] == ProductStanding(True, True, [])
    assert (found["till", "A"].is_live, found["till", "A"].goes) == (False, True)
    assert list(map(str, found["google_nl", "C"].reasons)) == ["It has not been approved yet."]

    shop.approve("C")
    shop.edit("A", {"stock": None, "price-EUR": None}, ERP)
    found = agree("A", "B", "C")
    assert (found["google_nl", "A"].is_live, found["google_nl", "A"].goes) == (True, False)
    assert "“price” is missing." in map(str, found["google_nl", "A"].reasons)
    assert (found["google_nl", "C"].is_live, found["google_nl", "C"].goes) == (False, True)


def test_another_mapping_makes_forecasts_of_all(
    shop: Any, full: dict[str, Any], agree: Any
) -> None:
    shop.define("till")
    shop.edit("A", full)
    shop.edit("B", full | {"ean": None, "brand": None})
    shop.approve("A", "B", force="The brand comes later.")
    shop.run("till")
    agree("A", "B")
    mapping = FEEDS["till"]["mapping"] | {"name": {"from": ["brand"]}}
    with shop.database.writing() as session:
        service.define(session, "till", FEEDS["till"] | {"mapping": mapping}, shop.clock())
    found = agree("A", "B")
    assert (found["till", "B"].is_live, found["till", "B"].goes) == (True, False)


def test_each_variant_stands_for_itself(shop: Any, full: dict[str, Any], agree: Any) -> None:
    shop.define("google_nl")
    of_variants = dict.fromkeys(("ean", "price-EUR", "stock", "color"))
    shop.edit("M", full | {"family_variant": "by_color"} | of_variants, kind="model")
    for name, color in (("M-r", "red"), ("M-b", "blue")):
        shop.edit(name, {"parent": "M", "color": color, "price-EUR": "9.00", "stock": "3"})
    shop.approve("M", "M-r")
    shop.run("google_nl")
    found = agree("M-r", "M-b")
    assert [one.is_live for one in found.values()] == [True, False]


def test_a_feed_that_is_broken_takes_nothing(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    shop.run("google_nl")
    with shop.database.writing() as session:
        service.get(session, "google_nl").locale = "sv_SE"
    (one,) = standings(shop, "A").values()
    assert (one.is_live, one.goes) == (True, False)
    assert one.reasons
    with shop.database.reading() as session:
        assert len(queries.feeds(session)) == 1
