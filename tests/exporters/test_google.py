"""Google's own client and an RSS reader nobody here wrote look at the file."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import feedparser
import pytest
from google.shopping import merchant_products_v1 as merchant

from exporters.google_shopping import GoogleShopping
from pim.feeds.check import compile_check
from pim.feeds.contract import Listing, Measure, Money, Picture, Property
from pim.feeds.google_data import BY_NAME, FIELDS, NAMESPACE, NEST_OF, NESTS
from tests.exporters.google_model import PLURAL, as_google_has_it, enumerated, items


def test_google_understands_every_item(build: Callable[..., Any]) -> None:
    attributes = [as_google_has_it(item) for item in items(build("google_shopping").path)]
    assert [one.availability.name for one in attributes] == ["IN_STOCK", "IN_STOCK", "OUT_OF_STOCK"]
    assert attributes[0].price.amount_micros == 749_000_000
    assert attributes[0].shipping[0].country == "NL"
    assert attributes[0].product_length.value == 185.0
    assert list(attributes[0].additional_image_links) == [
        "https://cdn.example/a2.jpg",
        "https://cdn.example/a3.jpg",
    ]
    assert attributes[2].certifications[0].certification_code == "1234567"
    assert attributes[2].title == "Helm <zwart>, 58\u00a0cm"


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("in_stock</", "in stock</", KeyError),
        ("g:color>", "g:colour>", ValueError),
        ("749.00 EUR", "EUR 749.00", ValueError),
    ],
)
def test_google_does_not_understand_a_mutant(
    build: Callable[..., Any], old: str, new: str, error: type[Exception]
) -> None:
    built = build("google_shopping")
    built.path.write_text(built.text.replace(old, new), encoding="utf-8")
    with pytest.raises(error):
        [as_google_has_it(item) for item in items(built.path)]


def test_every_field_is_one_of_googles() -> None:
    known = set(merchant.ProductAttributes.meta.fields)
    made_of_fields = set(NEST_OF) - {nest.name for nest in NESTS}
    names = {PLURAL.get(name, name) for name in BY_NAME} - made_of_fields - {"id"}
    assert names | {PLURAL.get(nest.name, nest.name) for nest in NESTS} <= known


def test_every_part_of_an_attribute_is_one_of_googles() -> None:
    for nest in NESTS:
        attribute = merchant.ProductAttributes.meta.fields[PLURAL.get(nest.name, nest.name)]
        assert set(nest.parts) <= set(attribute.message.meta.fields), nest.name


def test_every_allowed_value_is_one_of_googles() -> None:
    known = merchant.ProductAttributes.meta.fields
    for field in FIELDS:
        attribute = known.get(PLURAL.get(field.name, field.name))
        if attribute is not None and attribute.enum is not None:
            assert field.choices
            assert all(enumerated(attribute.enum, choice) for choice in field.choices)


def test_a_feed_reader_reads_it(build: Callable[..., Any]) -> None:
    parsed = feedparser.parse(str(build("google_shopping").path))
    assert not parsed.bozo
    assert parsed.namespaces["g"] == NAMESPACE
    assert parsed.feed.title == "Winkel & zo"
    assert [entry.g_id for entry in parsed.entries] == ["ZZ7-ROOD", "ZZ7-BLAUW", "HELM;1"]
    assert parsed.entries[1].g_item_group_id == "ZZ7"


def test_the_table_has_the_same_products(build: Callable[..., Any]) -> None:
    built = build("google_shopping", {"format": "tsv"})
    with built.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [row["id"] for row in rows] == ["ZZ7-ROOD", "ZZ7-BLAUW", "HELM;1"]
    assert rows[0][NEST_OF["shipping"].column] == "NL:::4.95 EUR::::,BE::DHL:6.95 EUR::::"
    assert ":Kleur:Rood" in rows[0][NEST_OF["product_detail"].column].split(",")
    assert (
        rows[0]["additional_image_link"] == "https://cdn.example/a2.jpg,https://cdn.example/a3.jpg"
    )
    assert (
        rows[2]["certification(certification_authority:certification_name:certification_code)"]
        == "EC:EPREL:1234567"
    )
    assert rows[2]["description"] == 'Zegt "hallo"; tab en regel'


def test_a_comma_in_a_list_of_the_table_stands_in_quotes(build: Callable[..., Any]) -> None:
    exporter = build("google_shopping", {"format": "tsv"}).exporter
    row = exporter.format.record({"product_highlight": ["8 versnellingen, riem", "Licht"]})
    (cells,) = csv.reader([row.decode()], delimiter="\t")
    highlights = cells[exporter.format.columns.index("product_highlight")]
    assert next(csv.reader([highlights])) == ["8 versnellingen, riem", "Licht"]


def test_a_wrong_optional_value_costs_no_item(build: Callable[..., Any]) -> None:
    exporter = build("google_shopping").exporter
    listing = Listing("X", "X", None)
    listing |= {"gtin": "4006381333932", "product_highlight": ["x"] * 120}
    check = compile_check(exporter, {}, [field.name for field in FIELDS])
    absent = ("missing", "recommended")
    found = [(one.rule, one.severity) for one in check(listing) if one.rule not in absent]
    assert found == [("gtin_check_digit", "skipped"), ("identifiers", "warning")]
    assert "gtin" not in listing
    assert len(listing["product_highlight"]) == 100


def test_the_table_has_every_column_of_googles_header(
    build: Callable[..., Any], shared: Path
) -> None:
    header = (
        (shared / "specs/schemas/google/products_tsv_header.tsv")
        .read_text(encoding="utf-8")
        .rstrip("\n")
        .split("\t")
    )
    columns = build("google_shopping", {"format": "tsv"}).exporter.format.columns
    assert {one.partition("(")[0] for one in header} <= {one.partition("(")[0] for one in columns}


def test_conditions_between_fields(build: Callable[..., Any]) -> None:
    exporter: GoogleShopping = build("google_shopping").exporter
    check = compile_check(exporter, {}, [field.name for field in FIELDS])
    listing = Listing("X", "X", None)
    listing |= {
        "availability": "preorder",
        "price": Money("10", "EUR"),
        "sale_price": Money("10", "EUR"),
        "brand": "B",
    }
    found = {(reason.address, reason.rule, reason.is_error) for reason in check(listing)}
    assert {
        ("gtin", "identifiers", False),
        ("availability_date", "missing", True),
        ("sale_price", "not_lower", True),
    } <= found
    listing |= {"availability_date": "2026-12-24", "sale_price": Money("9.99", "EUR"), "mpn": "7"}
    assert {reason.rule for reason in check(listing) if reason.is_error} == {"missing"}
    assert "availability_date" not in {reason.address for reason in check(listing)}


def test_larger_pictures_are_asked_from_the_day_on() -> None:
    (field,) = (one for one in GoogleShopping.fields_for({}) if one.name == "image_link")
    before, after = field.on(date(2027, 1, 30)), field.on(date(2027, 1, 31))
    assert before is not None
    assert after is not None
    assert (before.min_pixels, after.min_pixels) == (0, 500)
    assert GoogleShopping.daily_part({}, date(2027, 1, 30)) == ""
    assert GoogleShopping.daily_part({}, date(2027, 3, 1)) == "2027-01-31"


def test_an_eleventh_or_a_small_extra_picture_keeps_nothing_out(
    build: Callable[..., Any], products: Any
) -> None:
    """channels.md fault 7: the list is cut after the main picture left it."""
    pictures = [f"p{number}" for number in range(13)]
    many = replace(products[0], document=products[0].document | {"pictures": pictures})
    built = build("google_shopping", products=[many])
    assert built.reasons["ZZ7-ROOD"] == []
    (item,) = items(built.path)
    more = [one.text for one in item.findall(f"{{{NAMESPACE}}}additional_image_link")]
    assert more == [f"https://cdn.example/p{number}.jpg" for number in range(1, 11)]


def record_of(build: Callable[..., Any], values: dict[str, Any], **options: str) -> dict[str, Any]:
    exporter = build("google_shopping", options).exporter
    listing = Listing("X", "X", None)
    listing |= {"title": "Fiets", "description": "Rijdt"} | values
    return dict(exporter.item(listing))


def test_what_a_machine_wrote_says_so(build: Callable[..., Any]) -> None:
    record = record_of(build, {"structured_title": "Stadsfiets"})
    assert "title" not in record
    assert record["description"] == "Rijdt"
    assert record["structured_title"] == [
        {"g:digital_source_type": "trained_algorithmic_media", "g:content": "Stadsfiets"}
    ]


def test_units_of_a_unit_price_are_spelt_in_googles_words(build: Callable[..., Any]) -> None:
    measure = Measure("2.5", "SQUARE_METER", "m²", "MTK")
    assert record_of(build, {"unit_pricing_measure": measure})["unit_pricing_measure"] == "2.5 sqm"


def test_the_unit_of_a_unit_price_means_nothing_alone(build: Callable[..., Any]) -> None:
    unit = {"unit_pricing_base_measure": Measure("1", "LITER", "l", "LTR")}
    assert record_of(build, unit).keys() == {"title", "description"}


def test_a_separator_in_a_part_of_a_cell_stands_in_quotes(build: Callable[..., Any]) -> None:
    lines = [Property("d", "Diagonaal", '2,5"'), Property("r", "Overbrenging", "1:4")]
    record = record_of(build, {"product_detail": lines}, format="tsv")
    cell = record[NEST_OF["product_detail"].column]
    assert cell == ':Diagonaal:"2,5""",:Overbrenging:"1:4"'


