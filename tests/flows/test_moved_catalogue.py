"""A whole catalogue moves in from Akeneo, gets a channel of its own and five feeds, and the
partners' own programs judge what they receive. Nothing of it is copied here: without the folder of
real catalogues the tests are skipped and say so.

The catalogue has hardly a price and hardly a sound EAN, as those stand in a shop's ERP; so the
test brings an ERP's list of its own.
"""

import csv
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from lxml import etree
from sqlalchemy import select
from stdnum import ean

from pim.cli.frame import Hub, pim
from pim.feeds import queries
from pim.feeds.reports import ReportLine
from pim.products.models import Product
from tests.exporters.google_model import as_google_has_it, items
from tests.exporters.peppol import NAMES, read_peppol
from tests.exporters.peppol_rules import broken_rules

COUNTER = Path(__file__).parents[1] / "exporters" / "tryton_counter.py"
CHANNEL = """
channels:
  counter: {locales: [en_US], currencies: [EUR], tree: master, labels: {en_US: Counter}}
attributes:
  ean: {owner: erp}
  price: {owner: erp}
"""
ERP = """
code: erp
source: erp
key: number
file: {decimal: ",", delimiter: ";"}
clear: "-"
columns: {number: sku, price: price-EUR, ean: ean}
"""
FEEDS = """
compare: &feed
  label: Comparison
  exporter: google_shopping
  channel: counter
  locale: en_US
  currency: EUR
  link: https://shop.example/p/{identifier}
  options: {shipping_country: DE}
  mapping:
    id: {from: [$identifier]}
    title: {from: [name, variation_name, erp_name], do: [{truncate: 150}]}
    description:
      from: [description-en_US-ecommerce, description-en_US-print, name, erp_name]
      do: [strip_html, {truncate: 5000}]
    link: {from: [$link]}
    image_link: {from: [$picture]}
    availability: {value: in_stock}
    price: {from: [price]}
    gtin: {from: [ean], invalid: drop}
    brand: {from: [brand, camera_brand]}
    condition: {value: new}
    item_group_id: {from: [$model]}
    color: {from: [color, main_color]}
    shipping_weight: {from: [weight], do: [{convert_unit: GRAM}], invalid: drop}
webshop:
  <<: *feed
  exporter: shopify
  options: {}
  mapping:
    Title: {from: ["$model:name", name, variation_name, erp_name]}
    URL handle: {from: [$root], do: [slug]}
    Description: {from: [description-en_US-ecommerce, description-en_US-print]}
    Vendor: {from: [brand, camera_brand]}
    SKU: {from: [$identifier]}
    Barcode: {from: [ean]}
    Price: {from: [price]}
    Option1 name: {value: Variant}
    Option1 value: {from: [$axes], do: [{join: " / "}]}
    Status: {value: Active}
    Product image URL: {from: [$pictures]}
    Weight value (grams): {from: [weight]}
till:
  <<: *feed
  exporter: tryton_pos
  options: {account_category: Shop goods}
  mapping:
    name: {from: [name, variation_name, erp_name]}
    gross_price: {from: [price]}
    suffix_code: {from: [$identifier]}
    ean: {from: [ean]}
wholesale:
  <<: *feed
  exporter: ubl_catalogue
  options:
    provider_name: Van Dam
    provider_endpoint: "8712345000004"
    receiver_name: Noord
    receiver_endpoint: "8798765000008"
  mapping:
    id: {from: [$identifier]}
    name: {from: [name, variation_name, erp_name]}
    description: {from: [description-en_US-ecommerce, description-en_US-print], do: [strip_html]}
    gtin: {from: [ean]}
    price: {from: [price]}
    tax_rate: {value: "21"}
    brand: {from: [brand, camera_brand]}
    picture: {from: [$pictures]}
    weight: {from: [weight]}
catalogue:
  <<: *feed
  exporter: bmecat_2005
  options:
    supplier_gln: "8712345000004"
    supplier_name: Van Dam
    catalog_id: MOVED-1
  mapping:
    SUPPLIER_PID: {from: [$identifier]}
    DESCRIPTION_SHORT: {from: [name, variation_name, erp_name], do: [{truncate: 150}]}
    DESCRIPTION_LONG: {from: [description-en_US-ecommerce], do: [strip_html]}
    INTERNATIONAL_PID: {from: [ean]}
    MANUFACTURER_NAME: {from: [brand, camera_brand]}
    FEATURE: {from: [$properties]}
    PRICE_AMOUNT: {from: [price]}
    TAX: {value: "21"}
    MIME_SOURCE: {from: [$pictures]}
    CATALOG_GROUP_ID: {from: [$categories]}
    WEIGHT: {from: [weight]}
"""
FEED_CODES = ("compare", "webshop", "till", "wholesale", "catalogue")
PLACES = {
    "compare": "//item/g:id",
    "wholesale": "//cac:CatalogueLine/cbc:ID",
    "catalogue": "//b:SUPPLIER_PID",
}
SPACES = {
    "g": "http://base.google.com/ns/1.0",
    "b": "http://www.bmecat.org/bmecat/2005fd",
}
STEPS = 23
"""Different prices in the list; every other article without a model has none."""


