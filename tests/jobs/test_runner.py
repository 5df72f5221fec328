"""The runner with real threads: results, failures, cancelling, shutting down, a database that goes
away.
"""

import contextlib
import errno
import threading
import time
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from pim.clock import utc_now
from pim.db import Database
from pim.errors import EtalageError, Invalid, NotFound, Unavailable, text
from pim.jobs import queries, schedules, service
from pim.jobs.runner import Runner


def enqueue(database, kind="work", **args):
    with database.writing() as session:
        return service.enqueue(session, kind, args, utc_now()).id


def job(database, job_id):
    with database.reading() as session:
        return queries.get(session, job_id)


def running(database):
    with database.reading() as session:
        return queries.running(session)


def until(condition):
    """Wait for something another thread does; a test that waits for ever is ended here."""
    for _ in range(400):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


def run(database, handler, clock=utc_now, **args):
    job_id = enqueue(database, **args)
    Runner(database, {"work": handler}, clock=clock).run_until_idle()
    return job(database, job_id)


def test_a_job_runs_with_its_arguments_and_keeps_its_result(database: Database):
    def handler(context, feed, full):
        context.progress(7, 7, text("%(count)s items", count=7))
        return {"feed": feed, "full": full, "attempt": context.attempt}

    done = run(database, handler, feed="google_nl", full=True)
    assert done.state == "done"
    assert done.result == {"feed": "google_nl", "full": True, "attempt": 1}
    assert (done.progress_done, done.progress_total, str(done.progress_text)) == (7, 7, "7 items")


def test_the_handler_works_in_its_own_transactions(database: Database):
    def handler(context):
        with context.database.writing() as session:
            service.enqueue(session, "other", {}, context.clock())
            context.guard(session)

    assert run(database, handler).state == "done"
    with database.reading() as session:
        assert [one.kind for one in queries.running(session)] == ["other"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NotFound(text("There is no feed “%(slug)s”.", slug="x")), "There is no feed “x”."),
        (Invalid({"sku": [text("100% wrong".replace("%", "%%"))]}), "sku: 100% wrong"),
        (
            ZeroDivisionError("secret"),
            (
                "Something went wrong that nobody foresaw (ZeroDivisionError); the log has the"
                " details."
            ),
        ),
    ],
)
def test_a_failure_has_a_sentence_and_is_not_repeated(database: Database, error, sentence):
    def handler(context):
        raise error

    failed = run(database, handler)
    assert (failed.state, str(failed.error), failed.attempts) == ("failed", sentence, 1)


def test_wrong_arguments_and_results_that_are_no_json_fail_at_once(database: Database):
    assert run(database, lambda context: None, nobody_knows=1).state == "failed"
    assert run(database, lambda context: {"a": object()}).state == "failed"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            OperationalError("SELECT 1", {}, Exception("database is locked")),
            "did not answer (OperationalError)",
        ),
        (
            OperationalError("SELECT 1", {}, Exception("database or disk is full")),
            "The disk is full.",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full."),
        (ConnectionResetError(), "did not answer (ConnectionResetError)"),
        (Unavailable("The storage does not answer."), "The storage does not answer."),
    ],
)
def test_what_may_pass_is_tried_again(database: Database, clock, error, sentence):
    calls = []

    def handler(context):
        calls.append(context.attempt)
        if len(calls) < 3:
            raise error
        return {"tries": len(calls)}

    with database.writing() as session:
        job_id = service.enqueue(session, "work", {}, clock()).id
    runner = Runner(database, {"work": handler}, clock=clock)
    assert runner.run_until_idle() == 1
    waiting = job(database, job_id)
    assert waiting.state == "queued"
    assert sentence in str(waiting.error)
    clock.advance(seconds=10)
    assert runner.run_until_idle() == 1
    clock.advance(seconds=59)
    assert runner.run_until_idle() == 0
    clock.advance(seconds=1)
    assert runner.run_until_idle() == 1
    done = job(database, job_id)
    assert (done.state, done.result, done.error, calls) == ("done", {"tries": 3}, None, [1, 2, 3])


def test_a_handler_that_catches_our_errors_does_not_swallow_the_interruption(database: Database):
    def handler(context):
        with database.writing() as session:
            service.cancel(session, context.job_id, utc_now())
        until(context.cancelled)
        with contextlib.suppress(EtalageError):
            context.progress(1, 2)

    assert run(database, handler).state == "cancelled"


def test_threads_run_what_comes_and_queue_what_is_due(database: Database, clock):
    ran, clock.now = [], utc_now()
    with database.writing() as session:
        schedules.plan(
            session, "nightly", "work", {"name": "from the schedule"}, "* * * * *", "UTC", clock()
        )
    runner = Runner(
        database, {"work": lambda context, name: ran.append(name)}, clock=clock, poll_seconds=0.02
    )
    runner.start()
    for number in range(20):
        with database.writing() as session:
            service.enqueue(session, "work", {"name": number}, clock())
    until(
        lambda: len(ran) == 20 and not running(database)
    )  # a minute on, a job not yet written down as done would be taken over
    with database.reading() as session:
        assert queries.has_live_worker(session, clock())
    clock.advance(minutes=1)
    until(lambda: len(ran) == 21)
    runner.stop()
    assert sorted(ran[:20]) == list(range(20))
    assert ran[20] == "from the schedule"
    with database.reading() as session:
        assert not queries.has_live_worker(session, clock())