def test_a_part_is_left_out_where_the_whole_makes_no_sense(build: Callable[..., Any]) -> None:
    """A price of delivery without its country, and a service without its price."""
    price = {"shipping_price": Money("4.95", "EUR")}
    assert "shipping" not in record_of(build, price, shipping_country=" ")
    assert "shipping" not in record_of(build, {"shipping_service": "DHL"})


@pytest.mark.parametrize(
    ("country", "more", "warned"),
    [
        ("NL", {}, True),
        ("NL", {"certification_code": "123456"}, False),
        ("NO", {}, False),
        ("CH", {}, False),
        (" ", {}, True),  # the language is of the Netherlands
    ],
)
def test_an_energy_class_alone_no_longer_counts_in_the_eu(
    build: Callable[..., Any], country: str, more: dict[str, str], warned: bool
) -> None:
    exporter = build("google_shopping", {"shipping_country": country}).exporter
    listing = Listing("X", "X", None)
    listing |= {"gtin": "4006381333931", "min_energy_efficiency_class": "A"} | more
    found = [(one.address, one.rule, one.severity) for one in exporter.check(listing)]
    expected = [("min_energy_efficiency_class", "no_longer_read", "warning")] if warned else []
    assert found == expected


def test_google_understands_every_attribute_at_once(build: Callable[..., Any]) -> None:
    """All that the fields allow, in one item."""
    extra = {
        "structured_title": {"value": "Fiets"},
        "structured_description": {"value": "Rijdt"},
        "expiration_date": {"value": "2026-12-24"},
        "sale_price": {"value": "9.95"},
        "sale_price_effective_date": {"value": "2026-11-27T00:00+01:00/2026-11-30T23:59+01:00"},
        "installment_months": {"value": "12"},
        "installment_amount": {"value": "5.00"},
        "subscription_cost_period": {"value": "month"},
        "subscription_cost_amount": {"value": "3.00"},
        "loyalty_program_label": {"value": "club"},
        "loyalty_tier_label": {"value": "goud"},
        "loyalty_points": {"value": "5"},
        "free_shipping_threshold": {"value": "50.00"},
        "minimum_order_value": {"value": "10.00"},
        "question_and_answer": {"from": ["color"]},
        "popularity_rank": {"value": "99.5"},
        "promotion_id": {"value": "WINTER"},
        "included_destination": {"value": "Shopping_ads"},
        "excluded_destination": {"value": "Display_ads"},
        "shopping_ads_excluded_country": {"value": "BE"},
        "pause": {"value": "ads"},
        "pickup_method": {"value": "buy"},
        "pickup_sla": {"value": "2-day"},
        "multipack": {"value": "2"},
        "document_link": {"value": "https://shop.example/manual.pdf"},
        "energy_efficiency_class": {"value": "A"},
        "certification_code": {"value": "1234567"},
        "cost_of_goods_sold": {"value": "4.00"},
    }
    built = build("google_shopping", extra=extra)
    first = as_google_has_it(items(built.path)[0])
    assert first.structured_title.content == "Fiets"
    assert (first.pause.name, first.pickup_sla.name) == ("ADS", "TWO_DAY")
    assert first.questions_and_answers[0].question == "Kleur"
    assert [one.country for one in first.shipping] == ["NL", "BE"]
    assert first.unit_pricing_base_measure.unit == "kg"
    assert first.free_shipping_threshold[0].price_threshold.amount_micros == 50_000_000
    assert {one.attribute_name: one.attribute_value for one in first.product_details}[
        "Gewicht"
    ] == "16.5 kg"


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("g:attribute_name>", "g:name>", ValueError),
        (">EPREL<", ">Eprel label<", KeyError),
        ("<g:country>NL</g:country>", "<g:land>NL</g:land>", ValueError),
        ("1 kg<", "een kilo<", ValueError),
    ],
)
def test_google_does_not_understand_a_mutant_of_a_part(
    build: Callable[..., Any], old: str, new: str, error: type[Exception]
) -> None:
    built = build("google_shopping")
    assert old in built.text
    built.path.write_text(built.text.replace(old, new), encoding="utf-8")
    with pytest.raises(error):
        [as_google_has_it(item) for item in items(built.path)]


