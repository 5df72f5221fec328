"""Why a product is not in a feed: the same answer as the next build's."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from media import service as media
from pim.errors import NotFound
from pim.feeds import queries
from pim.feeds import service as feeds
from pim.feeds.recommended import UNMAPPED
from pim.feeds.why import FeedReadiness, why_not
from tests.feeds.conftest import FEEDS, STRUCTURE


def ask(shop: Any, identifier: str, feed: str | None = None) -> list[FeedReadiness]:
    with shop.database.reading() as session:
        today = shop.clock().date()
        return why_not(session, shop.storage, identifier, "https://hub.example", today, feed)


def said(shop: Any, identifier: str, feed: str | None = None) -> dict[str, Any]:
    return {
        one.feed: True if one.is_sent else [(r.address, r.rule) for r in one.reasons if r.is_error]
        for one in ask(shop, identifier, feed)
    }


def test_a_draft_an_approved_one_and_a_gap(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl", "google_de")
    shop.edit("A", full | {"name-de_DE": None})
    gaps = [("description", "missing"), ("title", "missing")]
    assert said(shop, "A") == {
        "google_nl": [("status", "not_approved")],
        "google_de": [("status", "not_approved"), *gaps],
    }
    shop.approve("A")
    assert said(shop, "a") == {"google_nl": True, "google_de": gaps}
    assert said(shop, "A", "google_de") == {"google_de": gaps}


def test_what_a_family_requires_keeps_nothing_out_of_a_feed_that_does_not_ask_for_it(
    shop: Any, full: dict[str, Any]
) -> None:
    requirements = {"webshop": ["name", "price", "description", "brand"]}
    goods = STRUCTURE["families"]["goods"] | {"requirements": requirements}
    shop.apply({"families": {"goods": goods}})
    shop.define("till")
    shop.edit("A", full | {"description-nl_NL": None, "brand": None})
    shop.approve("A", force="It is sold at the till only.")
    assert said(shop, "A") == {"till": True}
    shop.define("till", only_complete=True)
    assert said(shop, "A") == {"till": [("brand", "missing"), ("description-nl_NL", "missing")]}
    (verdict,) = ask(shop, "A")
    assert "this feed only takes products that are complete" in str(verdict.reasons[0].message)


def test_a_feed_says_all_that_is_wrong_at_once(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till", only_complete=True)
    shop.edit("A", full | {"price-EUR": "0.00", "name-nl_NL": None})
    shop.approve("A", force="For a test.")
    assert said(shop, "A") == {"till": [("name-nl_NL", "missing"), ("gross_price", "price_zero")]}


def test_what_was_never_approved_says_what_it_lacks_besides(
    shop: Any, full: dict[str, Any]
) -> None:
    """So that a catalogue that has just moved in shows at once what a channel needs."""
    shop.define("till")
    shop.edit("DRAFT", full | {"price-EUR": None})
    texts = {name: value for name, value in full.items() if name not in ("price-EUR", "stock")}
    shop.edit("M", texts | {"family_variant": "by_color"}, kind="model")
    shop.edit("M-red", {"parent": "M", "color": "red", "price-EUR": "0.00"})
    shop.edit("ATTIC", {"family": "goods", "categories": ["attic"]})
    build = shop.run("till")
    assert (build.state, build.items) == ("held", 0)
    found = {
        line.identifier: [(one.address, one.rule) for one in line.reasons if one.is_error]
        for line in queries.report(shop.storage, build)
    }
    assert found == {
        "DRAFT": [("status", "not_approved"), ("gross_price", "missing")],
        "M-red": [("status", "not_approved"), ("gross_price", "price_zero")],
        "ATTIC": [("status", "not_approved")],
    }
    shop.edit("DRAFT", {"price-EUR": "9.00"})
    shop.run("till")
    assert said(shop, "DRAFT") == {"till": [("status", "not_approved")]}
    assert shop.world("till") == ""


def test_a_feed_may_ask_for_more_than_its_channel(shop: Any, full: dict[str, Any]) -> None:
    mapping = FEEDS["till"]["mapping"]
    shop.define("till", mapping=mapping | {"ean": {"from": ["ean"], "required": True}})
    shop.edit("A", full)
    shop.edit("B", full | {"ean": "8712345000004"})
    shop.approve("A", "B")
    assert said(shop, "A") == {"till": [("ean", "missing")]}
    assert said(shop, "B") == {"till": True}


def test_the_channels_own_rules(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till", "google_nl")
    shop.edit("A", full | {"categories": ["attic"]})
    shop.edit("B", full | {"price-EUR": "0.00"})
    shop.approve("A", "B")
    assert said(shop, "A", "till") == {"till": [("categories", "not_in_tree")]}
    assert said(shop, "B", "till") == {"till": [("gross_price", "price_zero")]}


def test_a_model_answers_for_its_variants(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    inherited = {key: full[key] for key in ("family", "categories", "name-nl_NL")} | {
        "family_variant": "by_color"
    }
    shop.edit("M", inherited, kind="model")
    shop.edit("RED", {"parent": "M", "color": "red", "price-EUR": "1.00"})
    shop.edit("BLUE", {"parent": "M", "color": "blue"})
    shop.approve("RED")
    assert [(one.identifier, one.is_sent) for one in ask(shop, "M")] == [
        ("RED", True),
        ("BLUE", False),
    ]
    assert [(one.identifier, one.is_sent) for one in ask(shop, "BLUE")] == [("BLUE", False)]


def test_a_model_between_answers_for_its_own_variants(shop: Any, full: dict[str, Any]) -> None:
    attributes = {"size": {"type": "choice", "options": {"s": {}, "m": {}}}}
    family = {"attributes": ["sku", "name", "price", "color", "size"], "label": "name"}
    levels = [{"axes": ["color"]}, {"axes": ["size"]}]
    shop.apply(
        {
            "attributes": attributes,
            "families": {"shirts": family},
            "variants": {"two": {"family": "shirts", "levels": levels}},
        }
    )
    shop.define("till")
    shop.edit("M", {"family": "shirts", "family_variant": "two"}, kind="model")
    for color in ("red", "blue"):
        shop.edit(color, {"parent": "M", "color": color}, kind="model")
        shop.edit(f"{color}-s", {"parent": color, "size": "s"})
    assert [one.identifier for one in ask(shop, "blue")] == ["blue-s"]
    assert [one.identifier for one in ask(shop, "M")] == ["red-s", "blue-s"]


def test_it_says_what_the_build_says(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.edit("B", full | {"ean": "8712345000011"})
    shop.edit("C", full | {"name-nl_NL": "x" * 200, "price-EUR": "0.00"})
    shop.edit("D", full)
    shop.approve("A", "B", "C")
    build = shop.run("google_nl")
    lines = {line.identifier: line for line in queries.report(shop.storage, build)}
    for name in "ABCD":
        (verdict,) = ask(shop, name)
        line = lines.get(name)
        assert verdict.is_sent == (line is None or not line.excluded)
        assert verdict.live is not None
        assert verdict.live.is_in == verdict.is_sent
        found = [(r.address, r.rule) for r in verdict.reasons if r.rule != UNMAPPED]
        assert found == ([(r.address, r.rule) for r in line.reasons] if line else [])


def test_what_the_channel_recommends_is_told_and_keeps_nothing_out(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl")
    shop.edit("A", full | {"brand": None})
    shop.edit("B", full | {"ean": None, "brand": None})
    shop.approve("A", force="It has no brand.")
    build = shop.run("google_nl")
    assert (build.items, build.warned) == (1, 1)
    (verdict,) = ask(shop, "A")
    told = {one.address: (one.rule, one.severity) for one in verdict.reasons}
    assert verdict.is_sent
    assert told["brand"] == ("recommended", "warning")
    assert told["mpn"] == (UNMAPPED, "warning")
    ours = {one.problem.address: one.cure for one in verdict.said}
    assert (ours["brand"], ours["mpn"]) == ("brand", "")
    (waiting,) = ask(shop, "B")
    named = [one.address for one in waiting.reasons if one.rule != UNMAPPED]
    assert named == ["status", "gtin", "brand"]


def test_what_keeps_a_product_out_is_said_first(shop: Any, full: dict[str, Any]) -> None:
    shop.define("shopify")
    shop.edit("A", full | {"ean": None, "price-EUR": "0.00", "description-nl_NL": None})
    shop.approve("A")
    (verdict,) = ask(shop, "A")
    blocks = [one.is_error for one in verdict.reasons]
    assert blocks == sorted(blocks, reverse=True)
    named = [one.address for one in verdict.reasons]
    assert named[0] == "Price"
    assert {"Description", "Barcode", "Vendor"} <= set(named[1:])


def test_a_feed_that_is_broken_says_so(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till", "google_nl")
    shop.edit("A", full)
    shop.approve("A")
    with shop.database.writing() as session:
        feeds.get(session, "till").exporter = "gone"
        feeds.get(session, "google_nl").locale = "fr_FR"
    assert said(shop, "A") == {"till": [("", "feed")], "google_nl": [("locale", "feed")]}


def test_who_is_not_there(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    with pytest.raises(NotFound, match="X"):
        ask(shop, "X")
    shop.edit("A", full)
    with pytest.raises(NotFound, match="bing"):
        ask(shop, "A", "bing")


@pytest.mark.parametrize("source", ["photo", "$picture", "$pictures"])
def test_a_file_that_is_no_picture_is_named(shop: Any, full: dict[str, Any], source: str) -> None:
    goods = STRUCTURE["families"]["goods"]
    attributes = [*goods["attributes"], "photo"]
    shop.apply(
        {
            "attributes": {"photo": {"type": "asset"}},
            "families": {"goods": {**goods, "attributes": attributes, "picture": "photo"}},
        }
    )
    mapping = FEEDS["google_nl"]["mapping"] | {"image_link": {"from": [source]}}
    shop.define("google_nl", mapping=mapping)
    with shop.database.writing() as session:
        data = b"%PDF-1.4 a leaflet"
        leaflet = media.take_in(session, shop.storage, "leaflet.jpg", data, shop.clock()).code
    for identifier, values in (("A", {"photo": leaflet}), ("B", {})):
        shop.edit(identifier, full | values)
        shop.approve(identifier)
    said_of = {
        identifier: [
            str(one.message)
            for one in ask(shop, identifier)[0].reasons
            if one.address == "image_link" and one.is_error
        ]
        for identifier in ("A", "B")
    }
    assert said_of == {
        "A": ["“image_link” is missing: “leaflet.jpg”, which “photo” holds, is no picture."],
        "B": ["“image_link” is missing."],
    }


def test_what_is_said_of_a_file_that_is_no_picture_is_said_anew_where_the_family_looks_elsewhere(
    shop: Any, full: dict[str, Any]
) -> None:
    """Nothing changed in the product, and the build copies what did not change."""
    goods = STRUCTURE["families"]["goods"]
    attributes = [*goods["attributes"], "photo", "folder"]
    family = {**goods, "attributes": attributes}
    files = {"photo": {"type": "asset"}, "folder": {"type": "asset"}}
    shop.apply({"attributes": files, "families": {"goods": {**family, "picture": "photo"}}})
    mapping = FEEDS["google_nl"]["mapping"] | {"image_link": {"from": ["$picture"]}}
    shop.define("google_nl", mapping=mapping)
    with shop.database.writing() as session:
        data = b"%PDF-1.4 a leaflet"
        leaflet = media.take_in(session, shop.storage, "leaflet.jpg", data, shop.clock()).code
        front = media.take_in(session, shop.storage, "front.png", png(), shop.clock()).code
    shop.edit("A", full | {"photo": leaflet, "folder": leaflet})
    shop.edit("B", full | {"photo": front, "folder": front})
    shop.approve("A", "B")
    assert "which “photo” holds" in missing_picture(shop)
    shop.apply({"families": {"goods": {**family, "picture": "folder"}}})
    assert "which “folder” holds" in missing_picture(shop)


def missing_picture(shop: Any) -> str:
    """What the report of the next build says of the picture of A; B is in the feed."""
    build = shop.run("google_nl")
    assert (build.items, build.state in ("published", "unchanged")) == (1, True)
    lines = {line.identifier: line for line in queries.report(shop.storage, build)}
    reasons = lines["A"].reasons
    return next(str(one.message) for one in reasons if one.address == "image_link")


def png() -> bytes:
    target = BytesIO()
    Image.new("RGB", (600, 600), "teal").save(target, "PNG")
    return target.getvalue()


def test_a_rule_and_a_selection_say_what_they_leave_out(shop: Any, full: dict[str, Any]) -> None:
    rule = {"label": "No Gazelle", "if": [{"brand": {"is": "Gazelle"}}], "leave_out": True}
    shop.define("google_nl", rules=[rule])
    shop.define("till", selection={"without": {"A": {"reason": "Recalled"}}})
    shop.edit("A", full)
    shop.approve("A")
    assert said(shop, "A") == {
        "google_nl": [("", "left_out_by_rule")],
        "till": [("", "left_out_by_name")],
    }


def test_what_a_rule_fills_is_not_told_as_filled_by_nothing(
    shop: Any, full: dict[str, Any]
) -> None:
    mapping = {name: one for name, one in FEEDS["google_nl"]["mapping"].items() if name != "gtin"}
    shop.edit("A", full)
    shop.approve("A")
    for rules, is_told in (
        ([], True),
        ([{"if": [], "set": {"gtin": {"value": "4006381333931"}}}], False),
    ):
        shop.define("google_nl", mapping=mapping, rules=rules)
        (verdict,) = ask(shop, "A", "google_nl")
        told = {one.address for one in verdict.reasons if one.rule == UNMAPPED}
        assert ("gtin" in told) is is_told


def test_the_cure_of_a_template_is_its_first_value(shop: Any, full: dict[str, Any]) -> None:
    mapping = FEEDS["google_nl"]["mapping"] | {"title": {"template": "{name}, {brand}" + "x" * 200}}
    shop.define("google_nl", mapping=mapping)
    shop.edit("A", full)
    shop.approve("A")
    (verdict,) = ask(shop, "A", "google_nl")
    assert [(one.problem.rule, one.cure) for one in verdict.said if one.problem.is_error] == [
        ("too_long", "name-nl_NL")
    ]
