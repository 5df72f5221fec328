"""idealo, Beslist and Kelkoo have neither schema nor validator: the columns and elements of their
own descriptions are what the files are held against.
"""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from exporters import beslist, kelkoo
from pim.errors import Invalid
from pim.feeds import registry
from pim.feeds.options import read_options

LISTS = "specs/schemas/price_comparison_headers"
# Columns for each way of delivery and payment, and some that the sample header does not show.
IDEALO_OTHERS = {"download", "replica"}


@pytest.fixture(params=["beslist", "kelkoo"])
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def elements(shared: Path, code: str) -> dict[str, bool]:
    """Name -> whether it is required, of all that the description names."""
    words = (shared / LISTS / f"{code}_elements.txt").read_text(encoding="utf-8")
    listed = "\n".join(line for line in words.splitlines() if not line.startswith("("))
    found = {
        name: bool(star)
        for name, star in re.findall(r"([A-Za-z][\w-]*)(\*?)", listed.replace("Products/", ""))
    }
    return found | {f"Image_{number}": False for number in range(2, 10)}


def complaints(path: Path, known: dict[str, bool]) -> set[str]:
    found = set()
    for item in etree.parse(path).getroot():
        tags = {one.tag for one in item}
        found |= {f"{tag} is not known" for tag in tags - known.keys()}
        missing = {name for name, is_required in known.items() if is_required} - tags
        found |= {f"{name} is missing" for name in missing}
    return found


def test_only_known_elements_and_all_required_ones(
    build: Callable[..., Any], shared: Path, code: str
) -> None:
    assert complaints(build(code).path, elements(shared, code)) == set()


@pytest.mark.parametrize(
    ("code", "old", "new", "complaint"),
    [
        ("beslist", "Winkelproductcode>", "Code>", "Winkelproductcode is missing"),
        ("beslist", "Image_2>", "Image_10>", "Image_10 is not known"),
        ("kelkoo", "offer-id>", "offerid>", "offerid is not known"),
        ("kelkoo", "delivery-cost>", "shipping>", "delivery-cost is missing"),
    ],
)
def test_a_mutant_is_found(
    build: Callable[..., Any], shared: Path, code: str, old: str, new: str, complaint: str
) -> None:
    built = build(code)
    assert old in built.text
    built.path.write_text(built.text.replace(old, new), encoding="utf-8")
    assert complaint in complaints(built.path, elements(shared, code))


def test_what_is_required_is_what_the_description_requires(shared: Path) -> None:
    for module in (beslist, kelkoo):
        code = module.__name__.rpartition(".")[2]
        required = {name for name, star in elements(shared, code).items() if star}
        assert {field.name for field in module.FIELDS if field.need == "required"} == required


def test_pictures_are_numbered(build: Callable[..., Any]) -> None:
    first = etree.parse(build("beslist").path).getroot()[0]
    assert first.findtext("Image_2") == "https://cdn.example/a2.jpg"
    assert first.findtext("Image_3") == "https://cdn.example/a3.jpg"
    first = etree.parse(build("kelkoo").path).getroot()[0]
    assert first.findtext("image-url-3") == "https://cdn.example/a3.jpg"
    assert (first.findtext("price"), first.findtext("currency")) == ("749.00", "EUR")


def test_idealo_knows_every_column(build: Callable[..., Any], shared: Path) -> None:
    known = (shared / LISTS / "idealo_header.csv").read_text(encoding="utf-8").strip().split(",")
    built = build("idealo", {"delivery": "dhl:4.95", "payment": "paypal:0, credit_card:0"})
    assert set(built.exporter.format.columns) - IDEALO_OTHERS == set(known)


def test_idealo_has_bare_prices_and_lists_with_semicolons(build: Callable[..., Any]) -> None:
    with build("idealo").path.open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert (first["price"], first["deliveryCosts_dhl"]) == ("749.00", "4.95")
    assert first["imageUrls"].count(";") == 2


def test_what_is_out_of_stock_does_not_go_to_idealo(build: Callable[..., Any]) -> None:
    built = build("idealo", extra={"stock": {"from": ["stock"]}})
    assert built.records == 2
    reasons = [one for one in built.reasons["HELM;1"] if one.is_error]
    assert [(one.address, one.rule) for one in reasons] == [("stock", "out_of_stock")]


@pytest.mark.parametrize("link", ["https://shop.example/a;b", "https://shop.example/a%2Fb"])
def test_an_address_that_idealo_cannot_read_stays_out(build: Callable[..., Any], link: str) -> None:
    built = build("idealo", extra={"url": {"value": link}})
    assert {(one.address, one.rule) for one in built.reasons["ZZ7-ROOD"]} == {("url", "pattern")}


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"delivery": "post:4.95"}, {"delivery"}),
        ({"delivery": "dhl"}, {"delivery"}),
        ({"delivery": "dhl:4,95"}, {"delivery"}),
        ({"payment": "cash:0"}, {"payment"}),
        ({"payment": "paypal:gratis"}, {"payment"}),
        ({"payment": ","}, {"payment"}),
    ],
)
def test_ways_and_prices_are_ones_that_idealo_knows(
    options: dict[str, str], wrong: set[str]
) -> None:
    exporter = registry.get("idealo")
    with pytest.raises(Invalid) as raised:
        read_options(exporter, dict(exporter.example.options) | options)
    assert set(raised.value.messages) == wrong
