"""Files in Google's manner: local inventory, promotions, Microsoft, Prisjakt. Google's own clients
and an RSS reader look at them.
"""

from collections.abc import Callable
from typing import Any

import feedparser
import pytest
from lxml import etree

from exporters.google_local_inventory import GoogleLocalInventory
from pim.feeds.check import compile_check
from pim.feeds.contract import Listing, Money
from tests.exporters.google_model import as_google_has_it, in_model, items

inventories = pytest.importorskip(
    "google.shopping.merchant_inventories_v1", reason="Google's Inventories API is not installed"
)
promotions = pytest.importorskip(
    "google.shopping.merchant_promotions_v1", reason="Google's Promotions API is not installed"
)

# What the file of promotions calls otherwise than the API.
PROMOTION = {
    "promotion_effective_dates": "promotion_effective_time_period",
    "item_id": "item_id_inclusion",
    "item_group_id": "item_group_id_inclusion",
    "brand": "brand_inclusion",
    "product_type": "product_type_inclusion",
}


def without(item: etree._Element, *names: str) -> list[etree._Element]:
    return [one for one in item if etree.QName(one).localname not in names]


def inventory_of(item: etree._Element) -> Any:
    """Pick-up has blanks in the file, underscores in the API."""
    elements = without(item, "id", "store_code")
    for element in elements:
        if etree.QName(element).localname.startswith("pickup_"):
            element.text = (element.text or "").replace(" ", "_")
    return in_model(inventories.LocalInventoryAttributes, elements)


def promotion_of(item: etree._Element) -> Any:
    elements = without(item, "promotion_id", "redemption_channel")
    return in_model(promotions.Attributes, elements, PROMOTION)


READERS: dict[str, Callable[[etree._Element], Any]] = {
    "google_local_inventory": inventory_of,
    "google_promotions": promotion_of,
    "microsoft_shopping": as_google_has_it,
    "prisjakt": as_google_has_it,
}


def spaced(text: str) -> str:
    """Microsoft's words of availability as Google has them."""
    return text.replace(">in stock<", ">in_stock<").replace(">out of stock<", ">out_of_stock<")


@pytest.mark.parametrize("code", READERS)
def test_googles_client_knows_everything_in_it(build: Callable[..., Any], code: str) -> None:
    built = build(code)
    built.path.write_text(spaced(built.text), encoding="utf-8")
    assert len([READERS[code](item) for item in items(built.path)]) == 3


@pytest.mark.parametrize("code", READERS)
def test_a_feed_reader_reads_it(build: Callable[..., Any], code: str) -> None:
    parsed = feedparser.parse(str(build(code).path))
    assert not parsed.bozo
    assert len(parsed.entries) == 3


@pytest.mark.parametrize(
    ("code", "old", "new", "error"),
    [
        ("google_local_inventory", ">in_stock<", ">plenty<", KeyError),
        ("google_local_inventory", "g:quantity>", "g:stock>", ValueError),
        ("google_local_inventory", ">not supported<", ">no<", KeyError),
        ("google_local_inventory", "749.00 EUR", "749,00 EUR", ValueError),
        ("google_promotions", ">money_off<", ">korting<", KeyError),
        ("google_promotions", "g:long_title>", "g:title>", ValueError),
        ("google_promotions", "2026-11-30T23:59", "2026-11-31T23:59", ValueError),
        ("microsoft_shopping", ">new<", ">nieuw<", KeyError),
        ("prisjakt", "g:size_system>", "g:sizes>", ValueError),
        ("prisjakt", "749.00 EUR", "EUR 749.00", ValueError),
    ],
)
def test_googles_client_refuses_a_mutant(
    build: Callable[..., Any], code: str, old: str, new: str, error: type[Exception]
) -> None:
    built = build(code)
    text = spaced(built.text)
    assert old in text
    built.path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(error):
        [READERS[code](item) for item in items(built.path)]


def test_an_inventory_is_of_one_shop(build: Callable[..., Any]) -> None:
    rows = items(build("google_local_inventory").path)
    space = {"g": rows[0].nsmap["g"]}
    assert {row.findtext("g:store_code", "", space) for row in rows} == {"AMS-1"}
    assert [row.findtext("g:quantity", "", space) for row in rows] == ["3", "3", "0"]


def broken(exporter: Any, values: dict[str, Any]) -> set[tuple[str, str]]:
    listing = Listing("X", "X", None)
    listing |= values
    check = compile_check(exporter, {}, [field.name for field in exporter.fields])
    return {(one.address, one.rule) for one in check(listing) if one.is_error}


def test_a_sale_of_a_shop_has_its_price_and_a_way_of_pick_up_its_time(
    build: Callable[..., Any],
) -> None:
    exporter = build("google_local_inventory").exporter
    assert isinstance(exporter, GoogleLocalInventory)
    given = {"store_code": "A", "id": "X", "availability": "in_stock"}
    assert broken(exporter, given) == set()
    dated = {"sale_price_effective_date": "2026-11-27/2026-11-30", "pickup_method": "buy"}
    assert broken(exporter, given | dated) == {("sale_price", "missing"), ("pickup_sla", "missing")}


def test_a_promotion_says_what_is_off(build: Callable[..., Any]) -> None:
    exporter = build("google_promotions").exporter
    given = {
        "promotion_id": "WINTER",
        "product_applicability": "all_products",
        "offer_type": "generic_code",
        "long_title": "Tien procent korting",
        "promotion_effective_dates": "2026-11-27/2026-11-30",
        "redemption_channel": ["online"],
        "coupon_value_type": "percent_off",
    }
    assert broken(exporter, given) == {
        ("generic_redemption_code", "missing"),
        ("percent_off", "missing"),
    }
    whole = given | {"generic_redemption_code": "W10", "percent_off": "10"}
    assert broken(exporter, whole) == set()
    assert broken(exporter, whole | {"offer_type": "no_code"}) == {
        ("generic_redemption_code", "needless")
    }


def test_the_codes_of_promotions_are_not_repeated(build: Callable[..., Any]) -> None:
    built = build("google_promotions", extra={"promotion_id": {"value": "WINTER"}})
    assert built.exporter.format.check(built.path).repeated == ["WINTER"]


@pytest.mark.parametrize("identifier", ["A;1", "A&B", "é", "x" * 37])
def test_prisjakt_takes_plain_identifiers(build: Callable[..., Any], identifier: str) -> None:
    exporter = build("prisjakt").exporter
    assert ("id", "pattern") in broken(exporter, {"id": identifier})
    assert ("id", "pattern") not in broken(exporter, {"id": "A 1_x-y/z"})


def test_a_size_at_prisjakt_says_of_which_system(build: Callable[..., Any]) -> None:
    exporter = build("prisjakt").exporter
    assert ("size_system", "missing") in broken(exporter, {"size": "M"})
    assert ("size", "missing") not in broken(exporter, {"size_system": "EU"})
    sizes = [one.findtext("{*}size_system") for one in items(build("prisjakt").path)]
    assert sizes == [None, None, "EU"]


def test_a_sale_price_is_lower(build: Callable[..., Any]) -> None:
    prices = {"price": Money("10", "EUR"), "sale_price": Money("12", "EUR")}
    for code in ("google_local_inventory", "microsoft_shopping", "prisjakt"):
        assert ("sale_price", "not_lower") in broken(build(code).exporter, prices)


def test_microsoft_has_words_of_its_own(build: Callable[..., Any]) -> None:
    built = build("microsoft_shopping")
    states = [one.findtext("{*}availability") for one in items(built.path)]
    assert states == ["in stock", "in stock", "out of stock"]