@dataclass(frozen=True)
class MovedHub:
    """The hub after its feeds were built. ``prices`` and ``eans``: identifier -> what the ERP's
    list says; ``lines``: feed -> what its report says of each product; ``files``: feed -> its file.
    """

    identifiers: frozenset[str]
    prices: Mapping[str, str]
    eans: Mapping[str, str]
    lines: Mapping[str, list[ReportLine]]
    files: Mapping[str, Path]

    def left_out(self, feed: str) -> set[str]:
        return {line.identifier for line in self.lines[feed] if line.excluded}


def run(*arguments: str, code: int = 0) -> Any:
    result = CliRunner().invoke(pim, [*arguments, "--json"])
    assert result.exit_code == code, result.output
    return orjson.loads(result.stdout)


@pytest.fixture(scope="module")
def moved(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovedHub]:
    folder = tmp_path_factory.mktemp("moved")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("PIM_HOME", str(folder / "home"))
        patch.setenv("PIM_BASE_URL", "https://hub.example")
        yield _moved(shared, folder)


def _moved(shared: Path, folder: Path) -> MovedHub:
    assert CliRunner().invoke(pim, ["init"]).exit_code == 0
    # Some of its values cannot be taken: the report names them.
    run("import", "akeneo", str(shared / "data" / "akeneo_icecat_demo_dev"), code=1)
    for name, content in (("channel", CHANNEL), ("erp", ERP), ("feeds", FEEDS)):
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    variants, singles = _identifiers(of_models=True), _identifiers(of_models=False)
    identifiers = sorted([*variants, *singles])
    priced = sorted([*variants, *singles[::2]])
    prices = {one: f"{5 + number % STEPS}.95" for number, one in enumerate(priced)}
    eans = {identifier: _ean(number) for number, identifier in enumerate(identifiers)}
    _write_list(folder / "erp.csv", prices, eans)
    run("structure", "apply", "channel.yaml")
    brought = run("import", "products", "erp.csv", "--profile", "erp.yaml")
    assert (brought["updated"], brought["refused"], brought["left_out"]) == (len(eans), 0, 0)
    run("products", "approve", "--all-complete", code=1)  # one is complete nowhere
    run("feeds", "apply", "feeds.yaml")
    built = {one["feed"]: one for one in run("feeds", "run", "--all", code=1)}
    # Most of its products have no picture, so the gate holds the one feed that wants pictures.
    assert [feed for feed, one in built.items() if one["state"] != "published"] == ["compare"]
    run("feeds", "release", "compare", "--reason", "Most of the catalogue has no picture.")
    files = {feed: Path(one["path"]) for feed, one in built.items()}
    lines = {feed: _report(feed) for feed in built}
    return MovedHub(frozenset(identifiers), prices, eans, lines, files)


def _identifiers(*, of_models: bool) -> list[str]:
    """The variants of models, or the products without a model."""
    has_model = Product.parent_id.is_not(None) if of_models else Product.parent_id.is_(None)
    wanted = select(Product.identifier).where(Product.kind == "product", has_model)
    hub = Hub(as_json=True)
    with closing(hub), hub.database.reading() as session:
        return sorted(session.scalars(wanted))


def _report(feed: str) -> list[ReportLine]:
    hub = Hub(as_json=True)
    with closing(hub), hub.database.reading() as session:
        build = queries.last_build(session, feed)
        assert build is not None
        return [*queries.report(hub.storage, build)]


def _ean(number: int) -> str:
    body = f"871{number:09d}"
    return body + ean.calc_check_digit(body)


