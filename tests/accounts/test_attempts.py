"""Attempts are counted for all who count at once, and forgotten when no limit looks back so far."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from pim.accounts.attempts import admit, attempts_since
from pim.accounts.models import Attempt
from pim.db import Database

MINUTE = timedelta(minutes=1)


def test_so_many_are_admitted_in_a_window_that_moves(database: Database, clock: Callable) -> None:
    start = clock()

    def tried(seconds: int) -> bool:
        now = start + timedelta(seconds=seconds)
        with database.writing() as session:
            return admit(session, "ann", 2, now - MINUTE, now)

    assert [tried(second) for second in (0, 30, 40, 59, 60, 61, 89, 90)] == [
        *(True, True, False, False),
        *(True, False, False, True),
    ]
    with database.writing() as session:
        assert admit(session, "bob", 2, start - MINUTE, start)
        window = attempts_since(session, "ann", start + timedelta(seconds=45))
    assert (window.count, window.first) == (2, start + MINUTE)


def test_of_many_at_once_no_more_are_admitted(database: Database, clock: Callable) -> None:
    now = clock()

    def tried(_: int) -> bool:
        with database.writing() as session:
            return admit(session, "ann", 5, now - MINUTE, now)

    with ThreadPoolExecutor(12) as threads:
        assert sum(threads.map(tried, range(12))) == 5
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 5
