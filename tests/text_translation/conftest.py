"""A shop whose texts are in Dutch, English and German, with a model of two sizes."""

from typing import Any

import pytest

from pim.accounts.principals import THE_PROGRAM
from pim.db import Database
from pim.products.matching import Filters
from pim.text_translation.queue import TaskPage, find_tasks
from pim.text_translation.texts import Direction
from tests.support.hub import HubDriver, StrictHubDriver

LOCALES = ["nl_NL", "en_GB", "de_DE"]
STRUCTURE: dict[str, Any] = {
    "locales": LOCALES,
    "currencies": ["EUR"],
    "channels": {"web": {"labels": {}, "locales": LOCALES, "currencies": ["EUR"]}},
    "groups": {"texts": {"labels": {}}},
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True, "group": "texts"},
        "blurb": {"type": "richtext", "localizable": True, "scopable": True},
        "till_name": {"type": "text", "localizable": True, "owner": "erp"},
        "price": {"type": "price", "owner": "erp", "fact": True},
        "size": {"type": "choice", "options": {"s": {"labels": {}}, "m": {"labels": {}}}},
    },
    "families": {
        "mugs": {
            "attributes": ["sku", "name", "blurb", "till_name", "price", "size"],
            "label": "name",
        }
    },
    "variants": {
        "by_size": {
            "family": "mugs",
            "labels": {},
            "levels": [{"axes": ["size"], "attributes": ["sku", "price", "till_name"]}],
        }
    },
}
INTO_GERMAN = Direction("web", "en_GB", "de_DE")


class MugShop(StrictHubDriver):
    def add(self, identifier: str, name: str, **more: Any) -> None:
        self.edit(identifier, {"family": "mugs", "name-en_GB": name, **more})

    def tasks(self, **how: Any) -> TaskPage:
        with self.database.reading() as session:
            return find_tasks(
                session,
                self.structure(),
                how.pop("principal", THE_PROGRAM),
                how.pop("filters", Filters()),
                how.pop("direction", INTO_GERMAN),
                **how,
            )

    def sources(self, **how: Any) -> list[tuple[str, str, str, int]]:
        """(state, source text, translation, how many products) of each task."""
        return [
            (one.state, one.source, one.target, len(one.holders)) for one in self.tasks(**how).tasks
        ]


@pytest.fixture
def mugs(database: Database, clock: Any) -> MugShop:
    shop = MugShop(database, clock)
    HubDriver.restructure(shop, STRUCTURE)
    return shop
