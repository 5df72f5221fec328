"""The header is Shopify's, and a product is as Shopify groups it."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pim.feeds.check import compile_group_check
from pim.feeds.contract import Group, Listing, Money, Totals
from pim.feeds.verify import verify


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
    blocking = [reason for reason in built.reasons["ZZ7-GEEN"] if reason.is_error]
    assert [(one.address, one.rule) for one in blocking] == [("Option1 value", "missing")]
    assert "ZZ7-GEEN" not in built.text


@pytest.mark.parametrize("handle", ["met spatie", "é"])
def test_a_handle_takes_no_other_characters(build: Callable[..., Any], handle: str) -> None:
    built = build("shopify", extra={"URL handle": {"value": handle}})
    assert {(one.address, one.rule) for one in built.reasons["ZZ7-ROOD"]} == {
        ("URL handle", "pattern")
    }


def test_two_variants_with_the_same_options_do_not_both_go(
    build: Callable[..., Any], products: Any
) -> None:
    """channels.md fault 5: two options “Rood”."""
    exporter = build("shopify").exporter
    listings = [variant("A", "Rood"), variant("B", "Rood"), variant("C", "Blauw")]
    check = compile_group_check(exporter)
    assert check is not None
    assert [(one.identifier, problem.rule) for one, problem in check(Group(listings))] == [
        ("B", "not_unique")
    ]


def test_two_products_with_one_handle_are_found_in_the_file(
    build: Callable[..., Any], tmp_path: Path
) -> None:
    """channels.md fault 5: the handles of “M.4” and “M-4” fall together."""
    exporter = build("shopify").exporter
    parts = [exporter.render(Group([variant(name, "Rood")]))[0] for name in ("M.4", "M-4")]
    path = tmp_path / "shopify.csv"
    path.write_bytes(exporter.head(Totals(0)) + b"".join(parts))
    assert [one.rule for one in verify(exporter, path, 2)] == ["repeated"]


def variant(identifier: str, color: str) -> Listing:
    listing = Listing(identifier, "M", "M")
    listing |= {
        "Title": "Fiets",
        "URL handle": "m-4",
        "SKU": identifier,
        "Option1 name": "Kleur",
        "Option1 value": color,
        "Price": Money("1.00", "EUR"),
    }
    return listing
