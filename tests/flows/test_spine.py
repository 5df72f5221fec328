"""The whole way, as a user walks it: structure, the ERP's CSV, texts, pictures, approval, feeds,
and a partner who fetches them.
"""

import gzip
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import yaml
from click.testing import CliRunner
from flask.testing import FlaskClient
from lxml import etree
from PIL import Image
from werkzeug.test import TestResponse

from pim.app import create_app
from pim.cli.frame import pim
from pim.config import from_environment
from pim.db import Database

STRUCTURE = """
locales: [nl_NL, de_DE, en_GB]
currencies: [EUR]
channels:
  webshop: {locales: [nl_NL, de_DE], currencies: [EUR], tree: shop, labels: {en_GB: Webshop}}
  wholesale: {locales: [en_GB], currencies: [EUR]}
attributes:
  sku: {type: identifier, owner: erp}
  name: {type: text, localizable: true}
  brand: {type: text, owner: erp}
  ean: {type: gtin, owner: erp, fact: true}
  price: {type: price, owner: erp, fact: true, decimals: 2}
  stock: {type: number, owner: erp, fact: true, decimals: 0}
  vat: {type: number, owner: erp, fact: true}
  color:
    type: choice
    owner: erp
    options: {red: {labels: {nl_NL: Rood, de_DE: Rot}}, blue: {labels: {nl_NL: Blauw, de_DE: Blau}}}
  pictures: {type: asset, multiple: true}
families:
  goods:
    attributes: [sku, name, brand, ean, price, stock, vat, color, pictures]
    label: name
    picture: pictures
    requirements: {webshop: [name, price, pictures], wholesale: [price]}
variants:
  by_color: {family: goods, levels: [{axes: [color], attributes: [sku, ean, price, stock]}]}
categories:
  shop: {children: {bikes: {labels: {nl_NL: Fietsen, de_DE: Fahrräder}}}}
"""
MODELS_PROFILE = """
code: models
source: erp
kind: model
key: Model
file: {encoding: windows-1252, delimiter: ";"}
columns:
  Model: sku
  Groep: {to: family_variant, map: {KLEUR: by_color}}
  Soort: {to: categories, map: {"10": bikes}}
  Merk: brand
"""
ARTICLES_PROFILE = """
code: erp
source: erp
key: Artikelnummer
file: {encoding: windows-1252, delimiter: ";", decimal: ","}
clear: "-"
columns:
  Artikelnummer: sku
  Model: parent
  Groep: {to: family, map: {LOS: goods}}
  Soort: {to: categories, map: {"10": bikes}}
  Kleur: {to: color, map: {ROOD: red, BLAUW: blue}}
  Merk: brand
  EAN: ean
  Prijs: price-EUR
  Voorraad: stock
  BTW: vat
"""
TEXTS_PROFILE = """
code: texts
source: hub
key: sku
columns: {sku: sku, name-nl_NL: name-nl_NL, name-de_DE: name-de_DE, pictures: pictures}
"""
MODELS = "Model;Groep;Soort;Merk\nSTAD;KLEUR;10;Gazélle\n"
ARTICLES = """Artikelnummer;Model;Groep;Soort;Kleur;Merk;EAN;Prijs;Voorraad;BTW
STAD-R;STAD;;;ROOD;;8712345000011;749,00;3;21
STAD-B;STAD;;;BLAUW;;8712345000028;749,00;0;21
BEL;;LOS;10;;Böhm;0012345678905;9,95;120;21
SLOT;;LOS;10;;Böhm;;duur;1;21
LAMP;;LOS;10;;Böhm;;19,95;4;21
BEL;;LOS;10;;Böhm;;8,95;1;21
"""
MODEL_TEXTS = "sku,name-nl_NL,name-de_DE,pictures\nSTAD,Stadsfiets “Zuiderzee”,Stadtrad,stad.jpg\n"
TEXTS = "sku,name-nl_NL,name-de_DE,pictures\nBEL,Bel,,bel.jpg\nLAMP,Lamp,Lampe,bel.jpg\n"
FEEDS = """
google_nl: &google
  label: Google NL
  exporter: google_shopping
  channel: webshop
  locale: nl_NL
  currency: EUR
  link: https://shop.example/{root}?v={identifier}
  options: {shipping_country: NL}
  mapping:
    id: {from: [$identifier]}
    title: {from: [name]}
    description: {from: [name]}
    link: {from: [$link]}
    image_link: {from: [$picture]}
    availability: {from: [stock], do: [{map: {entries: {"0": out_of_stock}, other: in_stock}}]}
    price: {from: [price]}
    brand: {from: [brand]}
    gtin: {from: [ean]}
    condition: {value: new}
    color: {from: [color]}
    item_group_id: {from: [$model]}
    product_type: {from: [$category]}
google_de: {<<: *google, label: Google DE, locale: de_DE}
shopify:
  label: Shopify
  exporter: shopify
  channel: webshop
  locale: nl_NL
  currency: EUR
  mapping:
    Title: {from: [name]}
    URL handle: {from: [$root], do: [slug]}
    SKU: {from: [$identifier]}
    Price: {from: [price]}
    Option1 name: {value: Kleur}
    Option1 value: {from: [color]}
    Status: {value: Active}
till:
  label: Kassa
  exporter: tryton_pos
  channel: webshop
  locale: nl_NL
  currency: EUR
  mapping:
    name: {from: [name]}
    gross_price: {from: [price]}
    suffix_code: {from: [$identifier]}
    ean: {from: [ean]}
wholesale:
  label: Wholesale
  exporter: ubl_catalogue
  channel: wholesale
  locale: en_GB
  currency: EUR
  options:
    provider_name: Van Dam
    provider_endpoint: "8712345000004"
    receiver_name: Noord
    receiver_endpoint: "8798765000008"
  mapping:
    id: {from: [$identifier]}
    name: {from: [name-nl_NL]}
    price: {from: [price]}
    tax_rate: {from: [vat]}
    gtin: {from: [ean]}
"""
CODES = ("google_nl", "google_de", "shopify", "till", "wholesale")


