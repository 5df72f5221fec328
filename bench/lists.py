"""How much longer lists take in a hub a hundred times as large: ``python -m bench.lists``.

Two hubs, of 10,000 and of 1,000,000 products, are made by a few statements each (an import of a
million would take an hour). Of every kind of question below, the 95th percentile of the medians is
compared: finding a page and its rows, as a list asks for them. ``--url`` takes empty databases of a
PostgreSQL server, ``lists_10000`` and ``lists_1000000``; ends with 1 when a limit is broken.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy.orm import Session

from pim import migrate
from pim.db import Database
from pim.products import conditions, facets, index_parts, queries, sorting
from pim.products.matching import Filters
from pim.products.sorting import Sort
from pim.search.models import IndexPart
from pim.structure import queries as catalog
from pim.structure import service as structures
from pim.structure.objects import Structure

SMALL, LARGE = 10_000, 1_000_000
ROUNDS = 5
GROUPS, SHELVES = 5, 20
TINTS = tuple(f"tint_{number}" for number in range(10))
FAMILIES = tuple(f"family_{number}" for number in range(6))
STRUCTURE: dict[str, Any] = {
    "locales": ["en_GB"],
    "currencies": ["EUR"],
    "channels": {"web": {"locales": ["en_GB"], "currencies": ["EUR"], "tree": "all"}},
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True, "filterable": True},
        "price": {"type": "price", "filterable": True},
        "depth": {"type": "number", "filterable": True},
        "launch": {"type": "date", "filterable": True},
        "tint": {"type": "choice", "filterable": True, "options": {tint: {} for tint in TINTS}},
        "boxed": {"type": "boolean", "filterable": True},
        "rare": {"type": "number", "filterable": True},
    },
    "families": {
        family: {
            "attributes": ["sku", "name", "price", "depth", "launch", "tint", "boxed", "rare"],
            "label": "name",
            "requirements": {"web": ["name", "rare"]},
        }
        for family in FAMILIES
    },
    "categories": {
        "all": {
            "children": {
                f"group_{group}": {
                    "children": {f"shelf_{group}_{shelf}": {} for shelf in range(SHELVES)}
                }
                for group in range(GROUPS)
            }
        }
    },
}
SCOPE = "web-en_GB"

# i: the number of a product. Each column is drawn by a prime of its own, so that none follows
# another.
NUMBERS = {
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) ",
    "postgresql": "WITH n (i) AS (SELECT CAST(g AS bigint) FROM generate_series(1, :rows) AS g) ",
}
MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', 1767225600 + i * 7919 % 9999991, 'unixepoch')",
    "postgresql": "to_timestamp(1767225600 + i * 7919 % 9999991)",
}
DAY = {
    "sqlite": "strftime('%Y-%m-%d', 1577836800 + (i * 7841 % 2000) * 86400, 'unixepoch')",
    "postgresql": "to_char(to_timestamp(1577836800 + (i * 7841 % 2000) * 86400), 'YYYY-MM-DD')",
}
CHARACTER = {"sqlite": "char", "postgresql": "chr"}
TITLE = "'word' || (i * 6151 % 50) || ' word' || (50 + i * 3079 % 500) || ' item ' || i"
PRICE, DEPTH = "(1 + i * 4099 % 9973)", "(1 + i * 5003 % 997)"
ENTRIES = {
    "price-EUR": f"{{char}}(64 + length(CAST({PRICE} AS text))) || CAST({PRICE} AS text)",
    "depth": f"{{char}}(64 + length(CAST({DEPTH} AS text))) || CAST({DEPTH} AS text)",
    "launch": "{day}",
    "tint": "'tint_' || (i * 2053 % 10)",
    "boxed": "CAST(i * 2239 % 2 AS text)",
    "name-en_GB": TITLE,
    "_name:en_GB": TITLE,
    "categories": f"'shelf_' || (i * 911 % {GROUPS}) || '_' || (i * 1013 % {SHELVES})",
    "gaps:": f"'{SCOPE}'",
}
SOME = {
    "rare": ("{char}(65) || (i % 10)", "i * 4451 % 1000 = 0"),
    "complete": (f"'{SCOPE}'", "i * 4451 % 1000 = 0"),
    "status": ("'retired'", "i * 3571 % 100 = 0"),
}
WORDS = {
    "sqlite": "INSERT INTO word (rowid, words) {numbers} SELECT i, {title} FROM n",
    "postgresql": (
        "INSERT INTO word (product_id, words) {numbers}"
        " SELECT i, array_to_tsvector(string_to_array({title}, ' ')) FROM n"
    ),
}
STATUS = (
    "CASE WHEN i * 3571 % 100 = 0 THEN 'retired' WHEN i * 3571 % 100 < 10 THEN 'approved'"
    " ELSE 'draft' END"
)
VALUES = (
    """'{"name-en_GB": "' || {title} || '", "price-EUR": "' || {price} || '","""
    """ "note": "' || {note} || '"}'"""
)
PRODUCTS = (
    'INSERT INTO product (id, identifier, "key", kind, root_id, family, enabled, status, "values",'
    " version, edited_version, seq, created, updated) {numbers} SELECT i, 'A' || i, 'a' || i,"
    " 'product', i, 'family_' || (i * 3163 % 6), {true}, {status}, {values}, 1, 1, i,"
    " {moment}, {moment} FROM n"
)
TERMS = (
    "INSERT INTO term (address, term, product_id) {numbers}"
    " SELECT '{address}', {term} AS t, i FROM n WHERE {condition} ORDER BY t, i"
)


