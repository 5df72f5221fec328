"""The database: what is written is kept and synced, what is read is one snapshot, and writers wait
instead of failing.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, select, update
from sqlalchemy.orm import Session

from pim.db import SAFE_SQLITE, Database, Json, Utc

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", Utc),
    Column("document", Json),
)


@pytest.fixture
def thing_database(database: Database) -> Database:
    things.create(database.engine)
    return database


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(things)) or 0


def test_what_is_written_is_kept(thing_database: Database) -> None:
    with thing_database.writing() as session:
        session.execute(things.insert().values(id=1))
    with thing_database.reading() as session:
        assert how_many(session) == 1


def test_each_test_has_a_database_of_its_own(thing_database: Database) -> None:
    with thing_database.reading() as session:
        assert how_many(session) == 0


def test_a_failure_keeps_nothing(thing_database: Database) -> None:
    def write_and_fail() -> None:
        with thing_database.writing() as session:
            session.execute(things.insert().values(id=1))
            raise OSError("away")

    with pytest.raises(OSError, match="away"):
        write_and_fail()
    with thing_database.reading() as session:
        assert how_many(session) == 0


def test_a_reader_sees_one_moment(thing_database: Database) -> None:
    with thing_database.reading() as reader:
        assert how_many(reader) == 0
        with thing_database.writing() as writer:
            writer.execute(things.insert().values(id=1))
        assert how_many(reader) == 0


def test_threads_that_read_and_then_write_wait_for_each_other(thing_database: Database) -> None:
    """With the driver's own deferred BEGIN most of these end in "database is locked"; without locks
    some additions get lost.
    """
    with thing_database.writing() as session:
        session.execute(things.insert().values(id=1, document={"count": 0}))

    def add_one(_turn: int) -> None:
        with thing_database.writing() as session:
            document = session.execute(
                select(things.c.document).where(things.c.id == 1).with_for_update()
            ).scalar_one()
            session.execute(
                update(things)
                .where(things.c.id == 1)
                .values(document={"count": document["count"] + 1})
            )

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_one, range(80)))
    with thing_database.reading() as session:
        assert session.scalar(select(things.c.document)) == {"count": 80}


def test_moments_and_documents_come_back_as_they_went_in(thing_database: Database) -> None:
    summer = datetime(2026, 7, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    document = {
        "name-nl_NL": "Fiets “é” 🚲",
        "price-EUR": "12.50",
        "colors": ["red"],
        "sold": False,
    }
    with thing_database.writing() as session:
        session.execute(things.insert().values(id=1, at=summer, document=document))
    with thing_database.reading() as session:
        at, found = session.execute(select(things.c.at, things.c.document)).one()
    assert (at, at.tzinfo, found) == (summer, UTC, document)


def test_sqlite_syncs_before_it_answers(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())
        assert tuple(int(part) for part in version.split(".")) >= SAFE_SQLITE
