"""P5 under kill -9: the file that the published pointer names is whole at every moment, and the
next build just works.
"""

import random

import pytest

from pim import consistency
from pim.feeds import maintenance as upkeep
from tests.backup.shop import Hub, url_of
from tests.faults.processes import killed
from tests.support.campaigns import times

ROUNDS = times(8)

BUILDER = """
import sys
from pathlib import Path
from tests.backup.shop import open_hub
hub = open_hub(Path(sys.argv[1]), sys.argv[2])
for number in range(1, 1_000_000):
    hub.edit({"S-2": {"price-EUR": f"{int(sys.argv[3])}.{number % 100:02}"}})
    hub.run_feed()
    print(number, flush=True)
"""
# The twin: the file arrives a moment after the pointer was moved to it.
CARELESS = (
    """
import threading, time
from media.storage import Storage
put = Storage.put_file
def put_later(self, key, source):
    data = source.read_bytes()
    threading.Thread(target=lambda: (time.sleep(0.05), self.put(key, data)), daemon=True).start()
Storage.put_file = put_later
"""
    + BUILDER
)


def broken(hub: Hub, script: str, round_: int, chance: random.Random) -> bool:
    """Kill a builder at work; is the published feed broken?"""
    killed(
        script,
        str(hub.settings.home),
        url_of(hub.database),
        str(round_),
        chance=chance,
        lines=2,
        within=0.15,
    )
    with hub.database.reading() as session:
        return bool(upkeep.broken(session, hub.storage))


@pytest.mark.slow
def test_a_published_feed_is_whole_after_a_kill(hub: Hub) -> None:
    chance = random.Random(2)
    for number in range(ROUNDS):
        assert not broken(hub, BUILDER, number, chance)
        hub.run_feed()
        incremental = hub.published()
        assert hub.run_feed(full=True).state == "unchanged"
        assert hub.published() == incremental
    assert consistency.check(hub.database, hub.storage) == []


@pytest.mark.slow
def test_a_file_that_comes_after_its_pointer_is_found_out(hub: Hub) -> None:
    chance = random.Random(2)
    assert any(broken(hub, CARELESS, number, chance) for number in range(30))
