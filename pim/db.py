"""The database: one object with reading and writing sessions, the declarative base and the column
types.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, cast

import orjson
from sqlalchemy import (
    BigInteger,
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

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None or isinstance(value, JsonText):
            return value
        return orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


class Sentence(TypeDecorator[errors.Text]):
    """A sentence with its parts as JSON, so that it is shown in the reader's language and not in
    the writer's.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: errors.Text | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        parts = {
            name: part if isinstance(part, int | str | float) else str(part)
            for name, part in value.parts.items()
        }
        return Json().process_bind_param([value.msgid, parts], dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> errors.Text | None:
        return None if value is None else errors.Text(*Json().process_result_value(value, dialect))


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


def wait_for_turn(session: Session, name: str) -> None:
    """Until the commit nobody else gets numbers of this counter, or a turn at it.

    For who looks whether something is free and then takes it: on PostgreSQL two could look at once.
    """
    allocate(session, name, 0)


_COUNTER = Counter.__table__.c
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
    return (
        session.execute(select(Counter.value).where(Counter.name == name)).scalar_one_or_none() or 0
    )


class Database:
    """One engine, two kinds of session. Services take a session and never commit; edges use these
    two.
    """

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._readers = self.engine.execution_options(etalage_reading=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session over one consistent snapshot; nothing it does is kept."""
        with Session(self._readers) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits when the block ends well and rolls back when it does not."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """An engine that keeps our promises: SQLite in WAL with FULL sync and immediate write locks,
    PostgreSQL as it comes.
    """
    if make_url(url).get_backend_name() != "sqlite":
        engine = create_engine(url, pool_pre_ping=True, pool_size=20, hide_parameters=True)
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    engine = create_engine(
        url,
        module=_sqlite_module(),
        connect_args={"timeout": 60, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
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
        "busy_timeout=60000",
        "cache_size=-49152",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    reading = connection.get_execution_options().get("etalage_reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Any) -> None:
    if connection.get_execution_options().get("etalage_reading"):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
