"""Where rows with one name or handle are one product, no two products have the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pim.feeds.contract import Group, Listing, Money, Totals
from pim.feeds.verify import verify

FIELDS = {
    "square": ("Item Name", "SKU", "Price", "Option Name 1", "Option Value 1"),
    "lightspeed_x": (
        *("handle", "sku", "retail_price"),
        *("variant_option_one_name", "variant_option_one_value"),
    ),
    "medusa": (
        *("Product Handle", "Variant Sku", "Variant Price"),
        *("Variant Option 1 Name", "Variant Option 1 Value"),
    ),
    "vendure": ("slug", "sku", "price", "option_1_name", "option_1_value"),
}
"""Exporter -> what a product is called, its number, its price, and its option."""
NAMES = {"lightspeed_x": "name", "medusa": "Product Title", "vendure": "name"}


def product(code: str, called: str, *variants: str) -> Group:
    """One with these variants, or a single one."""
    name, number, price, option, value = FIELDS[code]
    listings = []
    for variant in variants or ("",):
        identifier = f"{called}-{variant}-{id(variants)}"
        listing = Listing(identifier, called, called if variants else None)
        listing |= {NAMES.get(code, name): "Fiets", name: called}
        listing |= {number: identifier, price: Money("1.00", "EUR")}
        if variant:
            listing |= {option: "Kleur", value: variant}
        listings.append(listing)
    return Group(listings)


@pytest.mark.parametrize("code", FIELDS)
@pytest.mark.parametrize(
    ("products", "repeated"),
    [
        ([("a",), ("b",)], False),
        ([("a", "rood", "blauw"), ("b", "rood", "blauw")], False),
        ([("a",), ("a", "rood")], True),
        ([("a", "rood", "blauw"), ("a", "blauw", "groen")], True),
        ([("a", "rood", "blauw", "groen")], False),
        ([("a", "rood"), ("b",), ("a", "blauw")], True),
    ],
)
def test_a_name_that_two_products_have_is_found(
    build: Callable[..., Any],
    tmp_path: Path,
    code: str,
    products: list[tuple[str, ...]],
    repeated: bool,
) -> None:
    exporter = build(code).exporter
    parts = [exporter.render(product(code, *one)) for one in products]
    path = tmp_path / "file.csv"
    path.write_bytes(exporter.head(Totals(0)) + b"".join(data for data, _ in parts))
    found = verify(exporter, path, sum(count for _, count in parts))
    assert [one.rule for one in found] == (["repeated"] if repeated else [])
