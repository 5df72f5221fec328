"""``pim feeds``: what one does with a feed and its builds without a browser."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from tests.cli.conftest import FEEDS


@pytest.fixture
def built(shop: Any) -> Any:
    """Two builds: the second has another price."""
    shop.ok("products", "approve", "--all-complete")
    shop.ok("feeds", "run", "till")
    reprice(shop, "1.00")
    shop.ok("feeds", "run", "till")
    return shop


def reprice(shop: Any, price: str) -> None:
    shop.write("prices.csv", f"Nr;Naam;Prijs;Kleur;Familie\nA1;Fiets;{price};red;goods\n")
    shop.ok("import", "products", "prices.csv", "--profile", "profile.yaml")


def live(shop: Any) -> int:
    (number,) = [one["build"] for one in shop.json("feeds", "builds", "till") if is_live(one)]
    return int(number)


def is_live(build: dict[str, Any]) -> bool:
    return bool(build["state"] == "live")


def test_one_goes_back_stays_there_and_goes_on(built: Any) -> None:
    second, first = (one["build"] for one in built.json("feeds", "builds", "till"))
    said = built.json("feeds", "rollback", "till", str(first), "--reason", "wrong price")
    assert said == {"feed": "till", "build": first, "items": 2}
    reprice(built, "2.00")
    assert "until somebody unpins it" in built.run("feeds", "run", "till").output
    assert live(built) == first
    built.ok("feeds", "unpin", "till")
    built.ok("feeds", "run", "till")
    assert live(built) not in (first, second)
    assert "wrong price" in built.ok("feeds", "builds", "till")


def test_the_problems_of_a_feed_are_listed_with_their_share(shop: Any) -> None:
    assert "has no build yet" in shop.refused("feeds", "quality", "till")
    shop.run("feeds", "run", "till")
    said = shop.json("feeds", "quality", "till")
    assert said["share_in_feed"] is None  # this shop has no stock
    (problem,) = said["problems"]
    assert (problem["rule"], problem["products"], problem["share"]) == ("not_approved", 2, None)
    assert "It has not been approved yet." in shop.ok("feeds", "quality", "till")


def test_only_what_is_held_is_released_and_only_what_was_published_comes_back(shop: Any) -> None:
    assert shop.run("feeds", "run", "till").exit_code == 1
    (held,) = (one["build"] for one in shop.json("feeds", "builds", "till"))
    assert "has not published such a build" in shop.refused(
        "feeds", "rollback", "till", str(held), "--reason", "x"
    )
    assert shop.json("feeds", "release", "till", "--reason", "We begin empty.")["items"] == 0
    assert "no such held build" in shop.refused("feeds", "release", "till", "--reason", "again")


def test_what_is_wrong_with_several_feeds_is_said_at_once(shop: Any) -> None:
    wrong = {
        "till": {**FEEDS["till"], "channel": "nowhere", "mapping": {"name": {"from": ["nom"]}}},
        "desk": {"exporter": "tryton_pos", "channel": "till", "locale": "nl_NL", "currency": "USD"},
        "good": {**FEEDS["till"], "label": "Fine"},
    }
    said = shop.refused("feeds", "apply", shop.write("wrong.yaml", wrong))
    for place in ("till.channel", "till.mapping.name", "desk.label", "desk.currency"):
        assert place in said
    assert [one["feed"] for one in shop.json("feeds", "list")] == ["till"]


def test_a_paused_feed_is_not_among_all(built: Any) -> None:
    assert built.json("feeds", "pause", "till") == {"feed": "till", "paused": True}
    assert built.json("feeds", "run", "--all") == []
    built.ok("feeds", "resume", "till")
    assert len(built.json("feeds", "run", "--all")) == 1


def test_a_feed_gets_another_address_and_is_removed(built: Any) -> None:
    (before,) = built.json("feeds", "list")
    after = built.json("feeds", "rotate", "till")["url"]
    assert after != before["url"]
    assert built.run("feeds", "remove", "till").exit_code == 2
    built.ok("feeds", "remove", "till", "--yes")
    assert built.json("feeds", "list") == []
    assert built.json("check") == {"problems": []}


def test_a_preview_has_some_products_alone_and_publishes_nothing(built: Any) -> None:
    before = live(built)
    found = built.json("feeds", "preview", "till", "a2")
    assert "Bel" in found["content"]
    assert "Fiets" not in found["content"]
    assert found["reasons"] == []
    assert built.ok("feeds", "preview", "till", "--most", "1").count("\n") == 2
    assert live(built) == before


MARKET = {
    "market": {
        "label": "Market",
        "exporter": "google_shopping",
        "channel": "shop",
        "locale": "nl_NL",
        "currency": "EUR",
        "link": "https://shop.example/{identifier}",
        "mapping": {
            "id": {"from": ["$identifier"]},
            "title": {"from": ["name"]},
            "description": {"from": ["teaser"]},
            "link": {"from": ["$link"]},
            "image_link": {"value": "https://shop.example/a.jpg"},
            "availability": {"value": "in_stock"},
            "price": {"from": ["price"]},
            "color": {"from": ["color"]},
        },
    }
}


def test_what_a_market_needs_is_said_before_anything_is_approved(shop: Any) -> None:
    shop.write("market.yaml", MARKET)
    shop.ok("feeds", "apply", "market.yaml")
    assert "has never been built" in shop.refused("feeds", "reasons", "market")
    assert shop.run("feeds", "run", "market").exit_code == 1
    found = shop.json("feeds", "reasons", "market")
    needed = [(one["field"], one["address"], one["rule"], one["products"]) for one in found]
    assert ("description", "teaser-nl_NL-shop", "missing", 2) in needed
    assert ("status", "", "not_approved", 2) in needed
    said = shop.ok("feeds", "reasons", "market")
    assert "2 description (teaser-nl_NL-shop): “description” is missing." in said


def test_why_names_our_field_beside_the_channels(shop: Any) -> None:
    shop.write("market.yaml", MARKET)
    shop.ok("feeds", "apply", "market.yaml")
    said = shop.ok("why", "A1", "market")
    assert "- description (teaser-nl_NL-shop): “description” is missing." in said
    assert "! brand: The channel recommends it" in said
    (verdict,) = shop.json("why", "A1", "market")
    addresses = {one["field"]: one["address"] for one in verdict["reasons"]}
    assert (addresses["description"], addresses["brand"]) == ("teaser-nl_NL-shop", "")
    assert "A1: description (teaser-nl_NL-shop): " in shop.ok("feeds", "preview", "market", "A1")


def test_a_specification_that_was_read_too_long_ago_is_marked(shop: Any) -> None:
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC)):
        assert "STALE" not in shop.ok("feeds", "fields")
        assert {one["stale"] for one in shop.json("feeds", "fields", "heureka")} == {False}
    with time_machine.travel(datetime(2028, 1, 1, tzinfo=UTC)):
        # What somebody lays out himself was read nowhere.
        fresh = {one["exporter"] for one in shop.json("feeds", "fields") if not one["stale"]}
        assert fresh == {"own_layout"}
        assert "STALE" in shop.ok("feeds", "fields")
        assert "was read on 2026-11-27" in shop.ok("feeds", "fields", "heureka")
        assert {one["stale"] for one in shop.json("feeds", "fields", "heureka")} == {True}


def test_two_builds_differ_by_what_an_import_wrote(built: Any) -> None:
    (said,) = built.json("feeds", "differences", "till")
    assert (said["cause"], said["vanishes"], said["enters"], said["changes"]) == ("import", 0, 0, 1)
    assert said["message"].startswith("Import: prices.csv, ")
    assert said["products"]["changes"] == [
        {"identifier": "A1", "fields": ["gross_price"], "row": 2}
    ]
    assert "1 changes: A1 (gross_price, row 2)" in built.ok("feeds", "differences", "till")
    (first,) = (one["build"] for one in built.json("feeds", "builds", "till")[1:])
    assert "no two such builds" in built.refused("feeds", "differences", "till", str(first))


def test_a_cell_is_explained_up_to_the_row_of_the_file(built: Any) -> None:
    (cell,) = built.json("feeds", "explain", "till", "A1", "gross_price")
    assert (cell["field"], cell["value"], cell["build"]["same"]) == (
        "gross_price",
        "1.00 EUR",
        True,
    )
    (source,) = cell["sources"]
    assert (source["holder"], source["row"]) == ("A1", 2)
    assert source["import"].startswith("prices.csv, ")
    assert built.json("why", "A1", "--feed", "till", "--field", "gross_price") == [cell]
    told = built.ok("feeds", "explain", "till", "A1")
    assert "gross_price: 1.00 EUR" in told
    assert "row 2" in told
    assert "Name the feed" in built.refused("why", "A1", "--field", "gross_price")