def fill(database: Database, rows: int) -> None:
    """A hub with so many products and all that the index says of them."""
    migrate.upgrade(database)
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        for part, made_by in index_parts.fingerprints(catalog.structure(session)).items():
            session.merge(IndexPart(part=part, fingerprint=made_by, cursor=None))
    dialect = database.engine.dialect.name
    parts = {
        "{numbers}": NUMBERS[dialect].replace(":rows", str(rows)),
        "{char}": CHARACTER[dialect],
        "{day}": DAY[dialect],
        "{moment}": MOMENT[dialect],
        "{true}": "1" if dialect == "sqlite" else "true",
        "{status}": STATUS,
        "{values}": VALUES,
        "{title}": TITLE,
        "{price}": PRICE,
        "{note}": f"'{'x' * 700}'",
    }
    terms = {address: (term, "1 = 1") for address, term in ENTRIES.items()} | SOME
    with database.writing() as session:
        _run(session, PRODUCTS, parts)
        _run(session, WORDS[dialect], parts)
        for address, (term, condition) in sorted(terms.items()):
            own = {"{address}": address, "{term}": term, "{condition}": condition}
            _run(session, TERMS, own | parts)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _run(session: Session, statement: str, parts: Mapping[str, str]) -> None:
    """``parts``: what stands for what; a later one may stand in an earlier one."""
    for name, spelled in parts.items():
        statement = statement.replace(name, spelled)
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        statement = statement.replace("%", "%%")
    connection.exec_driver_sql(statement)


def asked(structure: Structure) -> Iterator[tuple[str, str, Filters, str]]:
    """(kind, name, filters, sort) of every list."""

    def where(*spellings: str, **plain: Any) -> Filters:
        read = tuple(conditions.read(structure, one) for one in spellings)
        return Filters(conditions=read, **plain)

    for plain in ({}, {"grouped": False}, {"family": "family_1"}, {"category": "all"}):
        yield "list", str(plain), where(**plain), ""
    for spellings in (
        ("depth.at_least.500",),
        ("depth.is.500",),
        ("price-EUR.between.100..200", "tint.one_of.tint_1,tint_2"),
        ("price-EUR.between.100..110", "depth.between.100..110"),
        ("tint.none_of.tint_1", "launch.at_least.2024-01-01"),
        ("rare.filled",),
        ("rare.empty", "boxed.yes"),
        ("_family.one_of.family_1,family_2", "_category.one_of.group_1"),
        ("_family.none_of.family_1", "depth.at_most.900"),
        ("_status.one_of.draft,approved",),
        ("_category.empty",),
        ("_category.one_of.group_1,group_2", "boxed.no", "price-EUR.at_least.5000"),
        ("name-en_GB.contains.word1 word51",),
        (f"_incomplete.one_of.{SCOPE}", "depth.at_least.500"),
        ("_changed.at_least.2026-02-01",),
        ("_enabled.no",),
        ("_identifier.one_of.A1,A2,A999,A9999",),
    ):
        yield "filter", " ".join(spellings), where(*spellings), ""
    for sort in ("price-EUR", "-price-EUR", "_name-en_GB", "-_identifier", "-_changed", "_family"):
        yield "sort", sort, where(), sort
        yield "sort", f"{sort} filtered", where("depth.at_least.500", "tint.none_of.tint_1"), sort
        yield "sort", f"{sort} rare", where("rare.filled"), sort
    for sort in ("tint", "_status", f"_complete-{SCOPE}", "rare"):
        yield "sort", sort, where("boxed.yes"), sort
    for words in ("word1", "word51", "word1 word51", "wo", "item 999", "xylophone"):
        yield "search", words, where(words=words), ""
        yield "search", f"{words} filtered", where("depth.at_least.500", words=words), ""


