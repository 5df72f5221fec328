"""OpenAI has no validator: its published list of basic fields is what the file is held against."""

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest

from exporters.openai_products import FIELDS
from pim.feeds.check import compile_check
from pim.feeds.contract import Listing, Money

BASIC = {"item_id", "title", "description", "url", "brand", "seller_name", "image_url"}
BASIC |= {"price", "availability"}


def test_the_basic_fields_are_required_and_no_others() -> None:
    assert {field.name for field in FIELDS if field.need == "required"} == BASIC


def test_every_line_has_the_basic_fields_as_text(build: Callable[..., Any]) -> None:
    lines = [json.loads(line) for line in build("openai_products").text.splitlines()]
    assert [line["item_id"] for line in lines] == ["ZZ7-ROOD", "ZZ7-BLAUW", "HELM;1"]
    assert all(set(line) >= BASIC for line in lines)
    assert all(type(value) is str for line in lines for value in line.values())
    assert (lines[0]["price"], lines[0]["group_id"]) == ("749.00 EUR", "ZZ7")
    assert lines[0]["additional_image_urls"] == (
        "https://cdn.example/a2.jpg,https://cdn.example/a3.jpg"
    )


def test_the_table_says_the_same(build: Callable[..., Any]) -> None:
    text = build("openai_products").text.replace("\\u000b", "")  # JSON can hold a control character
    lines = [json.loads(line) for line in text.splitlines()]
    with build("openai_products", {"format": "csv"}).path.open(newline="") as file:
        rows = [
            {name: value for name, value in row.items() if value} for row in csv.DictReader(file)
        ]
    assert rows == lines


@pytest.mark.parametrize(
    ("values", "address", "rule"),
    [
        ({"availability": "preorder"}, "availability", "choice"),
        ({"availability": "pre_order"}, "availability_date", "missing"),
        (
            {"price": Money("10", "EUR"), "sale_price": Money("10", "EUR")},
            "sale_price",
            "not_lower",
        ),
        ({"brand": "x" * 71}, "brand", "too_long"),
    ],
)
def test_what_openai_refuses_stays_out(
    build: Callable[..., Any], values: dict[str, Any], address: str, rule: str
) -> None:
    exporter = build("openai_products").exporter
    listing = Listing("X", "X", None)
    listing |= values
    check = compile_check(exporter, {}, [field.name for field in FIELDS])
    assert (address, rule) in {(one.address, one.rule) for one in check(listing) if one.is_error}
