"""A shop for the pages of products, and what their tests ask of it."""

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from pim.products import queries, service
from pim.products.change import Origin, ProductInput
from pim.structure import service as structures

STRUCTURE = {
    "locales": ["nl_NL", "en_GB"],
    "currencies": ["EUR"],
    "channels": {
        "shop": {
            "labels": {"en_GB": "Shop"},
            "locales": ["nl_NL", "en_GB"],
            "currencies": ["EUR"],
            "tree": "all",
        },
        "till": {"labels": {"en_GB": "Till"}, "locales": ["nl_NL"], "currencies": ["EUR"]},
    },
    "groups": {"texts": {"labels": {"en_GB": "Texts"}}},
    "attributes": {
        "sku": {"type": "identifier", "owner": "erp"},
        "name": {
            "type": "text",
            "group": "texts",
            "localizable": True,
            "max_length": 40,
            "labels": {"en_GB": "Name"},
        },
        "story": {
            "type": "richtext",
            "group": "texts",
            "localizable": True,
            "scopable": True,
            "labels": {"en_GB": "Story"},
        },
        "price": {"type": "price", "owner": "erp", "fact": True, "labels": {"en_GB": "Price"}},
        "weight": {
            "type": "measurement",
            "dimension": "weight",
            "unit": "KILOGRAM",
            "labels": {"en_GB": "Weight"},
        },
        "colors": {
            "type": "choices",
            "options": {"red": {"labels": {"en_GB": "Red"}}, "blue": {"labels": {"en_GB": "Blue"}}},
        },
        "size": {"type": "choice", "options": {"S": {}, "M": {}}, "labels": {"en_GB": "Size"}},
        "ean": {"type": "gtin", "labels": {"en_GB": "EAN"}},
        "waterproof": {"type": "boolean"},
        "pictures": {
            "type": "asset",
            "multiple": True,
            "extensions": ["png"],
            "labels": {"en_GB": "Pictures"},
        },
        "cover": {"type": "asset"},
    },
    "families": {
        "coats": {
            "labels": {"en_GB": "Coats"},
            "attributes": [
                "sku",
                "name",
                "story",
                "price",
                "weight",
                "colors",
                "size",
                "ean",
                "waterproof",
                "pictures",
                "cover",
            ],
            "label": "name",
            "picture": "pictures",
            "requirements": {"shop": ["name", "price"], "till": ["ean"]},
        }
    },
    "variants": {
        "by_size": {
            "family": "coats",
            "levels": [{"axes": ["size"], "attributes": ["sku", "ean", "price"]}],
        }
    },
    "categories": {
        "all": {
            "labels": {"en_GB": "Everything"},
            "children": {
                "dry": {"labels": {"en_GB": "Dry"}},
                "warm": {"labels": {"en_GB": "Warm"}},
            },
        }
    },
    "associations": {"upsell": {"labels": {"en_GB": "Better"}}},
}


WEIGHT = {"amount": "1.5", "unit": "KILOGRAM"}


ERP = Origin("import", "erp@example.org", "erp", "run-1")


TEXTS = Origin("import", "texts@example.org", "hub", "run-2")


HUB = Origin("user", "other@example.org", "hub")


NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def shop(database, clock):
    """Three products and a model with two variants."""
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        service.write(
            session,
            [
                ProductInput(
                    "A-1",
                    {
                        "family": "coats",
                        "name-nl_NL": "Jas één",
                        "price-EUR": "12.50",
                        "weight": WEIGHT,
                    },
                    row=2,
                ),
                ProductInput(
                    "A-2",
                    {
                        "family": "coats",
                        "name-nl_NL": "Muts",
                        "name-en_GB": "Hat",
                        "categories": ["dry"],
                        "ean": "4006381333931",
                    },
                ),
                ProductInput("A/3?x", {"enabled": False}),
                ProductInput(
                    "M", {"family_variant": "by_size", "name-nl_NL": "Parka"}, kind="model"
                ),
            ],
            ERP,
            clock(),
        )
        sizes = [ProductInput(f"M-{size}", {"parent": "M", "size": size}) for size in "SM"]
        service.write(session, [*sizes, ProductInput("M-S", {"price-EUR": "80.00"})], ERP, clock())
    return database


def product(database, identifier):
    with database.reading() as session:
        return queries.get(session, identifier)


def listed(client, **arguments):
    found = client.get("/products", query_string={"in": "shop.nl_NL"} | arguments).get_data(
        as_text=True
    )
    return re.findall(r'<a class="name"[^>]*>([^<]*)</a>', found)


def png(name, shade):
    out = BytesIO()
    Image.new("RGB", (40, 30), (shade, 20, 20)).save(out, "PNG")
    out.seek(0)
    return out, name


def write(shop, given):
    """Somebody else changes a product."""
    with shop.writing() as session:
        service.write(session, [given], HUB, NOW)


def plans_in(shown):
    """What the confirmation of a preview sends back."""
    return [unescape(one) for one in re.findall(r'name="plan" value="([^"]+)"', shown.text)]