def test_two_processes_worth_of_schedulers_and_workers_run_every_slot_once(
    database: Database, clock
):
    """Ten schedules, ten minutes, two runners with two workers each: a hundred runs, no more."""
    ran, clock.now = [], utc_now().replace(second=30, microsecond=0)
    with database.writing() as session:
        for number in range(10):
            schedules.plan(
                session, f"feed_{number}", "work", {"feed": number}, "* * * * *", "UTC", clock()
            )

    def handler(context, feed):
        with context.database.reading() as session:
            ran.append(queries.get(session, context.job_id).slot)

    runners = [
        Runner(database, {"work": handler}, 2, clock, lease_seconds=7200, poll_seconds=0.02)
        for _ in range(2)
    ]
    for runner in runners:
        runner.start()
    for minute in range(1, 11):
        clock.advance(minutes=1)
        until(lambda minute=minute: len(ran) >= minute * 10)
    for runner in runners:
        runner.stop()
    assert len(ran) == 100
    assert len(set(ran)) == 100


def test_a_lease_begins_when_the_database_was_free(sqlite_database: Database, clock):
    """A worker that waited for the write lock longer than a lease must not get one that is over
    already.
    """
    left = []

    def handler(context):
        left.append(job(sqlite_database, context.job_id).lease_until - clock())

    with sqlite_database.writing() as session:
        service.enqueue(session, "work", {}, clock())
    worker = threading.Thread(
        target=Runner(sqlite_database, {"work": handler}, clock=clock, lease_seconds=30).run_one
    )
    with sqlite_database.writing() as session:
        session.connection()
        worker.start()
        time.sleep(0.5)
        clock.advance(minutes=1)
    worker.join()
    assert [span.total_seconds() for span in left] == [30]


def test_a_long_job_keeps_its_lease(database: Database):
    """It runs three times as long as its lease, and the second worker never gets it."""
    runs = []

    def handler(context):
        runs.append(context.attempt)
        time.sleep(1.5)

    runner = Runner(database, {"work": handler}, workers=2, lease_seconds=0.5, poll_seconds=0.02)
    job_id = enqueue(database)
    runner.start()
    until(lambda: job(database, job_id).state == "done")
    runner.stop()
    assert runs == [1]


def test_a_running_job_is_cancelled_in_mid_work(database: Database):
    steps = []

    def handler(context):
        for number in range(10_000):
            steps.append(number)
            context.progress(number, 10_000)
            time.sleep(0.01)

    runner = Runner(database, {"work": handler}, workers=1, lease_seconds=1, poll_seconds=0.02)
    job_id = enqueue(database)
    runner.start()
    until(lambda: len(steps) > 3)
    with database.writing() as session:
        service.cancel(session, job_id, utc_now())
    until(lambda: job(database, job_id).state == "cancelled")
    runner.stop()
    assert len(steps) < 10_000


def test_stopping_gives_the_job_back_and_the_next_worker_ends_it(database: Database):
    begun = threading.Event()

    def slow(context):
        begun.set()
        while not context.cancelled():
            time.sleep(0.01)
        context.check()

    job_id = enqueue(database)
    runner = Runner(database, {"work": slow}, workers=1, poll_seconds=0.02)
    runner.start()
    assert begun.wait(20)
    runner.stop()
    given_back = job(database, job_id)
    assert (given_back.state, given_back.attempts, given_back.error) == ("queued", 0, None)
    Runner(database, {"work": lambda context: {"attempt": context.attempt}}).run_until_idle()
    assert job(database, job_id).result == {"attempt": 1}


def test_a_worker_that_lost_its_job_publishes_nothing_and_leaves_it_alone(
    database: Database, clock
):
    def handler(context):
        clock.advance(minutes=5)  # the machine slept
        with database.writing() as session:
            service.claim(session, ["work"], clock())
        with database.writing() as session:
            service.enqueue(session, "published", {}, clock())
            context.guard(session)

    with database.writing() as session:
        job_id = service.enqueue(session, "work", {}, clock()).id
    Runner(database, {"work": handler}, clock=clock, lease_seconds=240).run_one()
    with database.reading() as session:
        assert [one.kind for one in queries.running(session)] == ["work"]
    assert (job(database, job_id).state, job(database, job_id).attempts) == ("running", 2)


def test_a_database_that_is_away_for_a_while_does_not_end_the_threads(
    sqlite_database: Database, tmp_path
):
    ran = []
    runner = Runner(
        sqlite_database, {"work": lambda context: ran.append(1)}, workers=1, poll_seconds=0.02
    )
    runner.start()
    enqueue(sqlite_database)
    until(lambda: len(ran) == 1)
    with sqlite_database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE job RENAME TO gone")
    time.sleep(0.3)
    with sqlite_database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE gone RENAME TO job")
    enqueue(sqlite_database)
    until(lambda: len(ran) == 2)
    runner.stop()
    assert ran == [1, 1]


@pytest.mark.parametrize(
    ("options", "runs"),
    [({"workers": 0}, False), ({"workers": 1}, True), ({"workers": 0, "lends": True}, True)],
)
def test_only_who_runs_jobs_counts_as_a_worker(database: Database, options: Any, runs: bool):
    """The scheduler of a server without workers, or with a broker, only plans them. It is alive all
    the same: a backup is not put back under it.
    """
    runner = Runner(database, {"work": lambda context: None}, poll_seconds=0.02, **options)
    runner.start()
    until(lambda: alive(database)[0])
    assert alive(database) == (True, runs)
    runner.stop()
    assert alive(database) == (False, False)


def alive(database: Database) -> tuple[bool, bool]:
    with database.reading() as session:
        return queries.is_served(session, utc_now()), queries.has_live_worker(session, utc_now())
