"""Rows of a database as lines of JSON and back, the same from SQLite and from PostgreSQL.

Tables are read from the database, not from the models: a backup before an upgrade is of an earlier
version's tables. Documents are TEXT in both engines, so they pass unread; what differs between the
engines is moments, spelled as ISO 8601 with their offset.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import DateTime, Inspector, MetaData, Table, inspect, select
from sqlalchemy.engine import Connection

CHUNK = 1000
LEFT_OUT = ("alembic_version", "term", "user_session", "vocabulary", "word", "worker")
"""Not saved: the manifest names the revision, the index is built anew from the products, and
neither a worker nor somebody's being signed in survives a restore.
"""

TableRow = dict[str, Any]
RowParser = Callable[[bytes], TableRow]


def tables_of(connection: Connection) -> list[Table]:
    """Every table that is saved, those that others point to first."""
    inspector: Inspector = inspect(connection)
    names = [name for name in inspector.get_table_names() if not is_left_out(name)]
    metadata = MetaData()
    metadata.reflect(connection, only=names)
    return [table for table in metadata.sorted_tables if table.name in names]


def is_left_out(name: str) -> bool:
    """Those, and the inner tables of SQLite's full-text index (``word_data``, …)."""
    return name in LEFT_OUT or name.startswith("word_")


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """One JSON object per row, in the order of the primary key; ``CHUNK`` rows in memory at a
    time.
    """
    statement = (
        select(table).order_by(*table.primary_key.columns).execution_options(yield_per=CHUNK)
    )
    names = [
        str(column.name) for column in table.columns
    ]  # plain str: some are quoted names, which orjson takes for no keys
    for row in connection.execute(statement):
        yield orjson.dumps(
            {name: _plain(value) for name, value in zip(names, row, strict=True)},
            option=orjson.OPT_APPEND_NEWLINE,
        )


def _plain(value: Any) -> Any:
    """SQLite's moments come back naive; all of ours are UTC."""
    if not isinstance(value, datetime):
        return value
    return (
        value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    ).isoformat()


def reader(table: Table) -> RowParser:
    """Line -> row that can be inserted; :class:`ValueError` for what is no row of this table."""
    moments = {column.name for column in table.columns if isinstance(column.type, DateTime)}
    names = set(table.columns.keys())

    def read(line: bytes) -> TableRow:
        row = orjson.loads(line)
        if not isinstance(row, Mapping) or row.keys() != names:
            raise ValueError(f"no row of {table.name}")
        return {name: _moment(value) if name in moments else value for name, value in row.items()}

    return read


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
