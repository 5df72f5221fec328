"""Which feeds products would enter or leave, before anything is written."""

from typing import Any

import pytest

from pim.feeds import service as feeds
from tests.bulk_edits.conftest import Bulk

FEED = {
    "label": "Till",
    "exporter": "tryton_pos",
    "channel": "shop",
    "locale": "nl_NL",
    "currency": "EUR",
    "options": {"unit": "Unit", "type": "goods"},
    "mapping": {
        "name": {"from": ["name"]},
        "gross_price": {"from": ["price"]},
        "suffix_code": {"from": ["$identifier"]},
    },
}


@pytest.fixture
def till(bulk: Bulk) -> Bulk:
    """A is in the feed; B lacks a name, C was never approved."""
    with bulk.database.writing() as session:
        feeds.define(session, "till", FEED, bulk.clock())
    whole = {"family": "lamps", "categories": ["new"], "name-nl_NL": "Lamp", "price-EUR": "9.00"}
    for one in "AC":
        bulk.edit(one, whole)
    bulk.edit("B", {**whole, "name-nl_NL": None})
    for one in "AB":
        bulk.approve(one, force="urgent")
    return bulk


@pytest.mark.parametrize(
    ("step", "effect"),
    [
        ({"step": "set", "addresses": ["name-nl_NL"], "text": "Light"}, [("till", 2, 0)]),
        ({"step": "clear", "addresses": ["name-nl_NL"]}, [("till", 0, 1)]),
        ({"step": "remove_categories", "codes": ["new"]}, [("till", 0, 1)]),
        ({"step": "enabled", "enabled": False}, [("till", 0, 1)]),
        ({"step": "status", "to": "retire"}, [("till", 0, 1)]),
        ({"step": "status", "to": "approve", "reason": "urgent"}, [("till", 1, 0)]),
        ({"step": "set", "addresses": ["maker"], "text": "Sun"}, [("till", 1, 0)]),
    ],
)
def test_what_a_feed_wins_and_loses_once_it_is_approved(
    till: Bulk, step: dict[str, Any], effect: list[tuple[str, int, int]]
) -> None:
    forecast = till.preview(till.begin(["A", "B", "C"], step)).forecast()
    assert [(one.feed, one.entering, one.leaving) for one in forecast.feeds] == effect
