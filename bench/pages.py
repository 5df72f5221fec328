"""How long a page of the product list takes: ``python -m bench.pages`` on the database of the settings prints {"p95"} in seconds."""

import json
import time
from random import Random
from statistics import quantiles

from pim.catalog import queries as catalog
from pim.config import from_environment
from pim.db import Database
from pim.products.queries import Filters, page

ROUNDS = 40
FILTERS = (
    Filters(),
    Filters(family="bikes"),
    Filters(status="draft"),
    Filters(incomplete="webshop-en_GB"),
    Filters(words="bright tent"),
    Filters(terms=(("choice_1", "o1_2"),)),
)


def main() -> None:
    database = Database(from_environment().database_url)
    random = Random(1)  # noqa: S311 - where to leaf to, no secret
    with database.reading() as session:
        structure = catalog.structure(session)
        newest = page(session, structure, Filters(), size=1).rows[0].id
    seconds = []
    for _ in range(ROUNDS):
        for filters in FILTERS:
            with database.reading() as session:
                start = time.perf_counter()
                page(session, structure, filters, after=random.randint(1, newest))
                seconds.append(time.perf_counter() - start)
    database.close()
    print(json.dumps({"p95": quantiles(seconds, n=20)[-1]}))


if __name__ == "__main__":
    main()
