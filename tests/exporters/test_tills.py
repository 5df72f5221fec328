"""Square and Lightspeed X-Series: the columns are those of real exports, and Square's own client
takes what the rows say.
"""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pim.feeds.check import compile_check
from pim.feeds.contract import Listing

square = pytest.importorskip("square.types.catalog_item", reason="squareup is not installed")
SCHEMAS = "specs/schemas"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def header(shared: Path, name: str, **places: str) -> set[str]:
    line = (shared / SCHEMAS / name).read_text(encoding="utf-8").strip()
    for place, value in places.items():
        line = line.replace(f"<{place}>", value)
    return set(next(csv.reader([line])))


def test_square_knows_every_column(build: Callable[..., Any], shared: Path) -> None:
    known = header(shared, "square/item_library_header.csv", Location="Winkel")
    known = {one.replace("<Tax name> (<rate>%)", "BTW (21%)") for one in known}
    known = {one.replace("(lb)", "(kg)") for one in known}
    columns = set(build("square").exporter.format.columns)
    assert columns == known - {"Current Quantity Winkel"}  # which Square alone writes


def in_square(path: Path) -> dict[str, Any]:
    """The items of a file in Square's own model: rows with one name are its variations."""
    from square.types.catalog_item import CatalogItem
    from square.types.catalog_item_variation import CatalogItemVariation

    found: dict[str, list[Any]] = {}
    for row in rows(path):
        variation = CatalogItemVariation.model_validate(
            {
                "name": row["Variation Name"],
                "sku": row["SKU"],
                "upc": row["GTIN"],
                "price_money": {"amount": cents(row["Price"]), "currency": "EUR"},
                "sellable": row["Sellable"] or None,
            }
        )
        found.setdefault(row["Item Name"], []).append(variation)
    return {name: (CatalogItem(name=name), variations) for name, variations in found.items()}


def cents(price: str) -> int:
    whole, _, rest = price.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


def test_squares_client_takes_the_items_with_their_variations(build: Callable[..., Any]) -> None:
    found = in_square(build("square", extra={"Sellable": {"value": "Y"}}).path)
    assert {name[:6]: len(variations) for name, (_, variations) in found.items()} == {
        "Stadsf": 2,
        "Helm <": 1,
    }
    bikes = next(variations for name, (_, variations) in found.items() if name[0] == "S")
    assert [one.name for one in bikes] == ["Rood", "Blauw"]
    assert bikes[0].price_money.amount == 74900
    assert bikes[0].upc == "8712345000011"
    assert bikes[0].sellable is True


@pytest.mark.parametrize(("old", "new"), [("749.00", "749,00"), (",Y,", ",ja,")])
def test_squares_client_refuses_a_mutant(build: Callable[..., Any], old: str, new: str) -> None:
    built = build("square", extra={"Sellable": {"value": "Y"}})
    assert old in built.text
    changed = built.text.replace(old, f'"{new}"' if old == "749.00" else new)
    built.path.write_text(changed, encoding="utf-8")
    with pytest.raises(ValueError):
        in_square(built.path)


def test_a_single_article_at_square_is_regular(build: Callable[..., Any]) -> None:
    helmet = rows(build("square").path)[-1]
    assert (helmet["Variation Name"], helmet["Option Name 1"]) == ("Regular", "")
    assert helmet["Tax - BTW (21%)"] == "Y"
    assert helmet["New Quantity Winkel"] == "0"


def test_lightspeed_knows_every_column(build: Callable[..., Any], shared: Path) -> None:
    known = header(shared, "lightspeed/x_series_header.csv", Outlet_Name="Main_Outlet")
    assert set(build("lightspeed_x").exporter.format.columns) == known


def test_variants_at_lightspeed_share_a_handle(build: Callable[..., Any]) -> None:
    found = rows(build("lightspeed_x").path)
    assert [row["handle"] for row in found] == ["zz7", "zz7", "helm-1"]
    assert [row["variant_option_one_value"] for row in found] == ["Rood", "Blauw", ""]
    assert (found[0]["weight"], found[0]["weight_unit"]) == ("16.5", "kg")
    assert (found[0]["length"], found[0]["dimensions_unit"]) == ("185", "cm")
    assert found[0]["inventory_Main_Outlet"] == "3"
    assert found[2]["weight_unit"] == found[2]["variant_option_one_name"] == ""


@pytest.mark.parametrize("code", ["square", "lightspeed_x", "woocommerce", "magento_2", "medusa"])
def test_a_variant_has_what_tells_it_from_the_others(build: Callable[..., Any], code: str) -> None:
    exporter = build(code).exporter
    check = compile_check(exporter, {}, [field.name for field in exporter.fields])
    variant, single = Listing("X", "M", "M"), Listing("X", "X", None)
    missing = {(one.address, one.rule) for one in check(variant)} - {
        (one.address, one.rule) for one in check(single)
    }
    assert len([one for one in missing if one[1] == "missing"]) == 1
