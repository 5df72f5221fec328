"""A database file that was deleted or replaced under a hub at work: nothing is "saved" any more."""

from collections.abc import Callable
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from pim.db import Database, allocate
from pim.errors import Conflict


def path_of(database: Database) -> Path:
    return Path(database.engine.url.database or "")


def write(database: Database) -> None:
    with database.writing() as session:
        allocate(session, "saves", 1)


def read(database: Database) -> None:
    with database.reading() as session:
        session.connection()


def replace(path: Path) -> None:
    copyfile(path, path.with_suffix(".copy"))
    path.with_suffix(".copy").replace(path)


@pytest.mark.parametrize("lose", [Path.unlink, replace])
def test_nothing_is_read_from_it_or_written_to_it(
    sqlite_database: Database, lose: Callable[[Path], Any]
) -> None:
    write(sqlite_database)
    with sqlite_database.reading() as session:
        session.connection()  # one connection is in use, so the next one is a new one
        lose(path_of(sqlite_database))
        there = path_of(sqlite_database).exists()
        for use in (write, read):
            with pytest.raises(Conflict, match="deleted or replaced"):
                use(sqlite_database)
    with pytest.raises(Conflict, match="Nothing is saved any more"):
        write(sqlite_database)
    assert path_of(sqlite_database).exists() == there


def test_who_closed_the_database_first_may_open_another(sqlite_database: Database) -> None:
    write(sqlite_database)
    sqlite_database.close()
    replace(path_of(sqlite_database))
    write(sqlite_database)
