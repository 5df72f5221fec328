"""Meta's own client of the catalogue knows every column and word of the file."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exporters.meta_catalog import FIELDS
from pim.feeds.check import compile_check
from pim.feeds.contract import Listing

client = pytest.importorskip(
    "facebook_business.adobjects.productitem", reason="facebook-business is not installed"
)
ITEM = client.ProductItem

# What the file calls otherwise than the API does.
NAMES = {
    "id": "retailer_id",
    "title": "name",
    "link": "url",
    "image_link": "image_url",
    "additional_image_link": "additional_image_urls",
    "mpn": "manufacturer_part_number",
    "item_group_id": "retailer_product_group_id",
    "google_product_category": "category",
    "shipping_weight": "shipping_weight_value",
    "sale_price_effective_date": "sale_price_start_date",
}
OF_THE_FILE_ALONE = {"shipping", "style"}
ENUMS = {
    "availability": ITEM.Availability,
    "condition": ITEM.Condition,
    "gender": ITEM.Gender,
    "age_group": ITEM.AgeGroup,
}


def words(of: type) -> set[str]:
    return {value for name, value in vars(of).items() if not name.startswith("_")}


def complaints(path: Path) -> set[str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    unknown = {NAMES.get(name, name) for name in rows[0]} - words(ITEM.Field) - OF_THE_FILE_ALONE
    wrong = {
        f"{name}: {row[name]}"
        for row in rows
        for name, enum in ENUMS.items()
        if row.get(name) and row[name] not in words(enum)
    }
    return unknown | wrong


def test_meta_knows_every_column_and_word(build: Callable[..., Any]) -> None:
    assert complaints(build("meta_catalog").path) == set()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("in stock", "in_stock", "availability: in_stock"),
        (",new,", ",nieuw,", "condition: nieuw"),
        ("item_group_id", "group", "group"),
    ],
)
def test_meta_does_not_know_a_mutant(
    build: Callable[..., Any], old: str, new: str, complaint: str
) -> None:
    built = build("meta_catalog")
    assert old in built.text
    built.path.write_text(built.text.replace(old, new), encoding="utf-8")
    assert complaint in complaints(built.path)


def test_every_word_that_is_allowed_is_one_of_metas() -> None:
    for field in FIELDS:
        if field.name in ENUMS:
            assert set(field.choices) <= words(ENUMS[field.name]), field.name


def test_further_pictures_are_one_cell(build: Callable[..., Any]) -> None:
    with build("meta_catalog").path.open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert first["additional_image_link"] == (
        "https://cdn.example/a2.jpg,https://cdn.example/a3.jpg"
    )
    assert (first["price"], first["shipping_weight"]) == ("749.00 EUR", "16.5 kg")


@pytest.mark.parametrize("named", [{"brand": "B"}, {"gtin": "4006381333931"}, {"mpn": "7"}])
def test_one_of_brand_gtin_and_mpn_is_enough(
    build: Callable[..., Any], named: dict[str, str]
) -> None:
    exporter = build("meta_catalog").exporter
    check = compile_check(exporter, {}, [field.name for field in FIELDS])

    def rules(values: dict[str, str]) -> set[str]:
        listing = Listing("X", "X", None)
        listing |= values
        return {one.rule for one in check(listing) if one.is_error}

    assert "identifiers" not in rules(named)
    assert "identifiers" in rules({})
