"""How long a page of the product list takes: ``python -m bench.pages`` on the hub of the settings
prints {"page", "query"} in ms.

``page`` is what a person waits for: the whole answer of the web application to somebody signed in.
``query`` is the one part of it that can grow with the hub: finding and counting the products. Both
are the 95th percentile of the pages below, each by its median, so that a neighbour on the machine
does not count. ``--each`` prints them all.
"""

import argparse
import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from statistics import median, quantiles
from urllib.parse import parse_qsl

import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from pim.accounts import queries as accounts
from pim.accounts import service
from pim.app import create_app
from pim.config import from_environment
from pim.db import Database
from pim.http.security import SIGNED_IN
from pim.products import list_words, queries
from pim.products.models import Product
from pim.structure import queries as catalog
from pim.structure.objects import Scope

ROUNDS = 15
SCOPE = Scope("webshop", "en_GB")
PERSON = "bench@example.org"
BROWSED = (
    "",
    "variants=1",
    "family=bikes",
    "status=draft",
    "completeness=complete",
    "completeness=missing",
    "category=all",
    "category=group_1",
    "category=group_1_7",
    "family=bikes&completeness=missing",
    "q=bright+tent",
)
"""Lists that people leaf through: from the front, and from the middle a page on and a page back."""
ASKED = (
    "status=approved",
    "q=tent",
    "q=bright+tent+keeps",
    "q=br",
    "q=ten",
    "q=A00",
    "q=952",
    "q={identifier}",
    "q={ean}",
    "q=xylophone",
    "q=tent+xylophone",
    "q=tent&family=bikes",
    "q=tent&family=bikes&status=approved",
    "q=tent&status=review",
    "q=bright+tent&completeness=missing",
    "q=tent&category=group_1",
    "family=bikes&status=draft",
    "family=bikes&status=review",
    "category=group_1&status=approved",
    "variants=1&family=bikes&status=approved&completeness=missing&category=all&q=tent",
)
"""Questions, of which people look at the first page: ``A00`` and ``952`` begin the number of every
article.
"""


def main() -> None:
    quiet()
    parser = argparse.ArgumentParser(prog="bench.pages", description=__doc__)
    parser.add_argument(
        "--each",
        action="store_true",
        help="every page with its two figures, instead of their percentiles",
    )
    given = parser.parse_args()
    settings = from_environment()
    database = Database(settings.database_url)
    client = signed_in(database, create_app(settings, database))
    addresses = list(asked_for(database))
    whole = medians(addresses, lambda address: _whole(client, address))
    query = medians(addresses, lambda address: _query(database, address))
    database.close()
    figures = dict(zip(addresses, zip(whole, query, strict=True), strict=True))
    print(
        json.dumps(
            figures
            if given.each
            else {"page": quantiles(whole, n=20)[-1], "query": quantiles(query, n=20)[-1]}
        )
    )


def quiet() -> None:
    """A line of the log for each request would stand before the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def asked_for(database: Database) -> Iterator[str]:
    """What the addresses say after their question mark."""
    with database.reading() as session:
        middle = (session.scalar(select(func.max(Product.id))) or 0) // 2
        chosen = session.get_one(Product, middle)
    for filters in BROWSED:
        yield from (f"{filters}{edge}" for edge in ("", f"&after={middle}", f"&before={middle}"))
    yield from (
        filters.format(identifier=chosen.identifier, ean=chosen.values["ean"]) for filters in ASKED
    )


def medians(addresses: list[str], ask: Callable[[str], object]) -> list[float]:
    """Milliseconds of each, asked in rounds: a bad moment of the machine meets all of them."""
    seconds: dict[str, list[float]] = {address: [] for address in addresses}
    for _ in range(ROUNDS):
        for address in addresses:
            start = time.perf_counter()
            ask(address)
            seconds[address].append(time.perf_counter() - start)
    return [1000 * median(each) for each in seconds.values()]


def signed_in(database: Database, app: Flask) -> FlaskClient:
    """A browser of an administrator, who is made at the first run."""
    with database.writing() as session:
        user = accounts.user_by_email(session, PERSON) or service.add_user(
            session, PERSON, "Bench", "admin", datetime.now(UTC)
        )
        token = service.start_session(session, user, datetime.now(UTC))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[SIGNED_IN] = token
    return client


def _whole(client: FlaskClient, address: str) -> None:
    answer = client.get(f"/products?channel={SCOPE.channel}&locale={SCOPE.locale}&{address}")
    assert answer.status_code == 200, address


def _query(database: Database, address: str) -> None:
    said = dict(parse_qsl(address))
    after, before = (int(said[edge]) if edge in said else None for edge in ("after", "before"))
    with database.reading() as session:
        queries.page(
            session, catalog.structure(session), list_words.asked(said, SCOPE), after, before
        )


if __name__ == "__main__":
    main()
