"""Medusa's and Vendure's own code reads the file: npm packages that run in Node where somebody has
put them into ``ETALAGE_CONSUMERS`` (`npm install @medusajs/utils @vendure/core` in a folder).
"""

import csv
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pim.feeds.check import compile_group_check
from pim.feeds.contract import Group, Listing, Money

MEDUSA = """
const { CSVNormalizer } = require("@medusajs/utils")
const rows = JSON.parse(require("fs").readFileSync(0, "utf-8"))
const read = rows.map((row, index) => CSVNormalizer.preProcess(row, index + 1))
const { toCreate } = new CSVNormalizer(read).proccess()
console.log(JSON.stringify(Object.values(toCreate)))
"""
VENDURE = """
require("reflect-metadata")
const path = require("path")
const core = path.dirname(require.resolve("@vendure/core/package.json"))
const { ImportParser } = require(
  path.join(core, "dist/data-import/providers/import-parser/import-parser"))
const config = { customFields: { Product: [], ProductVariant: [] } }
const parser = new ImportParser(config)
const text = require("fs").readFileSync(0, "utf-8")
parser.parseProducts(text, "en").then((found) => console.log(JSON.stringify(found)))
"""


def in_node(package: str, program: str, given: str) -> Any:
    """What a program of Node says about a text."""
    folder = Path(os.environ.get("ETALAGE_CONSUMERS", "consumers"))
    if shutil.which("node") is None or not (folder / "node_modules" / package).exists():
        pytest.skip(f"no {package} in ETALAGE_CONSUMERS/node_modules")
    done = subprocess.run(
        ["node", "-e", program],
        input=given,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise ValueError(done.stderr)
    return json.loads(done.stdout)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_medusa(found: list[dict[str, str]]) -> Any:
    return in_node("@medusajs/utils", MEDUSA, json.dumps(found))


def test_medusa_takes_products_and_variants(build: Callable[..., Any]) -> None:
    made = in_medusa(rows(build("medusa").path))
    bikes = next(one for one in made if one["handle"] == "zz7")
    assert [one["sku"] for one in bikes["variants"]] == ["ZZ7-ROOD", "ZZ7-BLAUW"]
    assert bikes["variants"][0]["prices"] == [{"currency_code": "eur", "amount": 749}]
    assert bikes["weight"] == 16500
    assert len(bikes["images"]) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Product Subtitle", "Product Colour"),
        ("Product Handle", "Product Subtitel"),
        ("749.00", "veel"),
    ],
)
def test_medusa_refuses_a_mutant(build: Callable[..., Any], old: str, new: str) -> None:
    built = build("medusa")
    assert old in built.text
    built.path.write_text(built.text.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError):
        in_medusa(rows(built.path))


def test_every_row_of_medusas_has_the_product_and_an_option(build: Callable[..., Any]) -> None:
    found = rows(build("medusa").path)
    assert [row["Product Handle"] for row in found] == ["zz7", "zz7", "helm-1"]
    assert [row["Variant Option 1 Value"] for row in found][:2] == ["Rood", "Blauw"]
    assert found[2]["Variant Option 1 Name"] == "Title"
    assert [row["Variant Price EUR"] for row in found] == ["749.00", "749.00", "59.95"]
    assert {row["Product Image 1"] for row in found[:2]} == {"https://cdn.example/a1.jpg"}


def test_a_price_in_another_currency_does_not_go_to_medusa(build: Callable[..., Any]) -> None:
    exporter = build("medusa", {"currency": "SEK"}).exporter
    assert "Variant Price SEK" in exporter.format.columns
    listing = Listing("X", "X", None)
    listing |= {"Variant Price": Money("1.00", "EUR")}
    assert [one.rule for one in exporter.check(listing)] == ["currency"]


def in_vendure(text: str) -> Any:
    found = in_node("@vendure/core", VENDURE, text)
    if found["errors"]:
        raise ValueError(found["errors"])
    return found["results"]


def test_vendures_parser_takes_products_and_variants(build: Callable[..., Any]) -> None:
    bikes, helmet = in_vendure(build("vendure").text)
    assert bikes["product"]["optionGroups"][0]["translations"][0]["name"] == "Kleur"
    assert [one["sku"] for one in bikes["variants"]] == ["ZZ7-ROOD", "ZZ7-BLAUW"]
    assert bikes["variants"][1]["price"] == 749
    assert len(bikes["product"]["assetPaths"]) == 3
    assert bikes["product"]["facets"][0]["translations"][0] == {
        "languageCode": "en",
        "facet": "Merk",
        "value": "Van Dam & Zn",
    }
    assert len(helmet["variants"]) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("optionGroups", "options"),
        (",Kleur,", ",Kleur|Maat,"),
        ("taxCategory,", ""),
    ],
)
def test_vendures_parser_refuses_a_mutant(build: Callable[..., Any], old: str, new: str) -> None:
    text = build("vendure").text
    assert old in text
    with pytest.raises(ValueError):
        in_vendure(text.replace(old, new))


def test_further_variants_are_rows_without_a_name(build: Callable[..., Any]) -> None:
    found = rows(build("vendure").path)
    assert [bool(row["name"]) for row in found] == [True, False, True]
    assert [row["optionGroups"] for row in found] == ["Kleur", "", ""]
    assert [row["optionValues"] for row in found] == ["Rood", "Blauw", ""]
    assert found[0]["assets"].count("|") == 2
    assert {row["taxCategory"] for row in found} == {"standard"}


def test_all_variants_of_vendures_have_the_same_options(build: Callable[..., Any]) -> None:
    check = compile_group_check(build("vendure").exporter)
    assert check is not None
    whole, half = Listing("A", "M", "M"), Listing("B", "M", "M")
    for listing, sku in ((whole, "A"), (half, "B")):
        listing |= {"slug": "m", "sku": sku, "option_1_name": "Kleur", "option_1_value": sku}
    whole |= {"option_2_name": "Maat", "option_2_value": "S"}
    assert [problem.rule for _, problem in check(Group([whole, half]))] == ["not_same"]
