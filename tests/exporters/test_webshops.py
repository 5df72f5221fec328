"""WooCommerce and Magento: their own samples know the columns, and what their importers read is
what went in.
"""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pim.feeds.check import compile_check
from pim.feeds.contract import Group, Listing, Money, Property

# Columns that WooCommerce's importer knows beside those of its sample.
WOOCOMMERCE_TOO = {"GTIN, UPC, EAN, or ISBN", "Low stock amount", "Country of origin"}
WOOCOMMERCE_TOO |= {"Commodity code"}
# Columns that Magento's importer knows beside those of its sample.
MAGENTO_TOO = {"base_image", "small_image", "thumbnail_image", "additional_images"}
MAGENTO_TOO |= {"configurable_variations"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sample(shared: Path, name: str) -> set[str]:
    path = shared / "specs/schemas" / name
    with path.open(encoding="utf-8", newline="") as file:
        return set(next(csv.reader(file)))


def test_woocommerce_knows_every_column(build: Callable[..., Any], shared: Path) -> None:
    known = sample(shared, "woocommerce/sample_products_excerpt.csv")
    known = {one.replace("(lbs)", "(kg)").replace("(in)", "(cm)") for one in known}
    known |= {one.replace("Attribute 1", "Attribute 3") for one in known}
    assert set(build("woocommerce").exporter.format.columns) <= known | WOOCOMMERCE_TOO


def woocommerce_complaints(found: list[dict[str, str]]) -> set[str]:
    """The rules of WooCommerce's importer, over a whole file."""
    known: dict[str, str] = {}
    complaints = set()
    for row in found:
        if row["SKU"] in known:
            complaints.add("SKU repeated")
        known[row["SKU"]] = row["Type"]
        if row["Type"] not in ("simple", "variable", "variation"):
            complaints.add("unknown type")
        if row["Type"] == "variation" and known.get(row["Parent"]) != "variable":
            complaints.add("variation without parent")
        if row["Type"] == "variation" and "," in row["Attribute 1 value(s)"].replace("\\,", ""):
            complaints.add("variation with several values")
        if row["Regular price"] and not row["Regular price"].replace(".", "", 1).isdigit():
            complaints.add("no price")
    return complaints


def test_woocommerces_importer_has_no_complaint(build: Callable[..., Any]) -> None:
    found = rows(build("woocommerce").path)
    assert [row["Type"] for row in found] == ["variable", "variation", "variation", "simple"]
    assert woocommerce_complaints(found) == set()
    assert (found[0]["SKU"], found[0]["Regular price"]) == ("ZZ7", "")
    assert found[0]["Attribute 1 value(s)"] == "Rood, Blauw"
    assert [row["Parent"] for row in found] == ["", "ZZ7", "ZZ7", ""]
    assert [row["Images"].count("http") for row in found] == [3, 3, 1, 1]
    assert found[1]["Weight (kg)"] == "16.5"
    assert (found[0]["Categories"], found[0]["Stock"]) == ("Fietsen > Stadsfietsen", "")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("variable,", "variabel,", "unknown type"),
        ("variable,ZZ7,", "variable,ZZ8,", "variation without parent"),
        ("749.00", '"749,00"', "no price"),
        ("ZZ7-BLAUW", "ZZ7-ROOD", "SKU repeated"),
    ],
)
def test_a_mutant_of_woocommerces_is_found(
    build: Callable[..., Any], old: str, new: str, complaint: str
) -> None:
    built = build("woocommerce")
    assert old in built.text
    built.path.write_text(built.text.replace(old, new), encoding="utf-8")
    assert complaint in woocommerce_complaints(rows(built.path))


def test_a_comma_in_a_list_and_an_end_of_line_are_as_woocommerce_reads_them(
    build: Callable[..., Any],
) -> None:
    exporter = build("woocommerce").exporter
    listing = Listing("X", "X", None)
    listing |= {
        "SKU": "X",
        "Name": "Tas",
        "Description": "een\ntwee \\n drie",
        "Tags": ["7 vakken, licht", "tas"],
        "Regular price": Money("1.00", "EUR"),
    }
    (row,) = csv.DictReader(
        [exporter.head(None).decode(), exporter.render(Group([listing]))[0].decode()]
    )
    assert row["Tags"] == "7 vakken\\, licht, tas"
    assert row["Description"] == "een\\ntwee \\\\n drie"


def test_magento_knows_every_column(build: Callable[..., Any], shared: Path) -> None:
    known = sample(shared, "magento/catalog_product_excerpt.csv")
    assert set(build("magento_2").exporter.format.columns) <= known | MAGENTO_TOO


def variations(row: dict[str, str]) -> list[dict[str, str]]:
    """A list of variations as Magento takes it apart."""
    return [
        dict(pair.split("=", 1) for pair in one.split(","))  # type: ignore[misc]
        for one in row["configurable_variations"].split("|")
    ]


def test_a_configurable_product_names_its_variants(build: Callable[..., Any]) -> None:
    found = {row["sku"]: row for row in rows(build("magento_2").path)}
    assert [row["product_type"] for row in found.values()] == [
        *("simple", "simple", "configurable"),
        "simple",
    ]
    assert variations(found["ZZ7"]) == [
        {"sku": "ZZ7-ROOD", "color": "Rood"},
        {"sku": "ZZ7-BLAUW", "color": "Blauw"},
    ]
    assert all(one["sku"] in found for one in variations(found["ZZ7"]))
    assert found["ZZ7-ROOD"]["visibility"] == "Not Visible Individually"
    assert found["ZZ7"]["visibility"] == found["HELM;1"]["visibility"] == "Catalog, Search"
    assert (found["ZZ7"]["price"], found["ZZ7"]["qty"]) == ("", "")
    assert found["ZZ7-ROOD"]["categories"] == "Default Category/Fietsen/Stadsfietsen"
    assert found["ZZ7-ROOD"]["small_image"] == found["ZZ7-ROOD"]["base_image"]
    assert found["ZZ7-ROOD"]["url_key"] == "zz7-rood"
    assert "color=Rood" in found["ZZ7-ROOD"]["additional_attributes"]


def test_what_separates_variants_at_magento_is_not_in_them(build: Callable[..., Any]) -> None:
    exporter = build("magento_2").exporter
    check = compile_check(exporter, {}, [field.name for field in exporter.fields])
    listing = Listing("X", "M", "M")
    listing |= {"option_1_attribute": "color", "option_1_value": "Rood, blauw"}
    assert "separator" in {one.rule for one in check(listing) if one.is_error}


def test_a_comma_in_an_attribute_of_magento_stands_in_quotes(build: Callable[..., Any]) -> None:
    exporter = build("magento_2").exporter
    listing = Listing("X", "X", None)
    listing |= {
        "sku": "X",
        "name": "Tas",
        "price": Money("1.00", "EUR"),
        "additional_attributes": [Property("material", "Stof", 'wol, "merino"')],
    }
    (row,) = exporter.items(Group([listing]))
    assert row["additional_attributes"] == 'material="wol, ""merino"""'
