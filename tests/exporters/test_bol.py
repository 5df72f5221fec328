"""bol's own OpenAPI accepts every offer and its content, and refuses mutants."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.support.openapi import complaints

OFFER = "CreateOfferRequest"
CONTENT = "CreateProductContentSingleRequest"


@pytest.fixture(scope="module")
def schemas(shared: Path) -> Mapping[str, Any]:
    document = json.loads((shared / "specs/schemas/bol/retailer.json").read_text("utf-8"))
    found: Mapping[str, Any] = document["components"]["schemas"]
    return found


def test_bol_accepts_every_offer(build: Callable[..., Any], schemas: Mapping[str, Any]) -> None:
    offers = json.loads(build("bol_offers").text)
    assert [offer["reference"] for offer in offers] == ["ZZ7-ROOD", "ZZ7-BLAUW", "HELM;1"]
    assert [complaints(offer, OFFER, schemas) for offer in offers] == [[], [], []]
    assert offers[0]["pricing"] == {"bundlePrices": [{"quantity": 1, "unitPrice": 749}]}
    assert offers[2]["stock"] == {"amount": 0, "managedByRetailer": False}


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("condition", "name"), "USED", "condition.name"),
        (("pricing", "bundlePrices"), [], "pricing.bundlePrices"),
        (("pricing", "bundlePrices", 0, "unitPrice"), 10_000, "pricing.bundlePrices.0.unitPrice"),
        (("pricing", "bundlePrices", 0, "unitPrice"), "749", "pricing.bundlePrices.0.unitPrice"),
        (("stock", "amount"), 1000, "stock.amount"),
        (("stock", "amount"), 1.5, "stock.amount"),
        (("fulfilment", "deliveryCode"), "morgen", "fulfilment.deliveryCode"),
        (("reference",), "x" * 101, "reference"),
        (("ean",), None, "ean"),
    ],
)
def test_bol_refuses_a_mutant(
    build: Callable[..., Any],
    schemas: Mapping[str, Any],
    path: tuple[Any, ...],
    value: Any,
    complaint: str,
) -> None:
    offer: Any = json.loads(build("bol_offers").text)[0]
    place = offer
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert [one.partition(":")[0] for one in complaints(offer, OFFER, schemas)] == [complaint]


def test_offers_and_content_are_two_files_of_one_feed(
    build: Callable[..., Any], schemas: Mapping[str, Any]
) -> None:
    built = build("bol_offers", {"content": "true"})
    assert built.records == built.exporter.format.count(built.path) == 3
    with ZipFile(built.path) as archive:
        assert archive.namelist() == ["offers.json", "content.json"]
        offers, contents = (json.loads(archive.read(name)) for name in archive.namelist())
    assert len(offers) == len(contents) == 3
    assert [complaints(one, CONTENT, schemas) for one in contents] == [[], [], []]
    values = {one["id"]: one["values"][0] for one in contents[0]["attributes"]}
    assert values["EAN"]["value"] == offers[0]["ean"]
    assert values["weight"] == {"value": "16.5", "unitId": "kg"}
    assert contents[0]["assets"][0]["labels"] == ["FRONT"]


def test_the_same_products_make_the_same_zip(build: Callable[..., Any]) -> None:
    first = build("bol_offers", {"content": "true"}).path.read_bytes()
    assert build("bol_offers", {"content": "true"}).path.read_bytes() == first


def test_a_price_for_more_needs_its_quantity_and_is_lower(build: Callable[..., Any]) -> None:
    alone = build("bol_offers", extra={"bundle_price": {"value": "700.00"}})
    assert [one.address for one in alone.reasons["ZZ7-ROOD"]] == ["bundle_quantity"]
    more = {"bundle_price": {"value": "750.00"}, "bundle_quantity": {"value": "2"}}
    dear = build("bol_offers", extra=more)
    assert [one.rule for one in dear.reasons["ZZ7-ROOD"]] == ["not_lower"]


def test_a_comment_is_for_products_that_are_not_new(build: Callable[..., Any]) -> None:
    built = build("bol_offers", extra={"condition_comment": {"value": "Kras"}})
    assert [one.rule for one in built.reasons["ZZ7-ROOD"]] == ["not_new"]
