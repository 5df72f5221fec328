"""The `database` fixture itself: empty, separate, and what a reading session writes is not kept."""

from sqlalchemy import Column, Integer, MetaData, Table, func, select

from pim.db import Database

things = Table("things", MetaData(), Column("id", Integer, primary_key=True))


def test_a_writing_session_is_kept_and_a_reading_one_sees_it(database: Database) -> None:
    things.create(database.engine)
    with database.writing() as session:
        session.execute(things.insert().values(id=1))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(things)) == 1


def test_each_test_has_a_database_of_its_own(database: Database) -> None:
    things.create(database.engine)  # fails where the table of the test above is still there
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(things)) == 0
