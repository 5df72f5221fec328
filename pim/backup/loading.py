"""The rows of a backup into an empty database of the backup's own revision."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from itertools import islice

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from pim.backup.archive import TABLES, Archive, not_ours
from pim.backup.tables import CHUNK, RowParser, TableRow, is_left_out, reader, tables_of
from pim.db import Database
from pim.errors import text


def fill(database: Database, archive: Archive) -> None:
    """All rows in one transaction; :class:`Invalid` for lines that are no rows, or not those that
    were saved.
    """
    try:
        with database.engine.begin() as connection:
            tables = tables_of(connection)
            unknown = {name for name in archive.tables if not is_left_out(name)} - {
                table.name for table in tables
            }
            if unknown:
                raise not_ours(
                    archive.file, text("Its version has no table “%(name)s”.", name=min(unknown))
                )
            _let_foreign_keys_wait(connection, tables)
            for table in tables:
                if table.name in archive.tables:
                    _fill_table(connection, table, archive)
            _let_numbers_go_on(connection, tables)
        with database.engine.begin() as connection:
            _watch_foreign_keys_at_once(connection, tables)
    except DBAPIError as error:
        raise not_ours(
            archive.file, text("The database refuses its rows: %(reason)s", reason=error.orig)
        ) from error


def _fill_table(connection: Connection, table: Table, archive: Archive) -> None:
    expected = archive.tables[table.name]
    digest, read, count = sha256(), reader(table), 0
    with closing(archive.open(f"{TABLES}{table.name}.jsonl")) as lines:
        for chunk in _chunks(lines):
            for line in chunk:
                digest.update(line)
            connection.execute(insert(table), _read(read, chunk, archive, table, count))
            count += len(chunk)
    if (count, digest.hexdigest()) != (expected["rows"], expected["sha256"]):
        raise not_ours(
            archive.file,
            text("The rows of table “%(name)s” are not those that were saved.", name=table.name),
        )


def _read(
    read: RowParser, chunk: list[bytes], archive: Archive, table: Table, before: int
) -> list[TableRow]:
    rows: list[TableRow] = []
    for number, line in enumerate(chunk, start=before + 1):
        try:
            rows.append(read(line))
        except (ValueError, TypeError) as error:
            sentence = text(
                "Line %(number)s is not a row of table “%(name)s”.", number=number, name=table.name
            )
            raise not_ours(archive.file, sentence) from error
    return rows


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    remaining = iter(lines)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _let_foreign_keys_wait(connection: Connection, tables: Iterable[Table]) -> None:
    """Until the commit: a variant may have been saved before its model."""
    if connection.dialect.name == "sqlite":
        connection.execute(sql("PRAGMA defer_foreign_keys=ON"))
    else:
        _alter_foreign_keys(connection, tables, "DEFERRABLE INITIALLY DEFERRED")


def _watch_foreign_keys_at_once(connection: Connection, tables: Iterable[Table]) -> None:
    if connection.dialect.name != "sqlite":  # its pragma ended with the transaction
        _alter_foreign_keys(connection, tables, "NOT DEFERRABLE")


def _alter_foreign_keys(connection: Connection, tables: Iterable[Table], how: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote
    for table in tables:
        for key in table.foreign_key_constraints:
            connection.execute(
                sql(
                    f"ALTER TABLE {quoted(table.name)} ALTER CONSTRAINT {quoted(str(key.name))}"
                    f" {how}"
                )
            )


def _let_numbers_go_on(connection: Connection, tables: Iterable[Table]) -> None:
    """PostgreSQL counts on from the last id it gave out itself, not from the last that was
    put in.
    """
    if connection.dialect.name == "sqlite":
        return
    quoted = connection.dialect.identifier_preparer.quote
    for table in tables:
        for column in table.primary_key.columns:
            named = {"table": quoted(table.name), "column": column.name}
            sequence = connection.execute(
                sql("SELECT pg_get_serial_sequence(:table, :column)"), named
            ).scalar()
            if sequence:
                last = connection.execute(select(func.max(column))).scalar() or 0
                connection.execute(
                    sql("SELECT setval(:sequence, :next, false)"),
                    {"sequence": sequence, "next": last + 1},
                )
