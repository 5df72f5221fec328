"""A shop of coats for the tests in a browser: one that is complete in English and published, an
empty one, a model with one variant.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pim.db import Database
from pim.products import publishing, queries, service
from pim.products.change import Origin, ProductInput
from pim.structure import service as structures

ANN = Origin("user", "ann@example.org", "hub")
STRUCTURE = {
    "locales": ["nl_NL", "en_GB"],
    "currencies": ["EUR"],
    "channels": {
        "shop": {"labels": {"en_GB": "Shop"}, "locales": ["nl_NL", "en_GB"], "currencies": ["EUR"]}
    },
    "attributes": {
        "sku": {"type": "identifier", "owner": "erp", "labels": {"en_GB": "SKU"}},
        "name": {
            "type": "text",
            "localizable": True,
            "max_length": 40,
            "labels": {"en_GB": "Name"},
            "help": {"en_GB": "As asked for."},
        },
        "story": {"type": "richtext", "localizable": True, "labels": {"en_GB": "Story"}},
        "price": {"type": "price", "labels": {"en_GB": "Price"}},
        "stock": {"type": "number", "owner": "erp", "labels": {"en_GB": "Stock"}},
        "weight": {
            "type": "measurement",
            "dimension": "weight",
            "unit": "KILOGRAM",
            "labels": {"en_GB": "Weight"},
        },
        "color": {
            "type": "choice",
            "options": {"red": {"labels": {"en_GB": "Red"}}},
            "labels": {"en_GB": "Colour"},
        },
        "materials": {
            "type": "choices",
            "options": {"wool": {"labels": {"en_GB": "Wool"}}},
            "labels": {"en_GB": "Materials"},
        },
        "ean": {"type": "gtin", "labels": {"en_GB": "EAN"}},
        "dry": {"type": "boolean", "labels": {"en_GB": "Waterproof"}},
        "since": {"type": "date", "labels": {"en_GB": "Since"}},
        "pictures": {"type": "asset", "multiple": True, "labels": {"en_GB": "Pictures"}},
        "parts": {"type": "link", "multiple": True, "labels": {"en_GB": "Parts"}},
    },
    "families": {
        "coats": {
            "labels": {"en_GB": "Coats"},
            "label": "name",
            "picture": "pictures",
            "requirements": {"shop": ["name", "story", "color"]},
            "attributes": [
                "sku",
                "name",
                "story",
                "price",
                "stock",
                "weight",
                "color",
                "materials",
                "ean",
                "dry",
                "since",
                "pictures",
                "parts",
            ],
        }
    },
    "variants": {
        "by_color": {
            "family": "coats",
            "levels": [{"axes": ["color"], "attributes": ["sku", "ean"]}],
        }
    },
    "categories": {
        "all": {"labels": {"en_GB": "All"}, "children": {"dry": {"labels": {"en_GB": "Dry"}}}}
    },
    "associations": {"upsell": {"labels": {"en_GB": "Better"}}},
}


def fill(database: Database) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        service.write(
            session,
            [
                ProductInput(
                    "C-1",
                    {
                        "family": "coats",
                        "name-en_GB": "Coat",
                        "story-en_GB": "<p>Warm</p>",
                        "color": "red",
                        "stock": "3",
                    },
                ),
                ProductInput("C-2", {"family": "coats"}),
                ProductInput(
                    "M", {"family_variant": "by_color", "name-en_GB": "Parka"}, kind="model"
                ),
            ],
            Origin("user", "ann@example.org", None),
            now,
        )
        service.write(session, [ProductInput("M-1", {"parent": "M", "color": "red"})], ANN, now)
        publishing.approve(session, ["C-1"], ANN, now)


def write(database: Database, identifier: str, values: Mapping[str, Any]) -> None:
    """As a colleague does."""
    with database.writing() as session:
        service.write(session, [ProductInput(identifier, values)], ANN, datetime.now(UTC))


def value(database: Database, identifier: str, address: str) -> object:
    """What a product holds at an address."""
    with database.reading() as session:
        return queries.get(session, identifier).document.get(address)
