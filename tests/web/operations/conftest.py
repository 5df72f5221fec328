"""A small shop with three products, a feed and an import profile; `work()` runs the jobs that were
queued.
"""

from collections.abc import Callable
from copy import deepcopy

import pytest

from media.storage import Storage
from pim.feeds import service as feeds
from pim.imports import store
from pim.job_kinds import handlers, tidy
from pim.jobs.runner import Runner
from pim.products import publishing, service
from pim.products.change import Origin, ProductInput
from pim.structure import service as catalog

STRUCTURE = {
    "locales": ["nl_NL", "en_GB"],
    "currencies": ["EUR"],
    "channels": {
        "webshop": {
            "labels": {"en_GB": "Webshop"},
            "locales": ["nl_NL", "en_GB"],
            "currencies": ["EUR"],
        }
    },
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True, "labels": {"en_GB": "Name"}},
        "price": {"type": "price", "owner": "erp", "fact": True, "decimals": 2},
    },
    "families": {
        "bikes": {
            "attributes": ["sku", "name", "price"],
            "label": "name",
            "requirements": {"webshop": ["name", "price"]},
        }
    },
}
SIZES = {
    "attributes": {"size": {"type": "choice", "options": {"S": {}, "M": {}}}},
    "families": {
        "coats": {
            "attributes": ["sku", "name", "price", "size"],
            "label": "name",
            "requirements": {"webshop": ["name", "price"]},
        }
    },
    "variants": {
        "by_size": {
            "family": "coats",
            "levels": [{"axes": ["size"], "attributes": ["sku", "price"]}],
        }
    },
}
FEED = {
    "label": "Till north",
    "exporter": "tryton_pos",
    "channel": "webshop",
    "locale": "nl_NL",
    "currency": "EUR",
    "options": {"unit": "Unit", "type": "goods"},
    "mapping": {
        "name": {"from": ["name"], "do": [{"truncate": 40}]},
        "gross_price": {"from": ["price"]},
        "suffix_code": {"from": ["$identifier"]},
    },
    "schedule": {"cron": "0 6 * * *", "zone": "Europe/Amsterdam"},
}
PROFILE = """\
code: erp
label: ERP articles
source: erp
key: Nr
file: {delimiter: ";", decimal: ","}
columns: {Nr: sku, Groep: family, Prijs: price-EUR}
"""


def complete(identifier: str) -> ProductInput:
    return ProductInput(
        identifier, {"family": "bikes", "name-nl_NL": f"Fiets {identifier}", "price-EUR": "649.00"}
    )


def with_sizes():
    structure = deepcopy(STRUCTURE)
    for part, added in SIZES.items():
        structure[part] = {**structure.get(part, {}), **added}
    return structure


@pytest.fixture
def shop(database, clock):
    """A and B approved, C a draft without a Dutch name."""
    by = Origin("user", "anna@example.org", None)
    with database.writing() as session:
        catalog.apply(session, STRUCTURE)
        service.write(
            session,
            [
                complete("A"),
                complete("B"),
                ProductInput("C", {"family": "bikes", "price-EUR": "10.00"}),
            ],
            by,
            clock(),
        )
        publishing.approve(session, ["A", "B"], by, clock())
        feeds.define(session, "till", FEED, clock())
        store.save(session, PROFILE, clock())
    return database


@pytest.fixture
def storage(settings) -> Storage:
    return Storage(settings.storage_url)


@pytest.fixture
def work(shop, settings, storage, clock) -> Callable[[], None]:
    """Runs everything that is queued, here and now."""
    runner = Runner(shop, handlers(settings, storage), 0, clock, tidy=tidy)

    def run_all() -> None:
        while runner.run_one():
            pass

    return run_all
