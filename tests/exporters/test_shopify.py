"""The header is Shopify's, and a product is as Shopify groups it."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pim.feeds.contract import Listing


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_header_is_the_current_template(build: Callable[..., Any], shared: Path) -> None:
    header = (
        (shared / "specs/schemas/shopify/header_current_template.csv")
        .read_text(encoding="utf-8")
        .strip()
    )
    assert build("shopify").text.splitlines()[0] == header


def test_a_product_has_its_title_once_and_its_handle_always(build: Callable[..., Any]) -> None:
    found = [row for row in rows(build("shopify").path) if row["URL handle"] == "zz7"]
    assert [bool(row["Title"]) for row in found] == [True, False, False, False]
    assert [row["SKU"] for row in found] == ["ZZ7-ROOD", "ZZ7-BLAUW", "", ""]
    assert [row["Option1 value"] for row in found] == ["Rood", "Blauw", "", ""]
    assert [row["Price"] for row in found] == ["749.00", "749.00", "", ""]


def test_every_picture_has_one_row_and_a_variant_shows_its_own(build: Callable[..., Any]) -> None:
    found = [row for row in rows(build("shopify").path) if row["URL handle"] == "zz7"]
    assert [row["Product image URL"][-6:] for row in found] == [
        "a1.jpg",
        "a2.jpg",
        "a3.jpg",
        "b1.jpg",
    ]
    assert [row["Image position"] for row in found] == ["1", "2", "3", "4"]
    assert [row["Variant image URL"][-6:] for row in found] == ["a1.jpg", "b1.jpg", "", ""]


def test_a_product_without_variants_has_no_option(build: Callable[..., Any]) -> None:
    (helmet,) = (row for row in rows(build("shopify").path) if row["URL handle"] == "helm-1")
    assert helmet["Option1 name"] == helmet["Option1 value"] == ""
    assert helmet["Variant image URL"] == ""


def test_weights_are_in_grams_and_barcodes_keep_their_digits(build: Callable[..., Any]) -> None:
    first = rows(build("shopify").path)[0]
    assert first["Weight value (grams)"] == "16500"
    assert first["Barcode"] == "8712345000011"


def test_a_variant_without_its_option_stays_out(build: Callable[..., Any], products: Any) -> None:
    del (plain := dict(products[1].document))["color"]
    mutant = type(products[1])("ZZ7-GEEN", plain, model="ZZ7")
    built = build("shopify", products=[products[0], mutant])
    assert [reason.rule for reason in built.reasons["ZZ7-GEEN"]] == ["missing"]
    assert "ZZ7-GEEN" not in built.text


@pytest.mark.parametrize("handle", ["met spatie", "é"])
def test_a_handle_takes_no_other_characters(build: Callable[..., Any], handle: str) -> None:
    listing = Listing("X", "X", None)
    listing["URL handle"] = handle
    assert [reason.rule for reason in build("shopify").exporter.check(listing)] == ["handle"]
