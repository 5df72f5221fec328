"""What partners receive now, beside what the next build would make of it."""

from collections.abc import Mapping
from typing import Any

import pytest

from pim.feeds import service
from pim.feeds.live import LiveStanding
from pim.feeds.why import why_not
from tests.feeds.conftest import GOOGLE
from tests.feeds.test_exporters_in_builds import BMECAT
from tests.support.hub import ERP

BMECAT_OF_COLORS = BMECAT | {"mapping": dict(BMECAT["mapping"]) | {"FEATURE": {"from": ["color"]}}}


def live(shop: Any, identifier: str, feed: str) -> LiveStanding | None:
    with shop.database.reading() as session:
        today = shop.clock().date()
        (one,) = why_not(session, shop.storage, identifier, "https://hub.example", today, feed)
    return one.live


def define(shop: Any, code: str, definition: Mapping[str, Any]) -> None:
    with shop.database.writing() as session:
        service.define(session, code, definition, shop.clock())


def test_an_approval_is_a_forecast_until_the_next_build(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    assert live(shop, "A", "google_nl") is None
    first = shop.run("google_nl")
    shop.edit("B", full)
    shop.approve("B")
    assert live(shop, "A", "google_nl") == LiveStanding(True, True, first.finished)
    assert live(shop, "B", "google_nl") == LiveStanding(False, False, first.finished)
    second = shop.run("google_nl")
    assert live(shop, "B", "google_nl") == LiveStanding(True, True, second.finished)


def test_a_change_goes_with_the_next_build_and_the_file_has_the_former_text(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    first = shop.run("google_nl")
    shop.edit("A", {"description-nl_NL": "Nog niet goedgekeurd."})
    assert live(shop, "A", "google_nl") == LiveStanding(True, True, first.finished)
    shop.edit("A", {"price-EUR": "1.00"}, ERP)
    assert live(shop, "A", "google_nl") == LiveStanding(True, False, first.finished)
    second = shop.run("google_nl")
    assert live(shop, "A", "google_nl") == LiveStanding(True, True, second.finished)


def test_it_stands_there_since_the_first_file_that_had_it_so(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    first = shop.run("google_nl")
    shop.run("google_nl")
    shop.edit("B", full)
    shop.approve("B")
    shop.run("google_nl")
    assert live(shop, "A", "google_nl") == LiveStanding(True, True, first.finished)


def test_who_was_left_out_is_not_in_the_file_though_it_would_go_now(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl")
    for identifier, price in (("A", "1.00"), ("B", "0.00")):
        shop.edit(identifier, full | {"price-EUR": price})
        shop.approve(identifier)
    build = shop.run("google_nl")
    shop.edit("B", {"price-EUR": "2.00"}, ERP)
    assert live(shop, "B", "google_nl") == LiveStanding(False, False, build.finished)


def test_a_file_without_an_index_is_judged_by_its_report(shop: Any, full: dict[str, Any]) -> None:
    define(shop, "bmecat", BMECAT_OF_COLORS)
    shop.edit("A", full)
    shop.edit("B", full | {"price-EUR": "0.00"})
    shop.approve("A", "B")
    build = shop.run("bmecat")
    assert live(shop, "A", "bmecat") == LiveStanding(True, True, build.finished)
    assert live(shop, "B", "bmecat") == LiveStanding(False, False, build.finished)
    shop.edit("A", {"price-EUR": "1.00"}, ERP)
    assert live(shop, "A", "bmecat") == LiveStanding(True, False, build.finished)


def test_a_value_that_another_product_has_is_told_by_the_newest_build(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl", mapping=GOOGLE | {"id": {"from": ["brand"]}})
    for identifier in ("A", "B"):
        shop.edit(identifier, full)
        shop.approve(identifier)
    shop.run("google_nl")
    with shop.database.reading() as session:
        today = shop.clock().date()
        (one,) = why_not(session, shop.storage, "B", "https://hub.example", today)
    assert not one.is_sent
    assert [(reason.address, reason.rule) for reason in one.reasons if reason.is_error] == [
        ("id", "repeated")
    ]


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5])
def test_each_product_is_found_in_the_index(shop: Any, full: dict[str, Any], most: int) -> None:
    shop.define("till")
    names = [f"P{number}" for number in range(most)]
    for name in names:
        shop.edit(name, full)
    shop.approve(*names)
    build = shop.run("till")
    for name in names:
        assert live(shop, name, "till") == LiveStanding(True, True, build.finished)
