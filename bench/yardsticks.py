"""The bare work, with nothing of ours around it: what an import and a feed cost at least on this
machine.
"""

import csv
import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import orjson

from pim.db import _sqlite_module

BATCH = 1000
UPSERT = (
    "INSERT INTO product VALUES (?, ?) ON CONFLICT (identifier) DO UPDATE SET document ="
    " excluded.document"
)


def import_raw(source: Path, database: Path) -> float:
    """Seconds for csv.reader -> orjson -> SQLite upsert, in transactions of 1,000 rows that reach
    the disk.
    """
    start = time.perf_counter()
    with closing(_open(database)) as connection, source.open(newline="", encoding="utf-8") as file:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS product (identifier TEXT PRIMARY KEY, document TEXT NOT"
            " NULL)"
        )
        documents = _documents(file)
        while batch := list(islice(documents, BATCH)):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(UPSERT, batch)
            connection.execute("COMMIT")
    return time.perf_counter() - start


def _documents(file: Any) -> Iterator[tuple[str, str]]:
    reader = csv.reader(file, delimiter=";")
    header = next(reader)
    for row in reader:
        document = {name: cell for name, cell in zip(header, row, strict=True) if cell}
        yield row[0], orjson.dumps(document).decode()


def export_raw(database: Path, target: Path) -> float:
    """Seconds for SQLite read -> orjson -> f-string item with the fields of the real feed -> file,
    from the hub's own documents.
    """
    start = time.perf_counter()
    with closing(_open(database)) as connection, target.open("w", encoding="utf-8") as file:
        for (document,) in connection.execute("SELECT published FROM product ORDER BY id"):
            values = orjson.loads(document)
            file.write(
                "<item><g:link>https://shop.example/</g:link>"
                "<g:image_link>https://shop.example/picture.jpg</g:image_link>"
                "<g:availability>in_stock</g:availability><g:condition>new</g:condition>"
                f"<g:id>{escape(values['sku'])}</g:id><g:title>{escape(values['name-nl_NL'])}</g:title>"
                f"<g:description>{escape(values['description-nl_NL'])}</g:description>"
                f"<g:price>{values['price-EUR']} EUR</g:price><g:gtin>{values['ean']}</g:gtin>"
                f"<g:shipping_weight>{values['weight']['amount']}"
                " kg</g:shipping_weight></item>\n"
            )
    return time.perf_counter() - start


def _open(path: Path) -> Any:
    """The driver, WAL and durability that `pim.db` uses."""
    connection = _sqlite_module().connect(str(path), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def main() -> None:
    """``python -m bench.yardsticks import_raw|export_raw FROM TO`` prints {"seconds"}: a process of
    its own, as ours has.
    """
    name, source, target = sys.argv[1:]
    seconds = {"import_raw": import_raw, "export_raw": export_raw}[name](Path(source), Path(target))
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
