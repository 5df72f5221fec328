"""A feed shows what was approved, and nothing else: promises P5, P6 and P9 on both engines."""

from pathlib import Path
from typing import Any

import pytest

from pim.errors import Invalid, NotFound
from pim.feeds import queries, service
from pim.feeds.run import summary
from pim.jobs import schedules
from tests.feeds.conftest import ERP, STRUCTURE

UNNAMED = [("description", "missing"), ("title", "missing")]
"""What the German feed says of a product without a German name, which describes it too."""


def test_approved_with_german_missing(shop: Any, full: dict[str, Any]) -> None:
    """It is in the Dutch feed and not in the German one, which says why."""
    shop.define("google_nl", "google_de", only_complete=True)
    shop.edit("OTHER", full)
    shop.edit("A", full | {"name-de_DE": None})
    shop.approve("OTHER", "A")
    for code in ("google_nl", "google_de"):
        assert shop.run(code).state == "published"
    assert "<g:id>A</g:id>" in shop.world("google_nl")
    assert shop.left_out("google_nl") == {}
    assert "<g:id>A</g:id>" not in shop.world("google_de")
    assert shop.left_out("google_de") == {"A": [("name-de_DE", "missing")]}


def test_the_reasons_are_those_of_today_though_the_file_stays_the_same(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_de")
    shop.edit("OTHER", full)
    shop.edit("A", full | {"name-de_DE": None})
    shop.approve("OTHER")
    shop.run("google_de")
    assert shop.left_out("google_de") == {"A": [("status", "not_approved"), *UNNAMED]}
    shop.approve("A")
    assert shop.run("google_de").state == "unchanged"
    assert shop.left_out("google_de") == {"A": UNNAMED}


def test_editing_changes_no_feed_until_it_is_approved_again(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl", "till")
    shop.edit("A", full)
    shop.approve("A")
    before = {code: (shop.run(code).state, shop.world(code)) for code in ("google_nl", "till")}
    shop.edit(
        "A", {"name-nl_NL": "Half geschreven", "categories": ["attic"], "description-nl_NL": None}
    )
    for code in before:
        assert (shop.run(code).state, shop.world(code)) == ("unchanged", before[code][1])
    shop.edit("A", {"categories": ["bikes"]})
    shop.approve("A")
    for code in before:
        assert shop.run(code).state == "published"
        assert "Half geschreven" in shop.world(code)


def test_a_new_price_changes_every_feed_at_the_next_build(shop: Any, full: dict[str, Any]) -> None:
    codes = ("google_nl", "google_de", "shopify", "till", "wholesale")
    shop.define(*codes)
    shop.edit("A", full)
    shop.approve("A")
    for code in codes:
        assert (shop.run(code).state, "749.00" in shop.world(code)) == ("published", True)
    shop.edit("A", {"name-nl_NL": "Half geschreven"})
    shop.edit("A", {"price-EUR": "699.00"}, ERP)
    for code in codes:
        build = shop.run(code)
        assert (build.state, build.rendered) == ("published", 1)
        assert (
            "699.00" in shop.world(code),
            "749.00" in shop.world(code),
            "Half" in shop.world(code),
        ) == (True, False, False)


@pytest.mark.parametrize("way", ["disabled", "retired"])
def test_what_is_switched_off_or_retired_leaves_at_the_next_build(
    shop: Any, full: dict[str, Any], way: str
) -> None:
    shop.define("google_nl")
    for number in range(20):
        shop.edit(f"P{number}", full)
    shop.edit("A", full)
    shop.approve("A", *(f"P{number}" for number in range(20)))
    shop.run("google_nl")
    if way == "disabled":
        shop.edit("A", {"enabled": False})
    else:
        shop.move("A", "retired")
    assert shop.run("google_nl").state == "published"
    assert shop.left_out("google_nl") == {"A": [("status", way)]}


def test_a_variant_that_moves_to_another_model_is_in_the_feed_once(
    shop: Any, full: dict[str, Any]
) -> None:
    """Its previous model changes in nothing but the number of its variants."""
    shop.define("shopify")
    model = {
        key: full[key] for key in ("family", "categories", "name-nl_NL", "description-nl_NL")
    } | {"family_variant": "by_color"}
    shop.edit("M1", model, kind="model")
    shop.edit("M2", model, kind="model")
    shop.edit("RED", {"parent": "M1", "color": "red", "price-EUR": "1.00"})
    shop.edit("BLUE", {"parent": "M1", "color": "blue", "price-EUR": "2.00"})
    shop.edit("RED2", {"parent": "M2", "color": "red", "price-EUR": "3.00"})
    shop.approve("RED", "RED2", "BLUE")
    shop.run("shopify")
    shop.edit("BLUE", {"stock": "1"}, ERP)
    shop.edit("RED", {"stock": "1"}, ERP)
    shop.run("shopify")
    shop.edit("BLUE", {"parent": "M2"})
    shop.approve("BLUE")
    shop.run("shopify")
    copied = shop.world("shopify")
    assert copied.count("BLUE") == 1
    assert shop.run("shopify", full=True).state == "unchanged"
    assert shop.world("shopify") == copied


def test_what_a_family_must_fill_decides_who_is_in_the_feed(
    shop: Any, full: dict[str, Any]
) -> None:
    """Where a feed takes only complete products; another one is not even rendered again."""
    shop.define("till", only_complete=True)
    shop.define("google_nl")
    shop.edit("A", full | {"brand": None})
    shop.edit("B", full)
    shop.approve("A", "B")
    for code in ("till", "google_nl"):
        shop.run(code)
    goods = {**STRUCTURE["families"]["goods"], "requirements": {"webshop": ["name", "brand"]}}
    shop.apply({"families": {"goods": goods}})
    for code, excluded, rendered in (("till", 1, 2), ("google_nl", 0, 0)):
        build = shop.run(code)
        assert (build.excluded, build.rendered) == (excluded, rendered)


def test_a_paused_feed_keeps_its_file_and_has_no_slots(shop: Any, full: dict[str, Any]) -> None:
    schedule = {"cron": "0 6 * * *", "zone": "Europe/Amsterdam"}
    shop.define("till", schedule=schedule)
    shop.edit("A", full)
    shop.approve("A")
    shop.run("till")
    with shop.database.writing() as session:
        service.pause(session, "till", shop.clock())
    shop.define("till", schedule=schedule)  # applying its definition does not start it again
    shop.clock.advance(days=2)
    with shop.database.writing() as session:
        assert schedules.tick(session, shop.clock()) == []
    assert "A" in shop.world("till")
    with shop.database.writing() as session:
        service.pause(session, "till", shop.clock(), paused=False)
    shop.clock.advance(days=1)
    with shop.database.writing() as session:
        assert len(schedules.tick(session, shop.clock())) == 1


def test_a_removed_feed_is_gone_with_its_builds_and_schedule(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("till", "google_nl", schedule={"cron": "0 6 * * *", "zone": "UTC"})
    shop.edit("A", full)
    shop.approve("A")
    shop.run("till")
    with shop.database.writing() as session:
        service.remove(session, "till", shop.clock())
        assert [feed.code for feed in queries.feeds(session)] == ["google_nl"]
        assert queries.builds(session, "till") == []
        assert [one.code for one in schedules.every(session)] == ["feed:google_nl"]
    with pytest.raises(NotFound):
        shop.run("till")


def test_a_feed_that_is_not_there(shop: Any) -> None:
    with pytest.raises(NotFound):
        shop.run("bing")


def test_a_feed_whose_channel_went(shop: Any, full: dict[str, Any]) -> None:
    shop.define("wholesale")
    with shop.database.writing() as session:
        service.get(session, "wholesale").channel = "gone"
    with pytest.raises(Invalid, match="channel"):
        shop.run("wholesale")


def test_the_summary_has_the_promised_shape(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    shop.edit("A", full)
    shop.approve("A")
    build = shop.run("till")
    said = summary(build, shop.storage)
    assert {"feed", "state", "items", "excluded", "seconds", "path", "sha256"} <= said.keys()
    assert Path(said["path"]).read_bytes() == shop.storage.get(build.path)
