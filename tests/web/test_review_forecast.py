"""The review desk says what an approval would change in each feed, and lists all that waits."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from media.storage import Storage
from pim.feeds.why import why_not
from pim.products import published_products, publishing
from pim.products.change import ProductInput
from pim.products.published_products import published_if_approved
from pim.products.service import write
from pim.web.products import review_pages
from tests.support import coats

WAITING = "KL-2320-ZAND-M"


@pytest.fixture
def approver(demo):
    return demo.enter(demo.app(), "approver")


def forecasts(client, identifier):
    """Feed -> what an approval makes of the product there."""
    part = client.get(f"/product/channels/{identifier}?if=approved&in=webshop.nl_NL").text
    assert "In the feeds, once it is approved" in part
    heads = re.findall(r'class="why-head"><a [^>]*>([^<]+)</a>\s*<span[^>]*>([^<]+)<', part)
    return dict(heads)


def sent(demo, identifier, **asked):
    """The feeds that the next build sends it to."""
    now, storage = datetime.now(UTC), Storage(demo.settings.storage_url)
    with demo.database.reading() as session:
        found = why_not(session, storage, identifier, "http://hub", now.date(), **asked)
    return {one.label for one in found if one.is_sent}


def test_the_forecast_is_what_the_approval_then_brings(demo, approver):
    assert sent(demo, WAITING) == set()
    foreseen = sent(demo, WAITING, if_approved=True)
    assert foreseen
    said = forecasts(approver, WAITING)
    assert {feed for feed, word in said.items() if word == "enters"} == foreseen
    assert {word for feed, word in said.items() if feed not in foreseen} <= {"stays out"}
    with demo.database.writing() as session:
        publishing.approve(session, [WAITING], coats.ANN, datetime.now(UTC))
    assert sent(demo, WAITING) == foreseen


def test_the_desk_asks_for_the_forecast(demo, approver):
    page = approver.get(f"/product/review?product={WAITING}&in=webshop.nl_NL").text
    [asked] = re.findall(r'hx-get="(/product/channels/[^"]*)"', page)
    assert "if=approved" in unescape(asked)


def test_what_is_approved_in_thought_counts_with_its_working_values(database, clock):
    coats.fill(database)
    coats.write(database, "C-1", {"name-en_GB": "Raincoat"})
    with database.reading() as session:
        root = published_products.root_of(session, "M-1")
        told = {
            one.identifier: (one.blocked, one.document["name-en_GB"])
            for approved in ({"M"}, {"M", "M-1"})
            for one in published_if_approved(session, root, approved)
            if one.blocked or len(approved) == 2
        }
        assert told == {"M-1": (None, "Parka")}
        [coat] = published_if_approved(session, published_products.root_of(session, "C-1"), {"C-1"})
        [now] = published_if_approved(session, published_products.root_of(session, "C-1"), ())
    assert (coat.document["name-en_GB"], now.document["name-en_GB"]) == ("Raincoat", "Coat")


def test_a_long_queue_goes_on_behind_its_last_product(database, enter, clock, monkeypatch):
    monkeypatch.setattr(review_pages, "SHOWN", 2)
    coats.fill(database)
    with database.writing() as session:
        added = [ProductInput(f"R-{one}", {"family": "coats"}) for one in range(3)]
        write(session, added, coats.ANN, clock())
        publishing.move(session, ["R-0", "R-1", "R-2"], "review", coats.ANN, clock())
    client = enter("approver")
    queued = re.compile(r'data-queued="([^"]+)"')
    first = client.get("/product/review?in=shop.en_GB").text
    assert queued.findall(first) == ["R-0", "R-1"]
    [more] = re.findall(r'href="([^"]+)" data-more', first)
    second = client.get(unescape(more)).text
    assert queued.findall(second) == ["R-2"]
    assert "data-more" not in second
