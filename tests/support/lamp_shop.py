"""A shop of lamps in two languages, with lamps that come in colors."""

from typing import Any

from sqlalchemy import select

from pim.products.models import Product
from pim.quality import following, queries
from pim.quality.models import QualityWarning
from pim.quality_kinds import NAMES
from tests.support.hub import StrictHubDriver

LOCALES = ["nl_NL", "nl_BE", "en_GB"]
STRUCTURE: dict[str, Any] = {
    "locales": LOCALES,
    "currencies": ["EUR"],
    "channels": {"web": {"labels": {}, "locales": LOCALES, "currencies": ["EUR"]}},
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True, "labels": {"en": "Name"}},
        "blurb": {"type": "richtext", "localizable": True, "scopable": True},
        "code": {"type": "text"},
        "weight": {"type": "measurement", "dimension": "weight"},
        "color_heat": {"type": "measurement", "dimension": "temperature"},
        "photos": {"type": "asset", "multiple": True},
        "price": {"type": "price", "fact": True},
        "color": {
            "type": "choice",
            "options": {"red": {"labels": {}}, "blue": {"labels": {}}, "grey": {"labels": {}}},
        },
    },
    "families": {
        one: {
            "attributes": [
                *("sku", "name", "blurb", "code", "weight", "color_heat", "photos", "price"),
                "color",
            ],
            "label": "name",
            "picture": "photos",
        }
        for one in ("lamps", "shades")
    },
    "variants": {
        "by_color": {
            "family": "lamps",
            "labels": {},
            "levels": [
                {"axes": ["color"], "attributes": ["sku", "name", "weight", "photos", "price"]}
            ],
        }
    },
}


class LampShop(StrictHubDriver):
    def add(self, identifier: str, **values: Any) -> None:
        self.edit(identifier, {"family": "lamps", **values})

    def follow(self) -> None:
        following.follow(self.database)

    def warnings(self, kind: str = "") -> list[tuple[str, str, str]]:
        """(identifier, kind, address) of all that the table has, after following the changes."""
        self.follow()
        return self.stored_warnings(kind)

    def stored_warnings(self, kind: str = "") -> list[tuple[str, str, str]]:
        with self.database.reading() as session:
            found = (
                select(Product.identifier, QualityWarning.kind, QualityWarning.address)
                .join(QualityWarning, QualityWarning.product_id == Product.id)
                .where(QualityWarning.kind.in_([kind] if kind else NAMES))
            )
            return sorted(session.execute(found).all())

    def warned(self, kind: str) -> list[str]:
        """Who has a warning of a kind."""
        return [identifier for identifier, _, _ in self.warnings(kind)]

    def told(self, identifier: str) -> list[queries.WarningOfProduct]:
        """The warnings of a product as its page tells them."""
        number = self.get(identifier).id
        with self.database.reading() as session:
            return queries.of_products(session, [number])