def measure(database: Database, *, each: bool) -> dict[str, float]:
    """Kind of question -> milliseconds, the 95th percentile."""
    kinds: dict[str, list[float]] = {}

    def note(kind: str, name: str, ask: Callable[[Session], object]) -> None:
        took = _median(database, ask)
        kinds.setdefault(kind, []).append(took)
        if each:
            print(f"  {kind:8} {took:9.1f}  {name}", file=sys.stderr, flush=True)

    with database.reading() as session:
        structure = catalog.structure(session)
    for kind, name, filters, sort in asked(structure):
        order = sorting.read(structure, sort) if sort else None
        note(kind, name, partial(_leaf, structure=structure, filters=filters, sort=order))
    for name, filters in FACETED.items():
        note("facets", name, partial(facets.counts, structure=structure, filters=filters))
    return {kind: quantiles(figures, n=20)[-1] for kind, figures in kinds.items()}


FACETED: Mapping[str, Filters] = {
    "everything": Filters(),
    "one family": Filters(family="family_1"),
    "one category": Filters(category="group_1"),
    "a word": Filters(words="word51"),
}


def _leaf(session: Session, structure: Structure, filters: Filters, sort: Sort | None) -> None:
    """The first page and the one behind it."""
    page = queries.page(session, structure, filters, sort=sort)
    if page.older is not None:
        queries.page(session, structure, filters, after=page.older, sort=sort)


def _median(database: Database, ask: Callable[[Session], object]) -> float:
    """Of some rounds; of SQLite the processor's time, so that a neighbour does not count."""
    clock = time.process_time if database.engine.dialect.name == "sqlite" else time.perf_counter
    figures = []
    for _ in range(ROUNDS):
        with database.reading() as session:
            session.connection()
            start = clock()
            ask(session)
            figures.append(1000 * (clock() - start))
    return median(figures)


LIMITS = {"list": 2.0, "filter": 4.0, "sort": 4.0, "search": 4.0}
FACETS_MS = 50.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.lists", description=__doc__)
    parser.add_argument("--url", default="", help="of a PostgreSQL server, with %%s for a database")
    parser.add_argument("--rows", type=int, default=LARGE)
    parser.add_argument("--each", action="store_true", help="every question with its figure")
    given = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="etalage-lists-") as folder:
        for rows in (SMALL, given.rows):
            file = f"sqlite:///{Path(folder) / str(rows)}.db"
            database = Database(given.url % f"lists_{rows}" if given.url else file)
            fill(database, rows)
            found.append(measure(database, each=given.each))
            database.close()
    small, large = found
    is_above = False
    for kind, limit in LIMITS.items():
        ratio = large[kind] / small[kind]
        is_above |= ratio > limit
        print(f"{kind:8} {small[kind]:9.1f} {large[kind]:9.1f} ms {ratio:6.2f}  limit {limit}")
    is_above |= large["facets"] > FACETS_MS
    print(f"facets   {small['facets']:9.1f} {large['facets']:9.1f} ms  limit {FACETS_MS} ms")
    sys.exit(is_above)


if __name__ == "__main__":
    main()
