"""A database that somebody else holds for seconds: writers wait their turn, no edit is lost, nobody
sees an error.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from pim import consistency
from pim.products.models import Change, Product
from tests.backup.shop import Hub, url_of
from tests.faults.processes import start
from tests.support.campaigns import times

WRITERS, EDITS, SECONDS = 6, times(10), 3

# Another process with its own transaction, which takes what every writer needs.
HOLDER = """
import sys, time
from sqlalchemy import update
from pim.db import Counter, Database
with Database(sys.argv[1]).writing() as session:
    session.execute(update(Counter).values(value=Counter.value))
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.mark.slow
def test_writers_wait_for_a_lock_and_lose_nothing(hub: Hub) -> None:
    """Every writer makes its own products and all change one and the same."""
    holder = start(HOLDER, url_of(hub.database), str(SECONDS))
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    done = threading.Event()

    def write(writer: int) -> list[str]:
        outcomes = []
        for number in range(EDITS):
            name = f"name {writer}-{number}"
            results = hub.edit(
                {f"L-{writer}-{number}": {"family": "shirts"}, "S-2": {"name-nl_NL": name}}
            )
            done.set()
            outcomes += [result.outcome for result in results]
        return outcomes

    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(write, writer) for writer in range(WRITERS)]
        assert not done.wait(SECONDS / 3)  # they do wait: nobody writes past the lock
        with hub.database.reading() as session:  # readers do not
            assert session.scalar(select(func.count()).where(Product.key.like("l-%"))) == 0
        outcomes = [outcome for one in running for outcome in one.result()]
    holder.communicate()
    assert outcomes == ["created", "updated"] * (WRITERS * EDITS)
    with hub.database.reading() as session:
        assert (
            session.scalar(select(func.count()).where(Product.key.like("l-%"))) == WRITERS * EDITS
        )
        number, version = session.execute(
            select(Product.id, Product.version).where(Product.key == "s-2")
        ).one()
        changes = list(
            session.scalars(
                select(Change.version).where(Change.product_id == number).order_by(Change.id)
            )
        )
    assert changes == list(range(1, version + 1))
    assert consistency.check(hub.database, hub.storage) == []


def test_the_lock_is_felt(hub: Hub) -> None:
    """The twin: a writer that does not wait fails, so the holder above does hold."""
    holder = start(HOLDER, url_of(hub.database), "60")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    impatient = hub.database.engine.connect()
    try:
        is_sqlite = impatient.dialect.name == "sqlite"
        driver = impatient.connection.cursor()
        driver.execute("PRAGMA busy_timeout=100" if is_sqlite else "SET lock_timeout = 100")
        with pytest.raises(impatient.dialect.loaded_dbapi.OperationalError, match="lock"):
            driver.execute("BEGIN IMMEDIATE" if is_sqlite else "UPDATE counter SET value = value")
    finally:
        impatient.invalidate()
        impatient.close()
        holder.kill()
        holder.communicate()
