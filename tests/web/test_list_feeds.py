"""Feeds in the list of products: a column with a dot for each, and filters."""

from typing import Any

import pytest
from lxml import html

from media.storage import Storage
from pim.clock import utc_now
from pim.feeds import service as feeds
from pim.feeds.run import run_feed
from pim.products import publishing
from tests.support import coats, sheets

TILL = {
    "label": "Till",
    "exporter": "tryton_pos",
    "channel": "shop",
    "locale": "en_GB",
    "currency": "EUR",
    "options": {"unit": "Unit", "type": "goods"},
    "mapping": {
        "name": {"from": ["name"]},
        "gross_price": {"value": "1.00"},
        "suffix_code": {"from": ["$identifier"]},
    },
}


@pytest.fixture
def shop(database, settings, tmp_path):
    """C-1 is in the till's file; C-2 and M-1 are not approved."""
    coats.fill(database)
    with database.writing() as session:
        feeds.define(session, "till", TILL, utc_now())

    def build():
        storage = Storage(settings.storage_url)
        return run_feed(database, storage, tmp_path / "scratch", "till", "https://hub", utc_now)

    database.build = build
    build()
    return database


def listed(client, **arguments):
    asked = {"in": "shop.en_GB", "columns": ".feeds"} | arguments
    return client.get("/products", query_string=asked).get_data(as_text=True)


def dots(page: str) -> dict[str, list[tuple[str, str]]]:
    """SKU -> (state, words) of each dot."""
    return {
        row.get("data-product"): [
            (dot.get("class").rpartition("is-")[2], dot.get("title"))
            for dot in row.cssselect(".feed-dot")
        ]
        for row in html.fromstring(page).cssselect(".list-table tbody tr")
    }


def test_a_dot_says_how_a_product_stands_in_a_feed(shop: Any, enter: Any) -> None:
    client = enter("viewer")
    lacking = "Till: left out. It has not been approved yet. “name” is missing."
    assert dots(listed(client)) == {
        "C-1": [("live", "Till: in the live file")],
        "C-2": [("out", lacking)],
        "M": [("out", "Till: 0 of 1 variant in the live file")],
    }
    with shop.writing() as session:
        publishing.approve(session, ["M", "M-1"], coats.ANN, utc_now(), force="It is wanted.")
    coats.write(shop, "C-1", {"enabled": False})
    assert dots(listed(client)) == {
        "C-1": [
            (
                "leaves",
                "Till: in the live file, and leaves it with the next build. It is switched off.",
            )
        ],
        "C-2": [("out", lacking)],
        "M": [("goes", "Till: 0 of 1 variant in the live file, 1 with the next build")],
    }
    assert dots(listed(client, variants="1"))["M-1"] == [("goes", "Till: goes with the next build")]


def test_the_list_is_filtered_by_feeds_and_says_so_in_words(shop: Any, enter: Any) -> None:
    client = enter("viewer")
    page = listed(client, f="_in_feed.one_of.till")
    assert list(sheets.cells(page)) == ["C-1"]
    assert "In the published feed: Till" in page
    page = listed(client, f="_left_out.one_of.till:missing:name")
    assert list(sheets.cells(page)) == ["C-2"]
    assert "Left out of a feed: Till: “name” is missing." in page
    assert set(sheets.cells(listed(client, f="_in_feed.none_of.till"))) == {"C-2", "M-1"}


def test_the_dialog_offers_feeds_and_their_reasons_by_name(shop: Any, enter: Any) -> None:
    client = enter("viewer")
    part = client.get("/product/filter/field?field=_left_out").get_data(as_text=True)
    offered = {
        one.get("value"): one.text for one in html.fromstring(part).cssselect("[name=value] option")
    }
    assert offered == {
        "till": "Till: for whatever reason",
        "till:missing:name": "Till: “name” is missing.",
        "till:not_approved:status": "Till: It has not been approved yet.",
    }


def test_the_number_of_a_report_leads_to_a_list_of_as_many(shop: Any, enter: Any) -> None:
    client = enter("admin")
    build = shop.build()
    report = html.fromstring(
        client.get(f"/feeds/till/builds/{build.id}/report").get_data(as_text=True)
    )
    (link,) = report.cssselect("a[data-as-list]")
    page = client.get(link.get("href"), follow_redirects=True).get_data(as_text=True)
    assert len(sheets.cells(page)) == build.excluded == 2
