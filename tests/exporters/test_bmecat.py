"""A catalogue is valid against the schemas of BMEcat 2005 and 2005.1; mutants are not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from pim.errors import Invalid
from pim.feeds import registry
from pim.feeds.options import read_options

SCHEMAS = {"2005fd": "2005/bmecat_2005.xsd", "2005.1": "2005.1/bmecat_2005_1.xsd"}
SPACE = {"b": "http://www.bmecat.org/bmecat/2005fd"}


@pytest.fixture(scope="module")
def schemas(shared: Path) -> dict[str, etree.XMLSchema]:
    folder = shared / "specs/schemas/bmecat"
    return {name: etree.XMLSchema(file=str(folder / path)) for name, path in SCHEMAS.items()}


@pytest.mark.parametrize("version", SCHEMAS)
def test_the_schema_accepts_it(
    build: Callable[..., Any], schemas: dict[str, etree.XMLSchema], version: str
) -> None:
    built = build("bmecat_2005", {"version": version, "feature_system": "ETIM-9.0"})
    schemas[version].assertValid(etree.parse(built.path))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<LANGUAGE>dut<", "<LANGUAGE>nl<"),
        ("<CATALOG_VERSION>1.0<", "<CATALOG_VERSION>2026-11<"),
        ("<SUPPLIER_PID>ZZ7-ROOD<", f"<SUPPLIER_PID>{'x' * 33}<"),
        ("<ORDER_UNIT>C62<", "<ORDER_UNIT>PIECE<"),
        ("<PRICE_AMOUNT>749.00<", "<PRICE_AMOUNT>749,00<"),
        ('price_type="net_list"', 'price_type="cheap"'),
        ("<PRICE_CURRENCY>EUR<", "<PRICE_CURRENCY>EURO<"),
        ("<MIME_SOURCE>https://cdn.example/a1.jpg</MIME_SOURCE>", ""),
        ("<PARENT_ID>0</PARENT_ID>", ""),
        ("<PROD_ID>ZZ7-ROOD</PROD_ID>", ""),
    ],
)
def test_the_schema_refuses_a_mutant(
    build: Callable[..., Any], schemas: dict[str, etree.XMLSchema], old: str, new: str
) -> None:
    text = build("bmecat_2005").text
    assert old in text
    assert not schemas["2005fd"].validate(etree.fromstring(text.replace(old, new, 1).encode()))


def test_the_header_counts_the_tree_comes_first_and_the_places_last(
    build: Callable[..., Any],
) -> None:
    root = etree.parse(build("bmecat_2005").path).getroot()
    assert root.findtext("b:HEADER/b:GENERATOR_INFO", "", SPACE) == "Etalage, 3 products"
    transaction = root.find("b:T_NEW_CATALOG", SPACE)
    assert transaction is not None
    order = [etree.QName(one).localname for one in transaction]
    assert order == [
        "CATALOG_GROUP_SYSTEM",
        *["PRODUCT"] * 3,
        *["PRODUCT_TO_CATALOGGROUP_MAP"] * 3,
    ]
    groups = {
        one.findtext("b:GROUP_ID", "", SPACE): one.get("type")
        for one in root.iterfind(".//b:CATALOG_STRUCTURE", SPACE)
    }
    assert groups == {"shop": "root", "bikes": "node", "helmets": "leaf", "city": "leaf"}
    places = [
        one.findtext("b:CATALOG_GROUP_ID", "", SPACE)
        for one in root.iterfind(".//b:PRODUCT_TO_CATALOGGROUP_MAP", SPACE)
    ]
    assert places == ["city", "city", "helmets"]


def test_every_category_stands_below_one_that_came_before(build: Callable[..., Any]) -> None:
    root = etree.parse(build("bmecat_2005").path).getroot()
    known = {"0"}
    for one in root.iterfind(".//b:CATALOG_STRUCTURE", SPACE):
        assert one.findtext("b:PARENT_ID", "", SPACE) in known
        known.add(one.findtext("b:GROUP_ID", "", SPACE))


def test_a_rate_is_a_share_and_sizes_are_in_the_units_of_the_standard(
    build: Callable[..., Any],
) -> None:
    product = etree.parse(build("bmecat_2005").path).getroot().find(".//b:PRODUCT", SPACE)
    assert product is not None
    assert product.findtext(".//b:TAX", "", SPACE) == "0.21"
    assert product.findtext(".//b:WEIGHT", "", SPACE) == "16.5"
    assert product.findtext(".//b:LENGTH", "", SPACE) == "1.85"
    assert product.findtext(".//b:INTERNATIONAL_PID", "", SPACE) == "08712345000011"


def test_a_tiny_rate_is_written_out(build: Callable[..., Any]) -> None:
    built = build("bmecat_2005", extra={"TAX": {"value": "0.00000001"}})
    assert "<TAX>0.0000000001</TAX>" in built.text


def test_what_the_standard_has_no_code_for_stays_out(
    build: Callable[..., Any], schemas: dict[str, etree.XMLSchema]
) -> None:
    built = build("bmecat_2005", extra={"COUNTRY_OF_ORIGIN": {"value": "RS", "invalid": "warn"}})
    assert "COUNTRY_OF_ORIGIN" not in built.text
    schemas["2005fd"].assertValid(etree.parse(built.path))
    found = [one for one in built.reasons["ZZ7-ROOD"] if one.address == "COUNTRY_OF_ORIGIN"]
    assert [(one.rule, one.severity, one.value) for one in found] == [("country", "skipped", "RS")]


def test_settings_are_checked() -> None:
    given = {
        "supplier_gln": "8712345000005",
        "supplier_name": "A",
        "catalog_id": "x" * 21,
        "catalog_version": "2026-11",
    }
    with pytest.raises(Invalid) as raised:
        read_options(registry.get("bmecat_2005"), given)
    assert set(raised.value.messages) == {"supplier_gln", "catalog_id", "catalog_version"}