def picture(width: int, height: int, name: str = "a") -> Picture:
    return Picture(f"https://cdn.example/{name}.jpg", width, height)


SIZES = [(499, 500), (500, 499), (500, 500), (501, 500), (120, 90), (99, 500), (0, 0)]


def outcomes(build: Callable[..., Any], day: date) -> dict[tuple[int, int], list[Any]]:
    """Size of the main picture -> what a build of that day says of it."""
    exporter = build("google_shopping").exporter
    exporter = GoogleShopping(replace(exporter.context, issued=day))
    check = compile_check(exporter, {}, [field.name for field in FIELDS])
    found = {}
    for size in SIZES:
        listing = Listing("X", "X", None)
        listing |= {"image_link": picture(*size), "additional_image_link": [picture(*size, "b")]}
        found[size] = [one for one in check(listing) if "image_link" in one.address]
    return found


def test_what_will_be_too_small_is_listed_today(build: Callable[..., Any]) -> None:
    """Those and only those that the day itself keeps out."""
    today, on_the_day = (outcomes(build, date(2026, 11, 28)), outcomes(build, date(2027, 1, 31)))
    before = outcomes(build, date(2027, 1, 30))
    for size in SIZES:
        lost_then = {one.address for one in on_the_day[size] if one.severity != "warning"}
        lost_now = {one.address for one in today[size] if one.severity != "warning"}
        told = {one.address for one in today[size] if one.rule == "upcoming"}
        assert told == lost_then - lost_now, size
        assert {one.rule for one in on_the_day[size]} <= {"picture_small"}
        assert today[size] == before[size]
    (main, more) = (one for one in today[499, 500] if one.rule == "upcoming")
    assert (main.severity, main.value) == (
        "warning",
        "https://cdn.example/a.jpg (499 × 500)",
    )
    assert str(main.message) == "From 2027-01-31 on it breaks a rule, and the item stays out."
    assert str(more.message).endswith("the value is left out.")
    assert today[500, 500] == today[0, 0] == []
