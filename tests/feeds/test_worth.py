"""What products are worth: price times stock, behind every reason of a build."""

from datetime import date
from typing import Any

import pytest

from pim.feeds.files import index_key
from pim.feeds.live import ENTRY, ENTRY_WITHOUT_WORTH
from pim.feeds.models import FeedBuild
from pim.feeds.reports import load_totals
from pim.feeds.why import why_not
from pim.feeds.worth import WorthSources, worth_sources
from tests.feeds.conftest import ERP, GOOGLE, Shop
from tests.support.listing import lookup_in

TOTAL = 100 * (749 * 3 + 10 * 2)


@pytest.fixture
def filled(shop: Shop, full: dict[str, Any]) -> Shop:
    """A good one worth 2247.00, one without a brand and GTIN worth 20.00, one that is retired."""
    shop.edit("GOOD", full, ERP)
    shop.edit("BARE", full | {"brand": None, "price-EUR": "10.00", "stock": "2"}, ERP)
    shop.edit("OLD", full, ERP)
    shop.approve("GOOD", "BARE", "OLD")
    shop.move("OLD", "retired")
    shop.edit("DRAFT", full | {"price-EUR": "1.00", "stock": "5"}, ERP)
    shop.define("google_nl", mapping=GOOGLE | {"brand": {"from": ["brand"], "required": True}})
    return shop


def worth_of_reasons(build: FeedBuild) -> dict[tuple[str, str], int]:
    return {(one.field, one.rule): one.worth for one in load_totals(build.totals or ())}


def test_a_reason_says_what_the_products_are_worth(filled: Shop) -> None:
    filled.run("google_nl")
    build = filled.builds("google_nl")[0]
    assert (build.worth, build.worth_excluded) == (TOTAL + 500, 2000 + 500)
    reasons = worth_of_reasons(build)
    assert reasons["brand", "missing"] == 2000
    assert reasons["status", "not_approved"] == 500
    assert reasons["status", "retired"] == 0


def test_what_is_copied_keeps_its_worth_and_what_changed_is_counted_anew(filled: Shop) -> None:
    filled.run("google_nl")
    with filled.database.reading() as session:
        first = session.get(FeedBuild, filled.builds("google_nl")[0].id)
        assert first is not None
        whole = first.worth
    again = filled.run("google_nl")
    assert (again.rendered, again.worth) == (0, whole)
    filled.edit("GOOD", {"stock": "4"}, ERP)
    assert filled.run("google_nl").worth == (whole or 0) + 74900


def test_what_has_no_price_or_no_stock_is_worth_nothing() -> None:
    sources = WorthSources("price-EUR", "stock")
    assert sources.of({"price-EUR": "0.10", "stock": "3"}) == 30
    assert sources.of({"price-EUR": "1.00"}) == 0
    assert sources.of({"price-EUR": "1.00", "stock": "-3"}) == 0
    assert sources.of({"price-EUR": "9" * 400, "stock": "1"}) == 0


def test_price_and_stock_are_known_by_what_somebody_said_of_them() -> None:
    attributes = {
        "sku": {"type": "identifier"},
        "price": {"type": "price"},
        "shelf_price": {"type": "price", "meaning": "price"},
        "left": {"type": "number", "meaning": "stock"},
    }
    lookup = lookup_in({"attributes": attributes})
    assert worth_sources(lookup) == WorthSources("shelf_price-EUR", "left")
    without = {code: one for code, one in attributes.items() if code != "left"}
    assert worth_sources(lookup_in({"attributes": without})) is None


def test_the_index_of_a_build_without_worth_is_read_by_its_own_width(filled: Shop) -> None:
    """Such builds are published until the next one."""
    filled.run("google_nl")
    build = filled.builds("google_nl")[0]
    index = filled.storage.get(index_key(build))
    entries = [ENTRY.unpack_from(index, at) for at in range(0, len(index), ENTRY.size)]
    filled.storage.put(
        index_key(build), b"".join(ENTRY_WITHOUT_WORTH.pack(*one[:9]) for one in entries)
    )
    with filled.database.writing() as session:
        stored = session.get(FeedBuild, build.id)
        assert stored is not None
        stored.worth = stored.worth_excluded = None
    standing = live_standing(filled, "GOOD")
    assert standing.is_in
    assert not live_standing(filled, "BARE").is_in


def live_standing(shop: Shop, identifier: str) -> Any:
    with shop.database.reading() as session:
        (found,) = why_not(
            session,
            shop.storage,
            identifier,
            "https://hub.example",
            date(2026, 11, 22),
            "google_nl",
        )
    assert found.live is not None
    return found.live