def _write_list(path: Path, prices: Mapping[str, str], eans: Mapping[str, str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(("number", "price", "ean"))
        for identifier, number in eans.items():
            rows.writerow((identifier, prices.get(identifier, "-").replace(".", ","), number))


def published(moved: MovedHub, feed: str) -> list[str]:
    """The identifiers in a feed's file, read by other programs than ours."""
    path = moved.files[feed]
    if path.suffix == ".csv":
        column = {"webshop": "SKU", "till": "products/suffix_code"}[feed]
        with path.open(encoding="utf-8", newline="") as file:
            return [row[column] for row in csv.DictReader(file) if row[column]]
    found: Any = etree.parse(path).xpath(PLACES[feed], namespaces=NAMES | SPACES)
    return [one.text for one in found]


@pytest.mark.parametrize("feed", FEED_CODES)
def test_every_product_is_published_or_left_out_with_a_reason(moved: MovedHub, feed: str) -> None:
    sent, left_out = published(moved, feed), moved.left_out(feed)
    assert len(sent) == len(set(sent))
    assert left_out.isdisjoint(sent)
    assert left_out.union(sent) == moved.identifiers
    assert len(moved.identifiers) == 1239
    for line in moved.lines[feed]:
        blocking = [one for one in line.reasons if one.is_error]
        assert bool(blocking) == line.excluded
        assert all(one.address and str(one.message) for one in blocking)


def test_who_has_no_price_is_left_out_for_that_and_the_others_are_sent(moved: MovedHub) -> None:
    priceless = moved.identifiers - moved.prices.keys()
    assert priceless <= moved.left_out("till")
    others = moved.left_out("till") - priceless
    assert {_blocking(moved, "till", one) for one in others} <= {("status", "not_approved")}


def _blocking(moved: MovedHub, feed: str, identifier: str) -> tuple[str, str]:
    (line,) = [one for one in moved.lines[feed] if one.identifier == identifier]
    (reason,) = [one for one in line.reasons if one.is_error]
    return reason.address, reason.rule


def test_google_understands_every_item(moved: MovedHub) -> None:
    found = items(moved.files["compare"])
    assert len(found) == len(published(moved, "compare")) > 100
    for item in found:
        identifier = item.findtext("{http://base.google.com/ns/1.0}id", "")
        attributes = as_google_has_it(item)
        assert attributes.price.amount_micros == _micros(moved.prices[identifier])


def _micros(price: str) -> int:
    return int(Decimal(price) * 1_000_000)


def test_the_web_shop_gets_every_price_and_no_option_twice(moved: MovedHub, shared: Path) -> None:
    with moved.files["webshop"].open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    template = shared / "specs/schemas/shopify/header_current_template.csv"
    assert ",".join(header) == template.read_text(encoding="utf-8").strip()
    variants = [one for row in rows if (one := dict(zip(header, row, strict=True)))["SKU"]]
    assert {one["SKU"]: one["Price"] for one in variants}.items() <= moved.prices.items()
    options = [(one["URL handle"], one["Option1 value"]) for one in variants]
    assert len(options) == len(set(options))


def test_the_business_customer_finds_nothing_fatal(moved: MovedHub, shared: Path) -> None:
    path, schemas = moved.files["wholesale"], shared / "specs/schemas"
    schema = etree.XMLSchema(file=str(schemas / "ubl/xsd-2.1/maindoc/UBL-Catalogue-2.1.xsd"))
    schema.assertValid(etree.parse(path))
    assert read_peppol(schemas / "peppol/structure").complaints(path) == []
    assert broken_rules(path) == []


def test_the_wholesale_catalogue_is_valid(moved: MovedHub, shared: Path) -> None:
    schema = etree.XMLSchema(file=str(shared / "specs/schemas/bmecat/2005/bmecat_2005.xsd"))
    schema.assertValid(etree.parse(moved.files["catalogue"]))


@pytest.mark.slow
def test_the_till_asks_what_the_list_says(moved: MovedHub, tmp_path: Path) -> None:
    """One article of each price is sold by its EAN in a real Tryton."""
    if importlib.util.find_spec("trytond.modules.sale_point") is None:
        pytest.skip("no Tryton here: pip install trytond_sale_point==8.2.* proteus==8.2.*")
    done = subprocess.run(
        [sys.executable, str(COUNTER), str(moved.files["till"])],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    sent = set(published(moved, "till"))
    assert said["articles"] == {one: moved.prices[one] for one in sent}
    asked = {number: moved.prices[one] for one, number in moved.eans.items() if one in sent}
    assert len(said["sold"]) == len(set(moved.prices.values())) == STEPS
    assert said["sold"].items() <= asked.items()
