"""With a broker: Celery carries the id over a real Redis, the row decides."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pim.clock import utc_now
from pim.db import Database
from pim.jobs import queries, service
from pim.jobs.runner import Runner

celery_app = pytest.importorskip(
    "pim.jobs.celery_app", reason="needs the extra “distributed”", exc_type=ImportError
)
ROOT = Path(__file__).resolve().parents[2]

WORKER = """
import sys
from pim.db import Database
from pim.jobs.celery_app import Broker
from pim.jobs.runner import Runner

def work(context, name):
    return {"name": name, "attempt": context.attempt}

broker = Broker(sys.argv[2])
broker.work(Runner(Database(sys.argv[1]), {"work": work}, workers=0, lends=True), concurrency=2)
"""


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory):
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    server = subprocess.Popen(
        [program, "--port", str(port), "--dir", str(folder), "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    wait_until(lambda: is_open(port))
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait()


@pytest.fixture
def broker(redis_url, database):
    made = celery_app.Broker(redis_url)
    end = made.announce_commits(database)
    yield made
    end()
    with made.celery.connection_for_write() as connection:
        connection.default_channel.client.flushall()
    made.celery.close()


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition):
    for _ in range(400):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


def enqueue(database, name):
    with database.writing() as session:
        return service.enqueue(session, "work", {"name": name}, utc_now()).id


def job(database, job_id):
    with database.reading() as session:
        return queries.get(session, job_id)


def waiting(broker):
    with broker.celery.connection_for_read() as connection:
        return connection.default_channel.client.llen("celery")


def start_worker(database, redis_url):
    url = database.engine.url.render_as_string(hide_password=False)
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, url, redis_url],
        cwd=ROOT,
        env=environ,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def test_a_job_goes_over_the_broker_to_another_process(broker, redis_url, database: Database):
    worker = start_worker(database, redis_url)
    job_id = enqueue(database, "over the wire")
    wait_until(lambda: job(database, job_id).state == "done")
    with database.reading() as session:
        assert queries.has_live_worker(session, utc_now())
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert job(database, job_id).result == {"name": "over the wire", "attempt": 1}
    with database.reading() as session:
        assert not queries.has_live_worker(session, utc_now())


def test_only_what_was_committed_is_announced(broker, database: Database):
    def refused(session):
        service.enqueue(session, "work", {}, utc_now())
        raise ValueError

    with pytest.raises(ValueError), database.writing() as session:
        refused(session)
    assert waiting(broker) == 0
    with database.writing() as session:
        service.enqueue(session, "work", {}, utc_now())
        assert waiting(broker) == 0
    assert waiting(broker) == 1


def test_a_broker_that_is_away_loses_no_job_and_is_told_again(
    broker, redis_url, database: Database, clock
):
    clock.now = utc_now()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        away = celery_app.Broker(f"redis://127.0.0.1:{taken.getsockname()[1]}/0")
        away.announce(1)
    with database.writing() as session:
        job_id = service.enqueue(session, "work", {"name": "late"}, clock()).id
    with broker.celery.connection_for_write() as connection:
        connection.default_channel.client.flushall()  # the message is lost
    runner = Runner(
        database, {}, workers=0, clock=clock, poll_seconds=0.02, announce=broker.announce
    )
    runner.start()
    time.sleep(0.2)
    assert waiting(broker) == 0
    clock.advance(seconds=61)
    wait_until(lambda: waiting(broker) == 1)
    runner.stop()
    assert job(database, job_id).state == "queued"
