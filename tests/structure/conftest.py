"""A small structure with one of everything."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pim.db import Database


@pytest.fixture
def document() -> dict[str, Any]:
    labels = {"labels": {"en_GB": "Label"}}
    return {
        "locales": ["nl_NL", "en_GB"],
        "currencies": ["EUR", "USD"],
        "channels": {
            "webshop": {
                **labels,
                "locales": ["nl_NL", "en_GB"],
                "currencies": ["EUR"],
                "tree": "shop",
            }
        },
        "groups": {"marketing": labels},
        "attributes": {
            "sku": {"type": "identifier", "owner": "erp"},
            "name": {
                "type": "text",
                "group": "marketing",
                "localizable": True,
                "filterable": True,
                "max_length": 150,
                **labels,
            },
            "price": {"type": "price", "fact": True, "decimals": 2},
            "weight": {"type": "measurement", "dimension": "weight", "unit": "KILOGRAM"},
            "color": {
                "type": "choice",
                "options": {"red": labels, "blue": {"labels": {"en_GB": "Blue", "nl_NL": "Blauw"}}},
            },
            "size": {"type": "choice", "options": {"s": {}, "m": {}}},
            "pictures": {"type": "asset", "multiple": True},
        },
        "families": {
            "shirts": {
                **labels,
                "attributes": ["sku", "name", "price", "color", "size", "pictures"],
                "label": "name",
                "picture": "pictures",
                "requirements": {"webshop": ["name", "price"]},
            },
        },
        "variants": {
            "by_color_size": {
                "family": "shirts",
                "levels": [{"axes": ["color"]}, {"axes": ["size"], "attributes": ["sku"]}],
            }
        },
        "categories": {
            "shop": {**labels, "children": {"men": labels, "women": {"children": {"tops": {}}}}}
        },
        "associations": {"upsell": labels},
    }


@pytest.fixture
def empty_copy(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A second hub, for what has to be the same there."""
    path = tmp_path / "copy.db"
    shutil.copyfile(sqlite_template, path)
    with closing(Database(f"sqlite:///{path}")) as made:
        yield made
