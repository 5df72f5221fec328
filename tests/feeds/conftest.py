"""A small shop with three languages and a feed for each exporter, driven through the doors that the
edges use.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from media.storage import Storage
from pim.db import Database
from pim.feeds import queries, service
from pim.feeds.models import FeedBuild
from pim.feeds.run import run_feed
from pim.products import publishing
from pim.products import service as products
from pim.products.change import Origin, ProductInput
from pim.products.workspace import Workspace
from pim.structure import queries as catalog
from pim.workflow import RETIRED
from tests.support.hub import MIGRATION, StrictHubDriver

COLORS = {
    "red": {"labels": {"nl_NL": "Rood", "de_DE": "Rot", "en_GB": "Red"}},
    "blue": {"labels": {"nl_NL": "Blauw"}},
}
STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL", "de_DE", "en_GB"],
    "currencies": ["EUR"],
    "channels": {
        "webshop": {"locales": ["nl_NL", "de_DE"], "currencies": ["EUR"], "tree": "shop"},
        "wholesale": {"locales": ["en_GB"], "currencies": ["EUR"]},
    },
    "attributes": {
        "sku": {"type": "identifier", "owner": "erp"},
        "name": {"type": "text", "localizable": True},
        "description": {"type": "richtext", "localizable": True},
        "brand": {"type": "text"},
        "ean": {"type": "gtin", "owner": "erp", "fact": True},
        "price": {"type": "price", "owner": "erp", "fact": True, "decimals": 2},
        "stock": {"type": "number", "owner": "erp", "fact": True},
        "vat": {"type": "number"},
        "color": {"type": "choice", "options": COLORS},
    },
    "families": {
        "goods": {
            "attributes": [
                "sku",
                "name",
                "description",
                "brand",
                "ean",
                "price",
                "stock",
                "vat",
                "color",
            ],
            "label": "name",
            "requirements": {"webshop": ["name", "price"], "wholesale": ["price"]},
        },
    },
    "variants": {
        "by_color": {
            "family": "goods",
            "levels": [{"axes": ["color"], "attributes": ["sku", "ean", "price", "stock"]}],
        }
    },
    "categories": {
        "shop": {"children": {"bikes": {"labels": {"nl_NL": "Fietsen", "de_DE": "Fahrräder"}}}},
        "attic": {},
    },
}
TEXTS = {"from": ["name"], "do": [{"truncate": 150}]}
GOOGLE = {
    "id": {"from": ["$identifier"]},
    "title": TEXTS,
    "description": {"from": ["description", "name"], "do": ["strip_html"]},
    "link": {"from": ["$link"]},
    "image_link": {"value": "https://shop.example/none.jpg"},
    "price": {"from": ["price"]},
    "availability": {
        "from": ["stock"],
        "do": [{"map": {"entries": {"0": "out_of_stock"}, "other": "in_stock"}}],
    },
    "brand": {"from": ["brand"]},
    "gtin": {"from": ["ean"]},
    "condition": {"value": "new"},
    "color": {"from": ["color"]},
    "item_group_id": {"from": ["$model"]},
    "product_type": {"from": ["$category"]},
}
PLACE = {
    "channel": "webshop",
    "locale": "nl_NL",
    "currency": "EUR",
    "link": "https://shop.example/{root}?v={identifier}",
}
FEEDS: dict[str, dict[str, Any]] = {
    "google_nl": {"label": "Google NL", "exporter": "google_shopping", **PLACE, "mapping": GOOGLE},
    "google_de": {
        "label": "Google DE",
        "exporter": "google_shopping",
        **PLACE,
        "locale": "de_DE",
        "mapping": GOOGLE,
    },
    "shopify": {
        "label": "Shopify",
        "exporter": "shopify",
        **PLACE,
        "mapping": {
            "Title": {"from": ["name"]},
            "URL handle": {"from": ["$root"], "do": ["slug"]},
            "SKU": {"from": ["$identifier"]},
            "Price": {"from": ["price"]},
            "Option1 name": {"value": "Kleur"},
            "Option1 value": {"from": ["color"]},
            "Barcode": {"from": ["ean"]},
            "Description": {"from": ["description"]},
            "Status": {"value": "Active"},
        },
    },
    "till": {
        "label": "Kassa",
        "exporter": "tryton_pos",
        **PLACE,
        "mapping": {
            "name": {"from": ["name"]},
            "gross_price": {"from": ["price"]},
            "suffix_code": {"from": ["$identifier"]},
            "ean": {"from": ["ean"]},
        },
    },
    "wholesale": {
        "label": "Wholesale",
        "exporter": "ubl_catalogue",
        **PLACE,
        "channel": "wholesale",
        "locale": "en_GB",
        "options": {
            "provider_name": "Van Dam & Zn",
            "provider_endpoint": "8712345000004",
            "receiver_name": "Noord",
            "receiver_endpoint": "8798765000008",
        },
        "mapping": {
            "id": {"from": ["$identifier"]},
            "name": {"from": ["name", "name-nl_NL"]},
            "price": {"from": ["price"]},
            "tax_rate": {"from": ["vat"]},
            "gtin": {"from": ["ean"]},
            "brand": {"from": ["brand"]},
        },
    },
}
ERP = Origin("import", "erp", "erp")
FULL = {
    "family": "goods",
    "categories": ["bikes"],
    "name-nl_NL": "Fiets",
    "name-de_DE": "Rad",
    "name-en_GB": "Bike",
    "brand": "Gazelle",
    "price-EUR": "749.00",
    "stock": "3",
    "vat": "21",
    "description-nl_NL": "<p>Rijdt <b>licht</b> &amp; ver.</p>",
}


class Shop(StrictHubDriver):
    """With feeds, and a storage that their files go to."""

    def __init__(self, database: Database, storage: Storage, folder: Path, clock: Any) -> None:
        super().__init__(database, clock)
        self.storage, self.folder = storage, folder

    def apply(self, document: Mapping[str, Any]) -> None:
        self.restructure(document)

    def define(self, *codes: str, **changes: Any) -> None:
        with self.database.writing() as session:
            for code in codes:
                service.define(session, code, FEEDS[code] | changes, self.clock())

    def is_approvable(self, identifier: str) -> bool:
        with self.database.writing() as session:
            work = Workspace(session, catalog.structure(session), self.clock())
            work.load([identifier])
            item = work.find(identifier)
            if item is None or any(one.status == RETIRED for one in (*work.ancestors(item), item)):
                return False
            return publishing.is_complete_somewhere(work, item)

    def adopt(self, identifier: str, model: str | None) -> None:
        """Put it below another model; nothing happens where that is refused (a variant of that
        colour is there already).
        """
        with self.database.writing() as session:
            products.write(
                session, [ProductInput(identifier, {"parent": model})], MIGRATION, self.clock()
            )

    def run(self, code: str, **options: Any) -> FeedBuild:
        self.clock.advance(minutes=1)
        return run_feed(
            self.database,
            self.storage,
            self.folder,
            code,
            "https://hub.example",
            self.clock,
            **options,
        )

    def world(self, code: str) -> str:
        """What is published: the file everybody fetches."""
        with self.database.reading() as session:
            build = queries.published_build(session, service.get(session, code))
        return "" if build is None else self.storage.get(build.path).decode()

    def left_out(self, code: str) -> dict[str, list[tuple[str, str]]]:
        """Identifier -> (field, rule), as the report of the published build has it."""
        with self.database.reading() as session:
            build = queries.published_build(session, service.get(session, code))
        assert build is not None
        lines = queries.report(self.storage, build)
        return {
            line.identifier: [(one.address, one.rule) for one in line.reasons if one.is_error]
            for line in lines
            if line.excluded
        }

    def builds(self, code: str) -> list[FeedBuild]:
        """The latest first."""
        with self.database.reading() as session:
            return list(queries.builds(session, code, 1000))


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage((tmp_path / "storage").as_uri())


@pytest.fixture
def make_shop(tmp_path: Path, clock: Any) -> Callable[[Database, Storage], Shop]:
    """The shop's structure in an empty database."""

    def make(database: Database, storage: Storage) -> Shop:
        made = Shop(database, storage, tmp_path / "tmp", clock)
        made.apply(STRUCTURE)
        return made

    return make


@pytest.fixture
def shop(
    database: Database, storage: Storage, make_shop: Callable[[Database, Storage], Shop]
) -> Shop:
    return make_shop(database, storage)


@pytest.fixture
def full() -> dict[str, Any]:
    return dict(FULL)
