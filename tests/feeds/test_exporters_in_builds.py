"""Exporters of every shape through a real build: assembled files, arrays, repeated keys, faults."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree

from exporters.google_shopping import GoogleShopping
from pim.errors import Conflict, Invalid
from pim.feeds import queries, registry, service
from pim.feeds.contract import (
    Exporter,
    Field,
    Group,
    JsonLines,
    Listing,
    Problem,
    Record,
    Totals,
    text,
)
from pim.feeds.why import why_not
from tests.feeds.conftest import FEEDS, GOOGLE, PLACE
from tests.support.hub import ERP

BOL = {
    "label": "bol",
    "exporter": "bol_offers",
    **PLACE,
    "mapping": {
        "ean": {"from": ["ean"]},
        "reference": {"from": ["$identifier"]},
        "price": {"from": ["price"]},
        "stock": {"from": ["stock"]},
        "name": {"from": ["name"]},
        "attributes": {"from": ["color", "brand"]},
    },
}
BMECAT = {
    "label": "BMEcat",
    "exporter": "bmecat_2005",
    **PLACE,
    "options": {
        "supplier_gln": "8712345000004",
        "supplier_name": "Van Dam",
        "catalog_id": "WINTER",
    },
    "mapping": {
        "SUPPLIER_PID": {"from": ["$identifier"]},
        "DESCRIPTION_SHORT": {"from": ["name"]},
        "PRICE_AMOUNT": {"from": ["price"]},
        "CATALOG_GROUP_ID": {"from": ["$categories"]},
        "FEATURE": {"from": ["$properties:none", "color"]},
    },
}


@pytest.fixture
def products(shop: Any, full: dict[str, Any]) -> None:
    for identifier, gtin in (("A", "8712345000011"), ("B", "8712345000028")):
        shop.edit(identifier, full | {"ean": gtin, "color": "red"})
    shop.approve("A", "B")


def define(shop: Any, code: str, definition: dict[str, Any]) -> None:
    with shop.database.writing() as session:
        service.define(session, code, definition, shop.clock())


def published(shop: Any, code: str) -> bytes:
    with shop.database.reading() as session:
        build = queries.published_build(session, service.get(session, code))
    assert build is not None
    return bytes(shop.storage.get(build.path))


@pytest.mark.usefixtures("products")
def test_an_array_is_whole_after_an_incremental_build(shop: Any, full: dict[str, Any]) -> None:
    define(shop, "bol", BOL)
    assert shop.run("bol").items == 2
    shop.edit("B", {"stock": "9"}, ERP)
    shop.edit("C", full | {"ean": "4006381333931"})
    shop.approve("B", "C")
    second = shop.run("bol")
    assert (second.items, second.rendered) == (3, 2)
    offers = json.loads(published(shop, "bol"))
    assert [(one["reference"], one["stock"]["amount"]) for one in offers] == [
        ("A", 3),
        ("B", 9),
        ("C", 3),
    ]


@pytest.mark.usefixtures("products")
def test_two_files_of_one_feed_are_a_zip(shop: Any, tmp_path: Any) -> None:
    define(shop, "bol", BOL | {"options": {"content": "true"}})
    build = shop.run("bol")
    assert (build.state, build.items, build.path[-4:]) == ("published", 2, ".zip")
    (tmp_path / "bol.zip").write_bytes(published(shop, "bol"))
    with ZipFile(tmp_path / "bol.zip") as archive:
        content = json.loads(archive.read("content.json"))
    attributes = {one["id"]: one["values"][0]["value"] for one in content[0]["attributes"]}
    assert (attributes["Name"], attributes["color"]) == ("Fiets", "Rood")
    assert shop.run("bol").state == "unchanged"


@pytest.mark.usefixtures("products")
def test_a_catalogue_with_its_tree_and_places(shop: Any) -> None:
    mapping = BMECAT["mapping"] | {"FEATURE": {"from": ["color"]}}  # type: ignore[operator]
    define(shop, "bmecat", BMECAT | {"mapping": mapping})
    build = shop.run("bmecat")
    assert (build.state, build.items) == ("published", 2)
    root = etree.fromstring(published(shop, "bmecat"))
    space = {"b": root.nsmap[None]}
    assert root.findtext(".//b:GENERATOR_INFO", "", space) == "Etalage, 2 products"
    assert [one.text for one in root.iterfind(".//b:GROUP_NAME", space)] == ["shop", "Fietsen"]
    places = [one.text for one in root.iterfind(".//b:CATALOG_GROUP_ID", space)]
    assert places == ["bikes", "bikes"]
    assert root.findtext(".//b:FVALUE", "", space) == "Rood"


def test_a_group_that_is_not_there_is_named(shop: Any) -> None:
    with pytest.raises(Invalid) as raised:
        define(shop, "bmecat", BMECAT)
    assert set(raised.value.messages) == {"mapping.FEATURE"}


@pytest.mark.usefixtures("products")
def test_of_equal_ids_the_first_is_sent_and_the_others_are_named(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl", mapping=GOOGLE | {"id": {"from": ["brand"]}})
    shop.edit("C", full | {"brand": "Sparta"})
    shop.approve("C")
    build = shop.run("google_nl")
    assert (build.state, build.items, build.excluded) == ("published", 2, 1)
    (line,) = [one for one in queries.report(shop.storage, build) if one.excluded]
    (reason,) = [one for one in line.reasons if one.is_error]
    assert (line.identifier, reason.address, reason.rule, reason.value) == (
        "B",
        "id",
        "repeated",
        "Gazelle",
    )
    assert str(reason.message) == "“A” has the same value in this feed."


@pytest.mark.usefixtures("products")
def test_a_repeated_key_cannot_be_sent_with_a_warning(shop: Any, full: dict[str, Any]) -> None:
    """A file with the same key twice is held as a whole."""
    mapping = FEEDS["shopify"]["mapping"] | {"SKU": {"from": ["brand"], "invalid": "warn"}}
    shop.define("shopify", mapping=mapping)
    shop.edit("C", full | {"brand": "Sparta"})
    shop.approve("C")
    build = shop.run("shopify")
    assert (build.state, build.items, build.excluded) == ("published", 2, 1)


@pytest.mark.usefixtures("products")
def test_who_gives_a_value_up_makes_room_for_the_next_at_once(
    shop: Any, full: dict[str, Any]
) -> None:
    """The build with repeated values lends nothing: who is left out depends on another product."""
    shop.define("google_nl", mapping=GOOGLE | {"id": {"from": ["brand"]}})
    for brand in ("Sparta", "Union", "Cortina"):
        shop.edit(brand, full | {"brand": brand})
        shop.approve(brand)
    shop.run("google_nl")
    assert shop.left_out("google_nl") == {"B": [("id", "repeated")]}
    shop.edit("A", {"brand": "Batavus"})
    shop.approve("A")
    assert shop.run("google_nl").rendered == 5
    assert shop.left_out("google_nl") == {}
    shop.edit("B", {"brand": "Batavus"})
    shop.approve("B")
    shop.run("google_nl")
    assert shop.left_out("google_nl") == {"B": [("id", "repeated")]}


def test_a_handle_belongs_to_one_product_with_its_variants(shop: Any, full: dict[str, Any]) -> None:
    shop.define("shopify")
    texts = {name: value for name, value in full.items() if name not in ("price-EUR", "stock")}
    shop.edit("M.4", texts | {"family_variant": "by_color"}, kind="model")
    for color in ("red", "blue"):
        shop.edit(f"X-{color}", {"parent": "M.4", "color": color, "price-EUR": "9.00"})
    shop.edit("M-4", full)
    shop.approve("M.4", "X-red", "X-blue", "M-4")
    assert shop.run("shopify").items == 2
    assert shop.left_out("shopify") == {"M-4": [("URL handle", "repeated")]}


def test_a_name_at_the_till_belongs_to_one_product(shop: Any, full: dict[str, Any]) -> None:
    """Square makes one item of all rows with one name."""
    mapping = {
        "Item Name": {"from": ["name"]},
        "SKU": {"from": ["$identifier"]},
        "Price": {"from": ["price"]},
    }
    square = {"label": "Till", "exporter": "square", **PLACE}
    define(shop, "square", square | {"options": {"location": "Shop"}, "mapping": mapping})
    for identifier, name in (("A", "Fiets"), ("B", "Fiets"), ("C", "Bel")):
        shop.edit(identifier, full | {"name-nl_NL": name})
    shop.approve("A", "B", "C")
    assert shop.run("square").items == 2
    assert shop.left_out("square") == {"B": [("Item Name", "repeated")]}


def test_a_scanner_finds_one_article_for_a_gtin(shop: Any, full: dict[str, Any]) -> None:
    """Whatever the number of digits that it is written with."""
    shop.define("till")
    for identifier, gtin in (("A", "12345670"), ("B", "0000012345670"), ("C", "4006381333931")):
        shop.edit(identifier, full | {"ean": gtin})
    shop.approve("A", "B", "C")
    build = shop.run("till")
    rows = [line.split(",") for line in shop.world("till").splitlines()]
    assert [row[-1] for row in rows[1:]] == ["12345670", "", "4006381333931"]
    (line,) = queries.report(shop.storage, build)
    assert (line.identifier, line.excluded, line.reasons[0].severity) == ("B", False, "skipped")


class Faulty(GoogleShopping):
    code = "faulty"
    broken = ("A", "price")
    """The product that it breaks on, and the field that it looks at meanwhile."""

    def item(self, listing: Listing) -> Record:
        identifier, field = self.broken
        if listing["id"] == identifier and listing[field]:
            raise ValueError("27 digits")
        return super().item(listing)

    def check(self, listing: Listing) -> Iterator[Problem]:
        if listing["id"] == "B":
            raise KeyError("nothing")
        yield from ()


@pytest.mark.usefixtures("products")
def test_a_fault_of_the_exporter_leaves_items_out_and_holds_where_there_are_many(
    shop: Any, full: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """channels.md fault 3."""
    monkeypatch.setattr(registry, "all_exporters", lambda: {"google_shopping": Faulty})
    shop.define("google_nl")
    shop.edit("C", full)
    shop.approve("C")
    build = shop.run("google_nl")
    assert (build.state, build.items, build.excluded) == ("held", 1, 2)
    assert "The exporter or the mapping broke on 2 products." in [str(one) for one in build.said]


@pytest.mark.usefixtures("products")
def test_a_fault_costs_the_variant_that_it_is_about_and_names_its_field(
    shop: Any, full: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "all_exporters", lambda: {"google_shopping": Faulty})
    shop.define("google_nl")
    texts = {name: value for name, value in full.items() if name not in ("price-EUR", "stock")}
    shop.edit("M", texts | {"family_variant": "by_color"}, kind="model")
    for identifier, color in (("M-red", "red"), ("BROKEN", "blue")):
        own = {"parent": "M", "color": color, "price-EUR": "9.00", "stock": "1"}
        shop.edit(identifier, own)
    shop.approve("M", "M-red", "BROKEN")
    monkeypatch.setattr(Faulty, "broken", ("BROKEN", "condition"))
    shop.run("google_nl")
    with shop.database.reading() as session:
        (build,) = queries.builds(session, "google_nl")
    (line,) = [one for one in queries.report(shop.storage, build) if one.identifier == "BROKEN"]
    (reason,) = [one for one in line.reasons if one.is_error]
    assert (line.identifier, reason.address, reason.rule) == ("BROKEN", "condition", "failed")
    assert "<g:id>M-red</g:id>" in shop.storage.get(build.path).decode()


class Headless(GoogleShopping):
    code = "headless"

    def head(self, totals: Totals, output: str = "") -> bytes:
        raise ZeroDivisionError("no head")


class Formless(GoogleShopping):
    code = "formless"

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> JsonLines:
        raise RecursionError("no form")


@pytest.mark.usefixtures("products")
def test_a_broken_exporter_stops_its_own_feed_in_words(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {"google_shopping": Headless, "tryton_pos": Formless}
    shop.define("google_nl", "till")
    monkeypatch.setattr(registry, "all_exporters", lambda: broken)
    with pytest.raises(Conflict, match="“headless” is broken"):
        shop.run("google_nl")
    with pytest.raises(Conflict, match="“formless” is broken"):
        shop.run("till")
    with shop.database.reading() as session:
        today = shop.clock().date()
        verdicts = why_not(session, shop.storage, "A", "https://hub.example", today)
    assert {one.feed: one.is_sent for one in verdicts} == {"google_nl": True, "till": False}
    assert "(RecursionError: no form in format_for:" in str(verdicts[1].reasons[0].message)


class Catalogue(Exporter):
    """A shop that has a record for the model and one for each of its variants."""

    code = "catalogue"
    label = text("Catalogue")
    purpose = text("Models and variants, each in a record of its own.")
    fields = (Field("sku"), Field("title"), Field("photo", kind="url"))
    grouped = True
    lists_models = True

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> JsonLines:
        return JsonLines()

    def items(self, group: Group) -> Iterator[Record]:
        if group.model is not None:
            yield {"type": "model", **group.model}
        for listing in group:
            yield {"type": "variant" if group.model else "simple", **listing}


def test_a_model_has_a_record_of_its_own(
    shop: Any, full: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "all_exporters", lambda: {"catalogue": Catalogue})
    mapping = {"sku": {"from": ["$identifier"]}, "title": {"from": ["name"]}}
    define(shop, "cat", {"label": "C", "exporter": "catalogue", **PLACE, "mapping": mapping})
    shop.edit("S", full | {"name-nl_NL": "Los"})
    texts = {name: value for name, value in full.items() if name not in ("price-EUR", "stock")}
    shop.edit("M", texts | {"family_variant": "by_color", "name-nl_NL": "Hemd"}, kind="model")
    for color in ("red", "blue"):
        shop.edit(f"M-{color}", {"parent": "M", "color": color, "price-EUR": "9.00"})
    shop.edit("M-red", {"name-nl_NL": "Hemd rood"})
    shop.approve("S", "M", "M-red", "M-blue")
    shop.run("cat")
    records = [json.loads(line) for line in shop.world("cat").splitlines()]
    assert [(one["type"], one["sku"], one["title"]) for one in records] == [
        ("simple", "S", "Los"),
        ("model", "M", "Hemd"),
        ("variant", "M-red", "Hemd rood"),
        ("variant", "M-blue", "Hemd"),
    ]
    shop.edit("M", {"name-nl_NL": "Shirt"}, kind="model")
    shop.approve("M")
    shop.run("cat")
    titles = [json.loads(line)["title"] for line in shop.world("cat").splitlines()]
    assert titles == ["Los", "Shirt", "Hemd rood", "Shirt"]
