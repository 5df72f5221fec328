"""Two transactions at once, of which the second one waits for the first."""

import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from pim.db import Database

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
Step = Callable[[Session], Any]


def race(database: Database, first: Step, second: Step) -> Any:
    """What ``second`` returns, or the error it raises, when it begins before ``first`` commits."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            with database.writing() as session:
                outcome.append(second(session))
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    with database.writing() as session:
        first(session)
        session.flush()
        thread.start()
        _until_it_waits(database, thread)
    thread.join()
    return outcome[0]


def _until_it_waits(database: Database, thread: threading.Thread) -> None:
    """On SQLite a writer waits before it reads, so it does not matter when it begins."""
    if database.engine.dialect.name == "sqlite":
        return
    while thread.is_alive():
        with database.engine.connect() as connection:
            if connection.scalar(text(WAITING)):
                return
        time.sleep(0.01)
