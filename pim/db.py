"""The database: one object with reading and writing sessions, the declarative base and the column
types.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, cast

import orjson
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from pim import errors
from pim.turns import LOOK_SECONDS, Turn, Turns

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when two connections commit and checkpoint at
# once.
SAFE_SQLITE = (3, 51, 3)

PATIENCE = 60.0
"""Seconds that a writing session waits for others before the database "does not answer"."""
PAGE_PATIENCE = 5.0
"""The same where a person waits for the page."""
BUSY_MILLISECONDS = 5000
"""How long SQLite waits where it may not say "busy" at once: somebody recovers or closes a log."""
TURN = "etalage_turn"
"""Where a connection keeps its place in the queue of writers."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class JsonText(str):
    """A document that is JSON text already."""

    __slots__ = ()

    @classmethod
    def of(cls, value: Any) -> "JsonText":
        return cls(orjson.dumps(value).decode())

    def read(self) -> Any:
        return orjson.loads(str(self))  # it takes no text of another class


class Json(TypeDecorator[Any]):
    """A JSON document as text on both engines, by orjson; no floats in our documents, so nothing is
    rounded. A :class:`JsonText` is stored as it is.
    """

    impl = Text
    cache_ok = True

    @staticmethod
    def stored(value: Any) -> str | None:
        """The text that is stored of a document."""
        if value is None or isinstance(value, JsonText):
            return value
        return orjson.dumps(value).decode()

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return self.stored(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


class Sentence(TypeDecorator[errors.Text]):
    """A sentence with its parts as JSON, so that it is shown in the reader's language and not in
    the writer's.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: errors.Text | None, dialect: Dialect) -> str | None:
        return None if value is None else Json().process_bind_param(value.stored(), dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> errors.Text | None:
        if value is None:
            return None
        return errors.Text.read(Json().process_result_value(value, dialect))


class Utc(TypeDecorator[datetime]):
    """An aware UTC moment on both engines (SQLite returns naive ones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


RowId = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit primary key; under the name INTEGER it is SQLite's own row number and needs no index
beside the table.
"""


class Counter(Base):
    """Numbers handed out in commit order, the same on both engines: ids, the change sequence, the
    structure's version.

    Its row is locked until the commit, so whoever reads "all changes after N" never misses a
    smaller number committed later (which a database sequence would allow).
    """

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


def allocate(session: Session, name: str, count: int) -> int:
    """Take ``count`` numbers; returns the last of them, so they are ``last - count + 1 ..
    last``.
    """
    connection = session.connection()  # several times a batch: without the ORM's bookkeeping
    last: int | None = connection.execute(
        _STEP, {"wanted": name, "count": count}
    ).scalar_one_or_none()
    if last is None:
        connection.execute(_FIRST, {"wanted": name})
        last = connection.execute(_STEP, {"wanted": name, "count": count}).scalar_one()
    return last


def writes_alone(session: Session) -> bool:
    """Whether nobody else can write until the commit, as on SQLite, where nobody waits for turns at
    counters because they wait for the whole database.
    """
    return session.connection().dialect.name == "sqlite"


def wait_for_turn(session: Session, name: str) -> None:
    """Until the commit nobody else gets numbers of this counter, or a turn at it.

    For who looks whether something is free and then takes it: on PostgreSQL two could look at once.
    """
    allocate(session, name, 0)


_COUNTER = Counter.__table__.c
_CURRENT = select(_COUNTER.value).where(_COUNTER.name == bindparam("wanted"))
_STEP = (
    update(cast(Table, Counter.__table__))
    .where(_COUNTER.name == bindparam("wanted"))
    .values(value=_COUNTER.value + bindparam("count"))
    .returning(_COUNTER.value)
)
# Of two who begin a counter at once, on PostgreSQL the second one waits and finds it.
_FIRST = text("INSERT INTO counter (name, value) VALUES (:wanted, 0) ON CONFLICT (name) DO NOTHING")


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a row was refused because there is one with the same key."""
    original: Any = error.orig
    return getattr(original, "sqlstate", None) == "23505" or "UNIQUE" in str(original)


def size_on_disk(session: Session) -> int:
    """Bytes of the database."""
    pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    whole = "SELECT pg_database_size(current_database())"
    is_sqlite = session.connection().dialect.name == "sqlite"
    return int(session.execute(text(pages if is_sqlite else whole)).scalar_one())


def current(session: Session, name: str) -> int:
    """The last number handed out, 0 before the first."""
    return session.execute(_CURRENT, {"wanted": name}).scalar_one_or_none() or 0


class Database:
    """One engine, two kinds of session: reading and writing. Services take a session and never
    commit; edges use these. ``page_patience``: seconds.
    """

    def __init__(self, url: str, page_patience: float = PAGE_PATIENCE) -> None:
        self.engine = open_engine(url)
        self._readers = self.engine.execution_options(etalage_reading=True)
        self._batches = self.engine.execution_options(etalage_gives_way=True)
        self._pages = self.engine.execution_options(etalage_patience=page_patience)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session over one consistent snapshot; nothing it does is kept. It waits for nobody."""
        with Session(self._readers) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits when the block ends well and rolls back when it does not. It waits
        for other writers for a minute at most.
        """
        with _writing(self.engine) as session:
            yield session

    @contextmanager
    def writing_batch(self) -> Iterator[Session]:
        """The same for one of many batches that follow each other: whoever waits to write goes
        first.
        """
        with _writing(self._batches) as session:
            yield session

    @contextmanager
    def writing_page(self) -> Iterator[Session]:
        """The same for a person who waits for the answer: for other writers it waits for seconds
        only.
        """
        with _writing(self._pages) as session:
            yield session

    def owns(self, session: Session) -> bool:
        """Is it one of our sessions, of whichever kind?"""
        bind = session.get_bind()
        return isinstance(bind, Engine) and bind.pool is self.engine.pool

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _writing(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def open_engine(url: str) -> Engine:
    """An engine that keeps our promises: SQLite in WAL with FULL sync and immediate write locks,
    PostgreSQL as it comes.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(url, pool_pre_ping=True, pool_size=20, hide_parameters=True)
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    engine = create_engine(
        url,
        module=_sqlite_module(),
        connect_args={"timeout": 60, "check_same_thread": False},
        hide_parameters=True,
        max_overflow=30,
    )
    file = _SqliteFile(parsed.database or "")
    event.listen(engine, "do_connect", file.check)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "connect", file.remember)
    event.listen(engine, "begin", file.check)
    event.listen(engine, "engine_disposed", file.forget)
    event.listen(engine, "begin", _SqliteBegin(parsed.database))
    event.listen(engine, "checkin", _leave_turn)
    return engine


def _sqlite_module() -> ModuleType:
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return sqlite3
    import pysqlite3

    return pysqlite3.dbapi2  # type: ignore[no-any-return]


# The driver would begin a transaction only at its first change, and without a lock. Then two
# transactions that have both read something both want to write: SQLite lets neither go on, and one
# of them fails at once with "database is locked", however long it was willing to wait. So we say
# BEGIN ourselves, and a transaction that may write says so from the start (BEGIN IMMEDIATE): the
# second one waits, and then reads what the first one has left.
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # A product with its documents is about 2 KB: larger pages waste less of themselves. Only a new
    # file takes the size.
    for pragma in (
        "page_size=8192",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "cache_size=-49152",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class _SqliteFile:
    """The file that an engine works with. Deleted or replaced under it, it would go on taking saves
    that nobody ever sees again.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._known: tuple[int, int] | None = None

    def remember(self, *_: object) -> None:
        self._known = self._identity()

    def forget(self, *_: object) -> None:
        self._known = None

    def check(self, *_: object) -> None:
        if self._known is not None and self._identity() != self._known:
            raise errors.Conflict(
                errors.text(
                    "The database file %(path)s was deleted or replaced while the hub works with"
                    " it. Nothing is saved any more. Stop the hub, put back the file or a backup,"
                    " and start it again.",
                    path=self._path,
                )
            )

    def _identity(self) -> tuple[int, int] | None:
        """None for what is no file."""
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_dev, found.st_ino


class _SqliteBegin:
    """Begins transactions on SQLite: those that may write one after the other."""

    def __init__(self, path: str | None) -> None:
        is_file = path and path != ":memory:"
        self._turns = Turns(f"{path}-waiting" if is_file else "")

    def __call__(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("etalage_reading"):
            connection.exec_driver_sql("BEGIN")
            return
        deadline = time.monotonic() + options.get("etalage_patience", PATIENCE)
        if TURN not in connection.info:
            gives_way = options.get("etalage_gives_way", False)
            turn = connection.info[TURN] = self._turns.queue_up(gives_way=gives_way)
            turn.comes_within(deadline - time.monotonic())
        # SQLite's own waiting looks ever less often, and misses the moment between two batches.
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        try:
            while not _has_begun(connection) and time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS)
            if not _is_begun(connection):
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # fails, in SQLite's own words
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def _has_begun(connection: Connection) -> bool:
    """Whether a writing transaction could be begun now. Only a file that somebody else writes is
    waited for.
    """
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute("BEGIN IMMEDIATE")
    except connection.dialect.loaded_dbapi.OperationalError as error:
        if "locked" in str(error):
            return False
        raise
    return True


def _is_begun(connection: Connection) -> bool:
    driver: Any = connection.connection.dbapi_connection
    return bool(driver.in_transaction)


def _leave_turn(_connection: Any, record: Any) -> None:
    """The connection was given back: whatever it did is committed or taken back."""
    turn: Turn | None = record.info.pop(TURN, None)
    if turn is not None:
        turn.leave()


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("etalage_reading"):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    else:
        patience = round(1000 * options.get("etalage_patience", PATIENCE))
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience}")
