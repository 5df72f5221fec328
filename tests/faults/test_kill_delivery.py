"""P6 and P8 under kill -9: a partner never has half a file, and what was to be delivered arrives,
under the id that it had.
"""

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pim.deliveries import queries, secrets
from pim.deliveries.models import Delivery
from pim.feeds import service as feeds
from pim.feeds.delivering import target_of, vault_of
from tests.backup.shop import FEED, NOW, Hub, url_of
from tests.deliveries.servers import HOST, PASSWORD, USER, sftp_server
from tests.faults.processes import killed, start
from tests.support.campaigns import times

ROUNDS = times(2)
DEATHS = 2
"""Of workers in one delivery: after a third a job has failed, and says so."""
NAME = "till.csv"

WORKER = """
import sys, time
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from pim.deliveries.shipment import WatchedFile
from pim.job_kinds import handlers, tidy
from pim.jobs.runner import Runner
from tests.backup.shop import open_hub

def slowly(self):
    while piece := self.read(64):
        yield piece
        time.sleep(0.001)
WatchedFile.pieces = slowly

hub = open_hub(Path(sys.argv[1]), sys.argv[2])
settings = replace(hub.settings, allowed_networks=(ip_network("127.0.0.0/8"),))
clock = lambda: datetime.fromisoformat(sys.argv[3])
print("ready", flush=True)
Runner(hub.database, handlers(settings, hub.storage), clock=clock, tidy=tidy).run_until_idle()
print("done", flush=True)
"""


def delivery(hub: Hub) -> Delivery:
    with hub.database.reading() as session:
        found = queries.last_delivery(session, "till", "noord")
    assert found is not None
    return found


def arguments(hub: Hub, now: datetime) -> tuple[str, str, str]:
    """What a worker is started with."""
    return str(hub.settings.home), url_of(hub.database), now.isoformat()


@pytest.mark.slow
def test_a_delivery_survives_a_kill(hub: Hub, tmp_path: Path) -> None:
    chance = random.Random(3)
    now = NOW
    with sftp_server(tmp_path / "sftp") as server:
        target = {
            "kind": "sftp",
            "host": HOST,
            "port": server.port,
            "user": USER,
            "host_key": server.public,
        }
        with hub.database.writing() as session:
            definition = {**FEED, "deliveries": {"noord": target}}
            feed = feeds.define(session, "till", definition, NOW)
            read = target_of(feed, "noord")
            secrets.keep(session, vault_of(hub.settings), "till", read, PASSWORD)
        whole: set[bytes | None] = {None}
        for number in range(ROUNDS):
            hub.edit({"S-2": {"price-EUR": f"{number + 1}.00"}})
            hub.run_feed()
            whole.add(hub.published()[1])
            key = delivery(hub).key
            for _ in range(DEATHS):
                killed(WORKER, *arguments(hub, now), chance=chance, within=0.4)
                assert server.file(NAME) in whole
                now += timedelta(hours=4)
            start(WORKER, *arguments(hub, now)).communicate()
            now += timedelta(hours=4)
            last = delivery(hub)
            assert (last.state, last.key) == ("delivered", key), last.error
            assert server.file(NAME) == hub.published()[1]
            assert server.names() == [NAME]
