"""Writers of SQLite go one after the other, and whoever waits goes before the next batch."""

import threading
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from pim import turns
from pim.db import Counter, Database, allocate
from pim.turns import Turns
from tests.backup.shop import url_of
from tests.faults.processes import start

BATCHES = 12
# Batches that follow each other without a pause, each as long as one of an import.
WRITER = """
import sys, time
from pim.db import Database, allocate
database = Database(sys.argv[1])
for number in range(int(sys.argv[2])):
    with database.writing_batch() as session:
        allocate(session, "batches", 1)
        time.sleep(0.1)
    print("batch", flush=True)
"""


def save(database: Database) -> int:
    """Save something; how many batches were written before it."""
    with database.writing_page() as session:
        allocate(session, "saves", 1)
        return session.scalar(select(Counter.value).where(Counter.name == "batches")) or 0


def test_saves_come_between_the_batches_of_another_process(database: Database) -> None:
    """With SQLite's own waiting they came when all batches were done."""
    save(database)
    process = start(WRITER, url_of(database), str(BATCHES))
    assert process.stdout is not None
    assert process.stdout.readline() == "batch\n"
    seen = [save(database) for _ in range(4)]
    process.communicate()
    assert seen[-1] < BATCHES


def test_who_came_first_goes_first() -> None:
    queue = Turns("")
    first, second, third = (queue.queue_up(gives_way=False) for _ in range(3))
    assert [one.has_come.is_set() for one in (first, second, third)] == [True, False, False]
    second.leave()  # it has waited long enough
    first.leave()
    assert third.has_come.is_set()


def test_a_batch_lets_the_saves_of_other_processes_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two queues over one file are what two processes have."""
    monkeypatch.setattr(turns, "COURTESY_SECONDS", 60)
    here, there = (Turns(str(tmp_path / "waiting")) for _ in range(2))
    save, order = here.queue_up(gives_way=False), []

    def write_batch() -> None:
        there.queue_up(gives_way=True).leave()
        order.append("batch")

    thread = threading.Thread(target=write_batch)
    thread.start()
    sleep(0.05)
    order.append("save")
    save.leave()
    thread.join()
    assert order == ["save", "batch"]


def test_saves_without_end_do_not_stop_an_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "COURTESY_SECONDS", 0.01)
    here, there = (Turns(str(tmp_path / "waiting")) for _ in range(2))
    here.queue_up(gives_way=False)
    assert there.queue_up(gives_way=True).has_come.is_set()


def test_a_page_waits_for_seconds_and_its_connection_is_free_again(database: Database) -> None:
    hurried = Database(url_of(database), page_patience=0.1)
    save(database)
    with database.writing() as session:
        allocate(session, "saves", 1)
        for _ in range(3):
            with pytest.raises(OperationalError, match="lock"):
                save(hurried)
    assert save(hurried) == 0
    hurried.close()
