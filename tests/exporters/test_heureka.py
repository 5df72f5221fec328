"""Heureka's own field model has nothing against the file, and finds mutants."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from exporters.heureka import FIELDS
from pim.errors import Invalid
from pim.feeds import registry
from pim.feeds.options import read_options
from tests.exporters.heureka_model import Model, complaints, read_model

APART = {"EXTENDED_WARRANTY_VAL", "EXTENDED_WARRANTY_DESC", "SALES_VOUCHER_CODE"}
APART |= {"SALES_VOUCHER_DESC"}  # parts of a group


@pytest.fixture(scope="module")
def model(shared: Path) -> Model:
    return read_model(shared / "specs/schemas/heureka/fields_dump.json")


def test_heureka_has_no_complaint(build: Callable[..., Any], model: Model) -> None:
    assert complaints(build("heureka").path, model) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("<ITEM_ID>ZZ7-ROOD<", "<ITEM_ID>ZZ7 ROOD<", "ITEM_ID does not match"),
        ("<PRICE_VAT>749.00<", "<PRICE_VAT>3.290,00<", "PRICE_VAT does not match"),
        ("<DELIVERY_ID>PPL<", "<DELIVERY_ID>POST<", "DELIVERY_ID has an unknown value"),
        ("<EAN>8712345000011<", "<EAN>96385074<", "EAN does not match"),
        ("<DELIVERY_DATE>0<", "<DELIVERY_DATE>morgen<", "DELIVERY_DATE does not match"),
        ("PRODUCTNAME>", "PRODUCT_NAME>", "PRODUCTNAME is missing"),
        ("<PARAM_NAME>Kleur</PARAM_NAME>", "", "PARAM_NAME is missing"),
    ],
)
def test_heureka_complains_about_a_mutant(
    build: Callable[..., Any], model: Model, old: str, new: str, complaint: str
) -> None:
    built = build("heureka")
    assert old in built.text
    built.path.write_text(built.text.replace(old, new), encoding="utf-8")
    assert complaint in complaints(built.path, model)


def test_every_field_is_one_of_heurekas(model: Model) -> None:
    names = {field["name"] for field in model}
    assert {field.name for field in FIELDS} - APART <= names
    required = {field.name for field in FIELDS if field.need == "required"}
    assert required | {"DELIVERY"} == {field["name"] for field in model if field["required"]}


def test_any_property_is_a_param(build: Callable[..., Any]) -> None:
    item = etree.parse(build("heureka").path).getroot()[0]
    params = {one.findtext("PARAM_NAME"): one.findtext("VAL") for one in item.findall("PARAM")}
    assert params["Kleur"] == "Rood"
    assert params["Gewicht"] == "16.5 kg"


def test_a_wrong_gtin_stays_out_and_the_item_goes(build: Callable[..., Any]) -> None:
    built = build("heureka", extra={"EAN": {"value": "8712345000012"}})
    (reason,) = built.reasons["ZZ7-ROOD"]
    assert (reason.rule, reason.severity) == ("gtin_check_digit", "skipped")
    assert "ZZ7-ROOD" in built.text
    assert "<EAN>" not in built.text


@pytest.mark.parametrize("delivery", ["POST:99", "PPL", "PPL:gratis", "PPL:9.999"])
def test_a_way_of_delivery_has_a_known_carrier_and_a_price(delivery: str) -> None:
    with pytest.raises(Invalid) as raised:
        read_options(registry.get("heureka"), {"delivery": delivery})
    assert set(raised.value.messages) == {"delivery"}


@pytest.mark.parametrize(
    ("day", "rules"),
    [("0", set()), ("2026-12-24", set()), ("2026-02-30", {"date"}), ("１４", {"pattern"})],
)
def test_a_day_of_dispatch_is_in_the_calendar(
    build: Callable[..., Any], day: str, rules: set[str]
) -> None:
    built = build("heureka", extra={"DELIVERY_DATE": {"value": day}})
    found = [one for one in built.reasons["ZZ7-ROOD"] if one.address == "DELIVERY_DATE"]
    assert {one.rule for one in found} == rules
    assert all(one.is_error for one in found)


@pytest.mark.parametrize("delivery", ["PPL:９９", " , ", "PPL"])
def test_a_way_of_delivery_has_a_price(delivery: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_options(registry.get("heureka"), {"delivery": delivery})
    assert list(refused.value.messages) == ["delivery"]
