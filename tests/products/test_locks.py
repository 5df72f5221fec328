"""Many people and an import write the variants of one model at once: on PostgreSQL nobody waits for
somebody who waits for him.
"""

from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import text

from pim.db import Database
from pim.products import service
from pim.products.change import ProductInput
from tests.products.conftest import STRUCTURE
from tests.support.hub import HUB, StrictHubDriver

ROUNDS = 25


@pytest.fixture
def shirts(postgresql_database: Database, clock: Any) -> StrictHubDriver:
    shop = StrictHubDriver(postgresql_database, clock)
    shop.restructure(STRUCTURE)
    shop.model("m", {"family": "shirts", "family_variant": "by_color_size"})
    for color in ("red", "blue", "green"):
        shop.model(f"m-{color}", {"parent": "m", "color": color})
        for size in ("s", "m", "l"):
            shop.edit(f"m-{color}-{size}", {"parent": f"m-{color}", "size": size})
    return shop


def test_writers_of_one_model_do_not_wait_for_each_other_in_a_circle(
    shirts: StrictHubDriver,
) -> None:
    """Each writes other variants, and every save locks the whole model."""
    names = [f"m-{color}-{size}" for color in ("red", "blue", "green") for size in ("s", "m", "l")]
    batches = [names[:3], names[8:], names[4:5], names]
    start, failed = Barrier(len(batches)), []

    def write(identifiers: list[str]) -> None:
        for number in range(ROUNDS):
            start.wait()
            edits = [
                ProductInput(one, {"notes": f"{len(identifiers)}.{number}"}) for one in identifiers
            ]
            try:
                with shirts.database.writing() as session:
                    service.write(session, edits, HUB, shirts.clock())
            except Exception as error:
                failed.append(type(error).__name__)

    threads = [Thread(target=write, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with shirts.database.reading() as session:
        asked = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert session.scalar(asked) == 0
