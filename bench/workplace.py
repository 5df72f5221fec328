"""What the pages of the workplace cost: ``python -m bench.workplace``.

The list of 50 products in 10 columns is held against a bare page with as many cells (Flask,
SQLAlchemy and Jinja, nothing else), asked in turns; the page of a product with 200 attributes in 6
locales against its limits. Times are the processor's, so that a neighbour does not count.
Ends with 1 when a limit is broken.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import func, select

from bench.pages import quiet, signed_in
from pim import migrate
from pim.app import create_app
from pim.config import from_environment
from pim.db import Database
from pim.products import service
from pim.products.change import Origin, ProductInput
from pim.products.models import Product
from pim.structure import service as structures
from pim.values import ReadValues

ROUNDS = 40
ROWS, COLUMNS = 50, 10
ATTRIBUTES = 200
LOCALES = ("en_GB", "nl_NL", "de_DE", "fr_FR", "es_ES", "it_IT")
NAMES = tuple(f"text_{number}" for number in range(ATTRIBUTES))
STRUCTURE: dict[str, Any] = {
    "locales": list(LOCALES),
    "channels": {"web": {"locales": list(LOCALES)}},
    "groups": {f"group_{number}": {} for number in range(10)},
    "attributes": {
        "sku": {"type": "identifier"},
        **{
            name: {"type": "text", "localizable": True, "group": f"group_{number // 20}"}
            for number, name in enumerate(NAMES)
        },
    },
    "families": {
        "things": {
            "attributes": ["sku", *NAMES],
            "label": NAMES[0],
            "requirements": {"web": list(NAMES[:50])},
        }
    },
}
BARE = """<!doctype html><title>Products</title><p>{{ total }} products</p><table>
{% for product in products %}<tr><td><a href="{{ url_for('bare', id=product.id) }}">{{
product.identifier }}</a></td>{% for name in names %}<td>{{ product.values.get(name, '') }}</td>
{% endfor %}</tr>{% endfor %}</table>"""


def fill(database: Database) -> None:
    """Products of which nine tenths of the texts are filled in, in every locale."""
    migrate.upgrade(database)
    now = datetime.now(UTC)
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        batch = [ProductInput(f"T-{number}", _values(number)) for number in range(4 * ROWS)]
        service.write(session, batch, Origin("user", "bench", None), now)


def _values(number: int) -> ReadValues:
    texts = {
        f"{name}-{locale}": f"A text of thing {number} for {name} in {locale}"
        for place, name in enumerate(NAMES)
        if place % 10
        for locale in LOCALES
    }
    return ReadValues({"family": "things", f"{NAMES[0]}-en_GB": f"Thing {number}", **texts})


def bare_page(database: Database) -> Flask:
    """What a list costs at least: the same products and cells, and nothing around them."""
    app = Flask("bare")
    app.jinja_loader = DictLoader({"bare.html": BARE})
    names = [f"{name}-en_GB" for name in NAMES[:COLUMNS]]

    @app.get("/")
    def bare() -> str:
        with database.reading() as session:
            newest = select(Product).order_by(Product.id.desc()).limit(ROWS)
            products = session.scalars(newest).all()
            total = session.scalar(select(func.count()).select_from(Product))
            return render_template("bare.html", products=products, names=names, total=total)

    return app


def measure(ask: Callable[[], bytes], other: Callable[[], bytes]) -> tuple[float, float]:
    """Milliseconds of processor time of both, the medians of rounds taken in turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for one, figures in zip((ask, other), taken, strict=True):
            start = time.process_time()
            one()
            figures.append(1000 * (time.process_time() - start))
    return median(taken[0]), median(taken[1])


def main() -> None:
    quiet()
    with tempfile.TemporaryDirectory(prefix="etalage-workplace-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'hub.db'}")
        fill(database)
        client = signed_in(database, create_app(from_environment(), database))
        bare = bare_page(database).test_client()
        columns = ",".join(NAMES[1 : COLUMNS + 1])
        scope = "in=web.en_GB"

        def page(address: str) -> bytes:
            answer = client.get(address)
            assert answer.status_code == 200, address
            return bytes(answer.data)

        listed, yardstick = measure(
            lambda: page(f"/products?{scope}&columns={columns}"), lambda: bare.get("/").data
        )
        product = page(f"/products/T-7?{scope}")
        one, _ = measure(lambda: page(f"/products/T-7?{scope}"), lambda: b"")
        database.close()
    verdicts = (
        ("list of 50 x 10 / bare page", listed / yardstick, 3.0),
        ("page of 200 attributes, kB", len(product) / 1000, 200.0),
        ("page of 200 attributes, ms", one, 150.0),
    )
    print(f"list {listed:.1f} ms, bare page {yardstick:.1f} ms")
    for what, figure, limit in verdicts:
        print(f"{'ABOVE ' if figure > limit else 'kept  '} {what:32} {figure:8.2f}  limit {limit}")
    sys.exit(any(figure > limit for _, figure, limit in verdicts))


if __name__ == "__main__":
    main()
