"""JSON-LD as extruct takes it out of a page, and the sitemap by the rules that its readers know."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from exporters.image_sitemap import IMAGES, SITEMAP
from pim.feeds.contract import Group, Listing, Totals

extruct = pytest.importorskip("extruct.jsonld", reason="extruct is not installed")
SCHEMA = "https://schema.org/"
KNOWN = {
    "Product": {
        *("@type", "@id", "@context", "name", "description", "url", "sku", "mpn", "gtin"),
        *("color", "size", "material", "category", "image", "brand", "offers"),
        *("additionalProperty", "hasCertification"),
    },
    "ProductGroup": {
        *("@type", "@id", "@context", "productGroupID", "name", "description", "brand"),
        *("variesBy", "hasVariant"),
    },
    "Offer": {
        *("@type", "price", "priceCurrency", "url", "priceValidUntil", "availability"),
        "itemCondition",
    },
    "Brand": {"@type", "name"},
    "PropertyValue": {"@type", "name", "value"},
    "Certification": {"@type", "name", "issuedBy", "certificationIdentification"},
    "Organization": {"@type", "name"},
}
"""What schema.org has of these types, as far as it is used here."""


def in_pages(text: str) -> list[Any]:
    """Each line in a page of its own, as extruct finds it there."""
    found = []
    for line in text.splitlines():
        page = f'<html><script type="application/ld+json">{line}</script></html>'
        found += extruct.JsonLdExtractor().extract(page)
    return found


def complaints(thing: Any) -> set[str]:
    if isinstance(thing, list):
        return set().union(*map(complaints, thing))
    if not isinstance(thing, dict):
        return set()
    kind = thing.get("@type", "")
    wrong = {f"{kind} has no {name}" for name in thing.keys() - KNOWN.get(kind, set())}
    if kind == "Product":
        wrong |= {f"{name} is missing" for name in {"name", "image", "offers"} - thing.keys()}
    if kind == "Offer":
        wrong |= {f"{name} is missing" for name in {"price", "priceCurrency"} - thing.keys()}
        if not float(thing.get("price", 0)) > 0:
            wrong.add("no price")
    return wrong.union(*map(complaints, thing.values()))


def test_extruct_finds_products_with_all_that_they_need(build: Callable[..., Any]) -> None:
    bikes, helmet = in_pages(build("json_ld").text)
    assert complaints([bikes, helmet]) == set()
    assert (bikes["@type"], bikes["productGroupID"]) == ("ProductGroup", "ZZ7")
    assert bikes["variesBy"] == [f"{SCHEMA}color"]
    assert [one["sku"] for one in bikes["hasVariant"]] == ["ZZ7-ROOD", "ZZ7-BLAUW"]
    assert bikes["hasVariant"][0]["offers"]["price"] == "749.00"
    assert helmet["offers"]["availability"] == f"{SCHEMA}OutOfStock"
    assert helmet["hasCertification"]["certificationIdentification"] == "1234567"
    assert helmet["name"].startswith("Helm <zwart>")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"price":', '"prijs":', "price is missing"),
        ('"749.00"', '"0.00"', "no price"),
        ('"color"', '"colour"', "Product has no colour"),
        ('"image"', '"picture"', "image is missing"),
    ],
)
def test_a_mutant_is_found(build: Callable[..., Any], old: str, new: str, complaint: str) -> None:
    text = build("json_ld").text
    assert old in text
    assert complaint in complaints(in_pages(text.replace(old, new)))


def test_a_name_does_not_end_the_script_of_its_page(build: Callable[..., Any]) -> None:
    name = "</script><script>alert(1)</script>"
    first, *_ = in_pages(build("json_ld", extra={"title": {"value": name}}).text)
    assert first["name"] == name


def test_half_a_line_is_no_json_ld(build: Callable[..., Any]) -> None:
    with pytest.raises(json.JSONDecodeError):
        in_pages(build("json_ld").text.splitlines()[0][:-5])


@pytest.fixture
def schema() -> etree.XMLSchema:
    """Of a sitemap with pictures, as sitemaps.org and Google describe it."""
    return etree.XMLSchema(
        etree.XML(
            f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
              targetNamespace="{SITEMAP}" elementFormDefault="qualified">
              <xs:element name="urlset"><xs:complexType><xs:sequence>
              <xs:element name="url" maxOccurs="50000"><xs:complexType><xs:sequence>
              <xs:element name="loc" type="xs:anyURI"/>
              <xs:element name="lastmod" minOccurs="0" type="xs:date"/>
              <xs:any namespace="{IMAGES}" processContents="lax" minOccurs="0" maxOccurs="1000"/>
              </xs:sequence></xs:complexType></xs:element>
              </xs:sequence></xs:complexType></xs:element></xs:schema>"""
        )
    )


def test_the_sitemap_has_pages_with_their_pictures(
    build: Callable[..., Any], schema: etree.XMLSchema
) -> None:
    tree = etree.parse(build("image_sitemap").path)
    assert schema.validate(tree), schema.error_log.last_error
    space = {"s": SITEMAP, "i": IMAGES}
    assert [
        (page.findtext("s:loc", "", space)[-8:], len(page.findall("i:image/i:loc", space)))
        for page in tree.iterfind("s:url", space)
    ] == [("ZZ7-ROOD", 3), ("Z7-BLAUW", 1), ("HELM%3B1", 1)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<loc>", "<address>"),
        ("<url>", "<page>"),
        ("<image:image>", "<lastmod>gisteren</lastmod><image:image>"),
    ],
)
def test_a_mutant_of_the_sitemap_is_refused(
    build: Callable[..., Any], schema: etree.XMLSchema, old: str, new: str
) -> None:
    text = build("image_sitemap").text
    assert old in text
    mutant = text.replace(old, new).replace(old.replace("<", "</"), new.replace("<", "</"))
    if "lastmod" in new:
        mutant = text.replace(old, new)
    assert not schema.validate(etree.fromstring(mutant.encode()))


def test_variants_on_one_page_are_one_address(build: Callable[..., Any]) -> None:
    exporter = build("image_sitemap").exporter
    listings = []
    for name in ("a", "b"):
        listing = Listing(name, "M", "M")
        listing |= {"loc": "https://shop.example/m", "image": ["https://cdn.example/x.jpg", name]}
        listings.append(listing)
    (page,) = exporter.items(Group(listings))
    assert [one["image:loc"] for one in page["image:image"]] == [
        *("https://cdn.example/x.jpg", "a", "b")
    ]


def test_a_sitemap_that_is_too_large_is_held(build: Callable[..., Any], tmp_path: Path) -> None:
    exporter = build("image_sitemap").exporter
    path = tmp_path / "sitemap.xml"
    page = b"<url>\n<loc>https://shop.example/%d</loc></url>\n".replace(b">\n<loc", b"><loc")
    body = b"".join(page % number for number in range(50_001))
    path.write_bytes(exporter.head(Totals(0)) + body + exporter.tail(Totals(0)))
    assert [one.rule for one in exporter.verify(path)] == ["too_many"]
