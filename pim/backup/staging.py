"""An empty database beside the hub's own, which takes its place in one move when it is ready.

On SQLite a second file that is renamed; on PostgreSQL a second schema whose tables move in one
transaction.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copymode

from sqlalchemy import URL, Connection, inspect, make_url
from sqlalchemy import text as sql

from media.storage import sync_folder
from pim.backup.tables import is_left_out
from pim.db import Base, Database
from pim.errors import Conflict, text
from pim.migrate import load_models


@contextmanager
def beside(address: str) -> Iterator[Database]:
    """The new database, which replaces the one at ``address`` when the block ends well and is gone
    when it does not.
    """
    url = make_url(address)
    with _file_beside(url) if url.get_backend_name() == "sqlite" else _schema_beside(url) as new:
        yield new


@contextmanager
def _file_beside(url: URL) -> Iterator[Database]:
    path = Path(url.database or "")
    new = path.with_name(f"{path.name}.restoring")
    _settle(url, path)
    _remove(new)
    try:
        with closing(_database(url.set(database=str(new)))) as database:
            yield database
        _settle(url, path)
        if path.exists():
            copymode(path, new)
        new.replace(path)
    finally:
        _remove(new)
    sync_folder(path.parent)


def _settle(url: URL, path: Path) -> None:
    """Bring the old database's write-ahead log into its file and be rid of it: beside the new file
    it would be poison.

    SQLite does so when it leaves the WAL mode, and refuses while any other connection is open, of
    whatever process: who still had the old file open would later delete the new one's log. A
    database too broken for that loses nothing that could still be read.
    """
    if path.exists():
        with closing(_database(url)) as old:
            try:
                driver = old.engine.raw_connection()
                driver.cursor().execute("PRAGMA busy_timeout=2000")
                driver.cursor().execute("PRAGMA journal_mode=DELETE")
                driver.close()
            except old.engine.dialect.loaded_dbapi.DatabaseError as error:
                if "locked" in str(error):
                    raise Conflict(
                        text("The database is in use. Stop the server and its workers.")
                    ) from error
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-waiting"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextmanager
def _schema_beside(url: URL) -> Iterator[Database]:
    load_models()
    with closing(_database(url)) as old:
        with old.engine.begin() as connection:
            home = connection.execute(sql("SELECT current_schema()")).scalar_one()
            _refuse_strangers(connection)
            _drop(connection, _beside(home))
            connection.execute(sql(f"CREATE SCHEMA {_quoted(connection, _beside(home))}"))
        options = f"{url.query.get('options', '')} -csearch_path={_beside(home)}".strip()
        try:
            with closing(_database(url.update_query_dict({"options": options}))) as database:
                yield database
            with old.engine.begin() as connection:
                _move(connection, _beside(home), home)
        finally:
            with old.engine.begin() as connection:
                _drop(connection, _beside(home))


def _move(connection: Connection, source: str, target: str) -> None:
    _refuse_strangers(connection)
    found = inspect(connection)
    for name in found.get_table_names(target):
        connection.execute(sql(f"DROP TABLE {_quoted(connection, target, name)} CASCADE"))
    for name in found.get_table_names(source):
        connection.execute(
            sql(
                f"ALTER TABLE {_quoted(connection, source, name)} SET SCHEMA"
                f" {_quoted(connection, target)}"
            )
        )


def _refuse_strangers(connection: Connection) -> None:
    """Tables that this version does not know would be dropped, or would be in the way of a later
    upgrade.
    """
    strangers = [
        name
        for name in inspect(connection).get_table_names()
        if name not in Base.metadata.tables and not is_left_out(name)
    ]
    if strangers:
        raise Conflict(
            text(
                "The database holds tables of somebody else or of a later version: %(names)s."
                " Restore into a database of its own.",
                names=", ".join(sorted(strangers)),
            )
        )


def _drop(connection: Connection, schema: str) -> None:
    connection.execute(sql(f"DROP SCHEMA IF EXISTS {_quoted(connection, schema)} CASCADE"))


def _beside(schema: str) -> str:
    return f"{schema}_restoring"


def _quoted(connection: Connection, *names: str) -> str:
    return ".".join(connection.dialect.identifier_preparer.quote(name) for name in names)


def _database(url: URL) -> Database:
    return Database(url.render_as_string(hide_password=False))
