"""A small hub on real tables: products, a model with variants, a picture, a published feed, a user,
a job.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import select

from media import service as media
from media.storage import Storage
from pim import backup as backups
from pim import migrate
from pim.accounts import service as accounts
from pim.config import Settings, from_environment
from pim.db import Database
from pim.feeds import queries as feed_queries
from pim.feeds import service as feeds
from pim.feeds.run import run_feed
from pim.jobs import service as jobs
from pim.products import publishing, queries, service
from pim.products.change import Origin, ProductInput, WriteResult
from pim.products.maintenance import rebuild_if_outdated
from pim.products.models import Product
from pim.structure import service as catalog

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANNA = Origin("user", "anna", None)
STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL"],
    "currencies": ["EUR"],
    "channels": {
        "till": {
            "labels": {"en_GB": "Till"},
            "locales": ["nl_NL"],
            "currencies": ["EUR"],
            "tree": None,
        }
    },
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True, "filterable": True},
        "price": {"type": "price", "fact": True, "decimals": 2},
        "ean": {"type": "gtin", "fact": True},
        "color": {"type": "choice", "filterable": True, "options": {"red": {}, "blue": {}}},
        "picture": {"type": "asset"},
    },
    "families": {
        "shirts": {
            "attributes": ["sku", "name", "price", "ean", "color", "picture"],
            "label": "name",
            "requirements": {"till": ["name", "price"]},
        }
    },
    "variants": {
        "by_color": {
            "family": "shirts",
            "labels": {},
            "levels": [{"axes": ["color"], "attributes": ["sku", "ean", "price"]}],
        }
    },
    "categories": {},
    "associations": {},
}
FEED = {
    "label": "Till",
    "exporter": "tryton_pos",
    "channel": "till",
    "locale": "nl_NL",
    "currency": "EUR",
    "mapping": {
        "name": {"from": ["name"]},
        "gross_price": {"from": ["price"]},
        "suffix_code": {"from": ["$identifier"]},
        "ean": {"from": ["ean"]},
    },
    "schedule": {"cron": "*/30 * * * *", "zone": "Europe/Amsterdam"},
}


@dataclass(frozen=True)
class Hub:
    settings: Settings
    database: Database
    storage: Storage

    def edit(
        self, values: Mapping[str, Mapping[str, Any]], kind: Any = "product"
    ) -> list[WriteResult]:
        """Identifier -> new values, in one transaction."""
        with self.database.writing() as session:
            return service.write(
                session, [ProductInput(code, one, kind) for code, one in values.items()], ANNA, NOW
            )

    def documents(self) -> dict[str, Any]:
        """Identifier -> working document, published document, status, version."""
        with self.database.reading() as session:
            details = [
                queries.get(session, code)
                for code in session.scalars(select(Product.identifier).order_by(Product.id))
            ]
            return {
                one.product.identifier: (
                    one.document,
                    one.published,
                    one.product.status,
                    one.product.version,
                )
                for one in details
            }

    def restore(self, file: Path) -> None:
        """As the command does it: with nobody else at the database."""
        self.database.close()
        backups.restore(self.settings, file)

    def run_feed(self, full: bool = False) -> Any:
        return run_feed(
            self.database,
            self.storage,
            self.settings.home / "tmp",
            "till",
            "https://hub.example",
            lambda: NOW,
            full=full,
        )

    def published(self) -> tuple[str, bytes]:
        """The feed's public address, and the bytes behind it."""
        with self.database.reading() as session:
            feed = feeds.get(session, "till")
            build = feed_queries.published_build(session, feed)
            assert build is not None
            return feeds.url_of(
                feed, "https://hub.example", self.settings.secret_key
            ), self.storage.get(build.path)


def open_hub(home: Path, database_url: str = "") -> Hub:
    """The hub in this folder, on its own SQLite file unless told otherwise; nothing is made but the
    folder and its key.
    """
    settings = from_environment(
        {"PIM_HOME": str(home), **({"PIM_DATABASE_URL": database_url} if database_url else {})}
    )
    migrate.load_models()
    return Hub(settings, Database(settings.database_url), Storage(settings.storage_url))


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def fill(hub: Hub) -> Hub:
    """Migrate the hub's database and furnish the shop."""
    migrate.upgrade(hub.database)
    with hub.database.writing() as session:
        catalog.apply(session, STRUCTURE)
        code = media.take_in(session, hub.storage, "red shirt.png", picture(), NOW).code
        accounts.add_user(session, "anna@example.com", "Anna", "admin", NOW)
        jobs.enqueue(session, "feed", {"code": "till"}, NOW, slot="first")
    rebuild_if_outdated(hub.database)
    hub.edit(
        {
            "S-1": {
                "family": "shirts",
                "family_variant": "by_color",
                "name-nl_NL": "Hemd Ångström",
                "picture": code,
            }
        },
        "model",
    )
    hub.edit(
        {
            "S-1-RED": {
                "parent": "S-1",
                "color": "red",
                "price-EUR": "12.50",
                "ean": "2000000000015",
            },
            "S-1-BLUE": {"parent": "S-1", "color": "blue", "price-EUR": "0.10"},
            "S-2": {
                "family": "shirts",
                "name-nl_NL": "Los; “hemd”\n\u2028 🚲",
                "price-EUR": "99.00",
            },
            "S-3": {"family": "shirts"},
        }
    )
    hub.edit({"A-RED": {"family": "shirts", "color": "red", "price-EUR": "5.00"}})
    hub.edit(
        {"A": {"family": "shirts", "family_variant": "by_color", "name-nl_NL": "Later"}}, "model"
    )
    hub.edit({"A-RED": {"parent": "A"}})  # a variant with a smaller id than its model
    with hub.database.writing() as session:
        publishing.approve(session, ["S-1-RED", "S-1-BLUE", "S-2", "A-RED"], ANNA, NOW)
        feeds.define(session, "till", FEED, NOW)
    hub.run_feed()
    return hub


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (600, 600), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()
