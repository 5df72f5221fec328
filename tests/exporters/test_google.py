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

from exporters.google_shopping import FIELDS, NAMESPACE, GoogleShopping
from pim.feeds.check import compile_check
from pim.feeds.contract import Listing, Money
from tests.exporters.google_model import ENUMS, NOT_OF_THE_PRODUCT, PLURAL, as_google_has_it, items


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
    names = {PLURAL.get(field.name, field.name) for field in FIELDS} - NOT_OF_THE_PRODUCT
    assert names <= known


def test_every_allowed_value_is_one_of_googles() -> None:
    for field in FIELDS:
        if field.name in ENUMS:
            assert {choice.upper().replace("+", "P") for choice in field.choices} <= set(
                ENUMS[field.name].__members__
            )


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
    assert rows[0]["shipping(country:price)"] == "NL:4.95 EUR"
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


def test_every_column_of_the_table_is_in_googles_header(
    build: Callable[..., Any], shared: Path
) -> None:
    header = (
        (shared / "specs/schemas/google/products_tsv_header.tsv")
        .read_text(encoding="utf-8")
        .rstrip("\n")
        .split("\t")
    )
    assert set(build("google_shopping", {"format": "tsv"}).exporter.format.columns) <= set(header)


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