class Desk:
    """A terminal in an empty folder, and a partner on the other side of the network."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        app = create_app(from_environment(), database)
        app.config.update(RATELIMIT_ENABLED=False)
        self.partner: FlaskClient = app.test_client()

    def write(self, name: str, content: str, encoding: str = "utf-8") -> str:
        (self.folder / name).write_bytes(content.encode(encoding))
        return name

    def run(self, *arguments: str, code: int = 0) -> Any:
        result = CliRunner().invoke(pim, [*arguments, "--json"])
        assert result.exit_code == code, result.output
        return orjson.loads(result.stdout)

    def bring(
        self, profile: str, file: str, content: str, encoding: str = "utf-8", code: int = 0
    ) -> dict[str, Any]:
        self.write(file, content, encoding)
        said: dict[str, Any] = self.run(
            "import", "products", file, "--profile", f"{profile}.yaml", code=code
        )
        return said

    def build(self) -> dict[str, dict[str, Any]]:
        return {one["feed"]: one for one in self.run("feeds", "run", "--all")}

    def address(self, feed: str) -> str:
        (url,) = (one["url"] for one in self.run("feeds", "list") if one["feed"] == feed)
        return str(urlsplit(url).path)

    def fetch(self, path: str, **headers: str) -> TestResponse:
        return self.partner.get(
            path,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            buffered=True,
        )

    def feed(self, code: str) -> str:
        answer = self.fetch(self.address(code))
        assert answer.status_code == 200
        return answer.get_data(as_text=True)


@pytest.fixture
def desk(empty_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("HOME", tmp_path / "home"),
        ("BASE_URL", "https://hub.example"),
        ("SECRET_KEY", "k" * 40),
    ):
        monkeypatch.setenv(f"PIM_{name}", str(value))
    monkeypatch.setenv(
        "PIM_DATABASE_URL", empty_database.engine.url.render_as_string(hide_password=False)
    )
    assert CliRunner().invoke(pim, ["init"]).exit_code == 0
    return Desk(tmp_path, empty_database)


def fill(desk: Desk) -> None:
    desk.write("structure.yaml", STRUCTURE)
    assert desk.run("structure", "apply", "structure.yaml")["applied"]
    for name, profile in (
        ("models", MODELS_PROFILE),
        ("erp", ARTICLES_PROFILE),
        ("texts", TEXTS_PROFILE),
    ):
        desk.write(f"{name}.yaml", profile)
    desk.write(
        "model_texts.yaml",
        yaml.safe_dump(yaml.safe_load(TEXTS_PROFILE) | {"code": "model_texts", "kind": "model"}),
    )
    (desk.folder / "pictures").mkdir()
    for name, color in (("stad.jpg", "teal"), ("bel.jpg", "orange")):
        Image.new("RGB", (1000, 800), color).save(desk.folder / "pictures" / name)
    assert desk.run("media", "import", "pictures")["new"] == 2
    assert desk.bring("models", "models.csv", MODELS, "windows-1252")["created"] == 1
    said = desk.bring("erp", "articles.csv", ARTICLES, "windows-1252", code=1)
    assert (said["rows"], said["created"], said["refused"], said["left_out"]) == (6, 5, 1, 1)
    report = Path(said["report"]).read_text().splitlines()[1:]
    assert [line.split(",")[1:4] for line in report] == [
        ["5", "SLOT", "Prijs"],
        ["7", "BEL", "Artikelnummer"],
    ]
    assert desk.bring("model_texts", "model_texts.csv", MODEL_TEXTS)["updated"] == 1
    assert desk.bring("texts", "texts.csv", TEXTS)["updated"] == 2


def test_from_the_erps_file_to_the_partners_download(desk: Desk) -> None:
    fill(desk)
    approved = desk.run("products", "approve", "--all-complete", code=1)
    assert (approved["approved"], list(approved["refused"])) == (5, ["SLOT"])
    desk.write("feeds.yaml", FEEDS)
    assert desk.run("feeds", "apply", "feeds.yaml")["feeds"] == list(CODES)
    built = desk.build()
    assert {code: (one["state"], one["items"], one["excluded"]) for code, one in built.items()} == {
        "google_nl": ("published", 4, 1),
        "google_de": ("published", 3, 2),
        "shopify": ("published", 4, 1),
        "till": ("published", 4, 1),
        "wholesale": ("published", 4, 1),
    }
    for code in CODES:
        assert desk.feed(code).encode() == Path(built[code]["path"]).read_bytes()
    check_google(desk)
    check_http(desk, built["till"])
    reasons = desk.run("why", "BEL", "google_de")[0]["reasons"]
    why = [one for one in reasons if one["blocks"]]
    assert {one["rule"] for one in why} == {"missing"}
    assert [one["field"] for one in why] == ["description", "title"]
    check_what_follows(desk)


def check_google(desk: Desk) -> None:
    """The Dutch feed has everything a person gave, the German one not the bell that has no German
    name.
    """
    items = etree.fromstring(desk.feed("google_nl").encode()).findall(".//item")
    space = "{http://base.google.com/ns/1.0}"
    found = {item.findtext(f"{space}id"): item for item in items}
    assert set(found) == {"STAD-R", "STAD-B", "BEL", "LAMP"}
    bike = found["STAD-B"]
    expected = {
        "title": "Stadsfiets “Zuiderzee”",
        "price": "749.00 EUR",
        "availability": "out_of_stock",
        "brand": "Gazélle",
        "color": "Blauw",
        "gtin": "8712345000028",
        "item_group_id": "STAD",
        "link": "https://shop.example/STAD?v=STAD-B",
        "product_type": "Fietsen",
    }
    assert {
        name: bike.findtext(f"{space}{name}") or bike.findtext(name) for name in expected
    } == expected
    picture = desk.fetch(urlsplit(bike.findtext(f"{space}image_link") or "").path)
    assert (picture.status_code, picture.content_type) == (200, "image/jpeg")
    assert "immutable" in picture.headers["Cache-Control"]
    assert "<g:id>BEL</g:id>" not in desk.feed("google_de")
    assert "Fahrräder" in desk.feed("google_de")


def check_http(desk: Desk, built: dict[str, Any]) -> None:
    address = desk.address("till")
    plain = desk.fetch(address)
    tag = plain.headers["ETag"]
    assert desk.fetch(address, If_None_Match=tag).status_code == 304
    zipped = desk.fetch(address, Accept_Encoding="gzip")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert (
        gzip.decompress(zipped.get_data()) == plain.get_data() == Path(built["path"]).read_bytes()
    )
    wrong = address[:-5] + ("0" if address[-5] != "0" else "1") + address[-4:]
    for path in (
        wrong,
        address.replace("till", "shopify"),
        address.replace(".csv", ".xml"),
        "/f/till/.csv",
    ):
        assert desk.fetch(path).status_code == 404


def check_what_follows(desk: Desk) -> None:
    """A new price goes everywhere at once, a new text nowhere until it is approved, and what did
    not change is not fetched again.
    """
    tags = {code: desk.fetch(desk.address(code)).headers["ETag"] for code in CODES}
    assert {one["state"] for one in desk.build().values()} == {"unchanged"}
    assert all(
        desk.fetch(desk.address(code), If_None_Match=tags[code]).status_code == 304
        for code in CODES
    )
    assert (
        desk.bring("texts", "texts.csv", TEXTS.replace("Lamp,Lampe", "Koplamp,Scheinwerfer"))[
            "updated"
        ]
        == 1
    )
    assert {one["state"] for one in desk.build().values()} == {"unchanged"}
    articles = ARTICLES.replace("19,95", "17,50")
    assert desk.bring("erp", "articles.csv", articles, "windows-1252", code=1)["updated"] == 1
    assert {one["state"] for one in desk.build().values()} == {"published"}
    for code in CODES:
        said = desk.feed(code)
        assert ("17.50" in said, "19.95" in said, "Koplamp" in said, "Scheinwerfer" in said) == (
            True,
            False,
            False,
            False,
        )
    assert desk.run("products", "approve", "LAMP")["approved"] == 1
    desk.build()
    assert "Koplamp" in desk.feed("google_nl")
    assert "Scheinwerfer" in desk.feed("google_de")
    assert desk.run("check") == {"problems": []}
