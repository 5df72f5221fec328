"""kill -9 of a real worker process in mid job: the work is taken up again, each step of it is kept
once, and nothing hangs.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from pim.clock import utc_now
from pim.db import Database
from pim.jobs import queries, service
from pim.jobs.models import Job
from pim.jobs.runner import Runner
from tests.support.campaigns import times

ROOT = Path(__file__).resolve().parents[2]
LEASE = 1.0

# The step and what it did are one transaction, as in an import: the slot stands for the row cursor.
WORKER = """
import sys, time
from pim.db import Database
from pim.jobs import service
from pim.jobs.runner import Runner

def work(context, steps, name):
    for step in range(steps):
        with context.database.writing() as session:
            context.guard(session)
            service.enqueue(session, "step", {}, context.clock(), slot=f"{name}: step {step}")
        context.progress(step + 1, steps)
        print(step, flush=True)
        time.sleep(0.02)
    return {"attempt": context.attempt}

def deadly(context):
    print("dying", flush=True)
    time.sleep(60)

handlers = {"work": work, "deadly": deadly}
runner = Runner(Database(sys.argv[1]), handlers, workers=1, lease_seconds=1.0, poll_seconds=0.02)
runner.start()
time.sleep(60)
"""


def worker(database):
    url = database.engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_after(process, lines):
    for _ in range(lines):
        assert process.stdout.readline()
    kill(process)


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def wait_for(database, job_id, state):
    for _ in range(400):
        with database.reading() as session:
            job = queries.get(session, job_id)
        if job.state == state:
            return job
        time.sleep(0.05)
    raise AssertionError(f"the job never was {state}")


def test_a_killed_job_is_resumed_and_every_step_is_there_once(database: Database):
    jobs = times(1)
    for number in range(jobs):
        with database.writing() as session:
            arguments = {"steps": 40, "name": str(number)}
            job_id = service.enqueue(session, "work", arguments, utc_now()).id
        kill_after(worker(database), 7)
        with database.reading() as session:
            assert queries.get(session, job_id).state == "running"
        heir = worker(database)
        done = wait_for(database, job_id, "done")
        kill(heir)
        assert done.result == {"attempt": 2}
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Job.kind == "step")) == 40 * jobs


def test_a_job_that_kills_its_worker_three_times_fails_loudly(database: Database):
    with database.writing() as session:
        job_id = service.enqueue(session, "deadly", {}, utc_now()).id
    for _ in range(3):
        kill_after(worker(database), 1)
    time.sleep(LEASE)
    Runner(database, {"deadly": lambda context: None}).run_until_idle()
    failed = wait_for(database, job_id, "failed")
    assert str(failed.error) == "The worker died at step 0; that was attempt 3."
