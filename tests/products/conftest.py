"""A small shop with models in two levels, and one object that drives the write path as the hub, the
ERP or a migration would.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select, text

from pim.db import Database
from pim.products.change import Origin, WriteResult
from pim.products.models import Change, Product
from pim.products.revert import revert_run
from pim.search.models import Term
from pim.structure import service as structures
from tests.support.hub import ERP, MIGRATION, HubDriver

SIZES = {code: {"labels": {"en_GB": code.upper()}} for code in ("s", "m", "l")}
STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL", "en_GB"],
    "currencies": ["EUR"],
    "channels": {
        "webshop": {
            "labels": {"en_GB": "Webshop"},
            "locales": ["nl_NL", "en_GB"],
            "currencies": ["EUR"],
            "tree": "shop",
        },
        "till": {
            "labels": {"en_GB": "Till"},
            "locales": ["nl_NL"],
            "currencies": ["EUR"],
            "tree": None,
        },
    },
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True},
        "notes": {"type": "text"},
        "material": {"type": "text", "filterable": True},
        "ean": {"type": "gtin", "owner": "erp", "fact": True, "unique": True},
        "price": {"type": "price", "owner": "erp", "fact": True, "decimals": 2},
        "stock": {"type": "number", "owner": "erp", "fact": True},
        "colors": {
            "type": "choices",
            "filterable": True,
            "options": {code: {} for code in ("red", "blue", "green")},
        },
        "color": {
            "type": "choice",
            "filterable": True,
            "options": {code: {} for code in ("red", "blue", "green")},
        },
        "washable": {"type": "boolean"},
        "size": {"type": "choice", "filterable": True, "options": SIZES},
    },
    "families": {
        "bikes": {
            "attributes": ["sku", "name", "notes", "material", "ean", "price", "stock", "colors"],
            "label": "name",
            "requirements": {"webshop": ["name", "price"], "till": ["price"]},
        },
        "shirts": {
            "attributes": [
                "sku",
                "name",
                "notes",
                "material",
                "ean",
                "price",
                "stock",
                "color",
                "size",
            ],
            "label": "name",
            "requirements": {"webshop": ["name", "price", "color"]},
        },
    },
    "variants": {
        "by_color": {
            "family": "shirts",
            "labels": {},
            "levels": [{"axes": ["color"], "attributes": ["sku", "ean", "price"]}],
        },
        "by_color_size": {
            "family": "shirts",
            "labels": {},
            "levels": [
                {"axes": ["color"], "attributes": ["notes"]},
                {"axes": ["size"], "attributes": ["sku", "ean", "price"]},
            ],
        },
    },
    "categories": {
        "shop": {"labels": {}, "children": {"city": {"labels": {}}, "race": {"labels": {}}}}
    },
    "associations": {"upsell": {"labels": {}}},
}


class Shop(HubDriver):
    """With looks at what the write path leaves behind."""

    def restructure(self, document: Mapping[str, Any]) -> None:
        """Without the index, which its tests bring up to date themselves."""
        with self.database.writing() as session:
            structures.apply(session, document)

    def revert(self, reference: str) -> list[WriteResult]:
        return revert_run(self.database, reference, Origin("revert", "anna", None), self.clock)

    def products(self) -> dict[int, Product]:
        with self.database.reading() as session:
            return {one.id: one for one in session.scalars(select(Product).order_by(Product.id))}

    def changes(self, identifier: str | None = None) -> list[Change]:
        """Oldest first."""
        chosen = select(Change).order_by(Change.id)
        if identifier is not None:
            chosen = chosen.where(Change.product_id == self.get(identifier).id)
        with self.database.reading() as session:
            return list(session.scalars(chosen))

    def terms(self, identifier: str) -> set[tuple[str, str]]:
        number = self.get(identifier).id
        return {(address, term) for product, address, term in self.all_terms() if product == number}

    def all_terms(self) -> set[tuple[int, str, str]]:
        with self.database.reading() as session:
            return {
                (one.product_id, one.address, one.term) for one in session.scalars(select(Term))
            }

    def words(self) -> dict[int, list[str]]:
        """Product id -> its words as the index holds them (both engines can be asked, though a
        search never does).
        """
        found: dict[int, list[str]] = {}
        with self.database.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                pairs = "SELECT doc, term FROM word_vocabulary"
            else:
                pairs = "SELECT product_id, unnest(tsvector_to_array(words)) FROM word"
            for number, word in connection.execute(text(pairs)):
                found.setdefault(number, []).append(word)
        return {number: sorted(one) for number, one in found.items()}


@pytest.fixture
def shop(database: Database, clock: Any) -> Shop:
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
    return Shop(database, clock)


@pytest.fixture
def erp() -> Origin:
    return ERP


@pytest.fixture
def migration() -> Origin:
    return MIGRATION
