"""The verbs of the queue: who gets a job, who may still write, and how a job ends."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from pim.db import Database
from pim.errors import Conflict, NotFound, text
from pim.jobs import queries, service
from pim.jobs.models import Job

KINDS = ("feed", "import")


def enqueue(database, clock, **more):
    with database.writing() as session:
        return service.enqueue(session, "feed", {"feed": "google_nl"}, clock(), **more).id


def claim(database, clock, lease_seconds=10.0):
    with database.writing() as session:
        job = service.claim(session, KINDS, clock(), lease_seconds)
        return None if job is None else (job.id, job.token)


def state(database, job_id):
    with database.reading() as session:
        return queries.get(session, job_id).state


def test_a_job_goes_from_queued_to_done(database: Database, clock):
    job_id = enqueue(database, clock, by="mies@example.com")
    assert state(database, job_id) == "queued"
    key = claim(database, clock)
    assert key[0] == job_id
    assert state(database, job_id) == "running"
    clock.advance(seconds=4)
    with database.writing() as session:
        service.progress(session, *key, 3, 12, text("Row %(row)s", row=3), clock())
    clock.advance(seconds=4)
    with database.reading() as session:
        job = queries.get(session, job_id)
        assert (job.progress_done, job.progress_total, str(job.progress_text)) == (3, 12, "Row 3")
        assert queries.time_left(job, clock()) == timedelta(seconds=24)
    with database.writing() as session:
        service.finish(session, *key, {"items": 12}, clock())
    with database.reading() as session:
        job = queries.get(session, job_id)
        assert (job.state, job.result, job.requested_by, job.attempts) == (
            "done",
            {"items": 12},
            "mies@example.com",
            1,
        )
        assert job.finished - job.created == timedelta(seconds=8)


def test_a_rolled_back_request_leaves_no_job(database: Database, clock):
    def request(session):
        service.enqueue(session, "feed", {}, clock())
        raise Conflict("the product was not saved after all")

    with pytest.raises(Conflict), database.writing() as session:
        request(session)
    assert claim(database, clock) is None


def test_jobs_of_one_turn_run_one_after_the_other_in_their_order(database: Database, clock):
    first, second = (enqueue(database, clock, turn="profile:erp") for _ in range(2))
    other, free = enqueue(database, clock, turn="profile:shop"), enqueue(database, clock)
    held = claim(database, clock)
    assert held[0] == first
    assert [claim(database, clock)[0] for _ in range(2)] == [other, free]
    assert claim(database, clock) is None
    with database.writing() as session:  # the first one waits for its second attempt
        service.retry(session, *held, text("The disk is full."), clock())
    assert claim(database, clock) is None
    clock.advance(minutes=2)
    held = claim(database, clock)
    assert held[0] == first
    with database.writing() as session:
        service.finish(session, *held, None, clock())
    assert claim(database, clock)[0] == second


def test_the_job_of_a_dead_worker_goes_before_those_behind_it(database: Database, clock):
    first, second = (enqueue(database, clock, turn="profile:erp") for _ in range(2))
    assert claim(database, clock)[0] == first
    clock.advance(seconds=11)
    again = claim(database, clock)
    assert again[0] == first
    assert claim(database, clock) is None
    with database.writing() as session:
        service.fail(session, *again, text("It broke."), clock())
    assert claim(database, clock)[0] == second


def test_the_same_slot_is_one_job_even_after_it_is_done(database: Database, clock):
    first = enqueue(database, clock, slot="feed@1")
    key = claim(database, clock)
    with database.writing() as session:
        service.finish(session, *key, None, clock())
    assert enqueue(database, clock, slot="feed@1") == first
    assert enqueue(database, clock, slot="feed@2") != first


def test_the_same_slot_from_eight_threads_is_one_job(database: Database, clock):
    ids = in_threads(8, lambda: enqueue(database, clock, slot="feed@1"))
    assert len(ids) == 8
    assert len(set(ids)) == 1


def test_other_kinds_and_later_jobs_are_left_alone(database: Database, clock):
    enqueue(database, clock, run_after=clock() + timedelta(minutes=1))
    with database.writing() as session:
        service.enqueue(session, "mail", {}, clock())
    assert claim(database, clock) is None
    clock.advance(minutes=1)
    assert claim(database, clock) is not None


def test_a_job_is_claimed_by_id_only_when_it_is_due(database: Database, clock):
    first, second = enqueue(database, clock), enqueue(database, clock)
    with database.writing() as session:
        assert service.claim(session, KINDS, clock(), job_id=second).id == second
    with database.writing() as session:
        assert service.claim(session, KINDS, clock(), job_id=second) is None
    assert claim(database, clock)[0] == first


def test_eight_threads_share_forty_jobs_without_one_twice(database: Database, clock):
    wanted = [enqueue(database, clock) for _ in range(40)]

    def take_all():
        taken = []
        misses = 0
        while misses < 3:
            key = claim(database, clock)
            taken, misses = (taken, misses + 1) if key is None else ([*taken, key[0]], 0)
        return taken

    taken = [job_id for one in in_threads(8, take_all) for job_id in one]
    assert sorted(taken) == wanted


def test_a_lease_that_ran_out_is_taken_over_and_the_old_holder_can_do_nothing(
    database: Database, clock
):
    enqueue(database, clock)
    old = claim(database, clock, 10)
    clock.advance(seconds=10)
    assert claim(database, clock) is None
    clock.advance(seconds=1)
    new = claim(database, clock)
    assert new[0] == old[0]
    assert new[1] != old[1]
    verbs = [
        lambda session: service.guard(session, *old),
        lambda session: service.progress(session, *old, 1, 2, None, clock()),
        lambda session: service.finish(session, *old, None, clock()),
        lambda session: service.fail(session, *old, text("no"), clock()),
        lambda session: service.retry(session, *old, text("no"), clock()),
        lambda session: service.release(session, *old, clock()),
        lambda session: service.stopped(session, *old, clock()),
    ]
    for verb in verbs:
        with pytest.raises(service.LeaseLost), database.writing() as session:
            verb(session)
    with database.writing() as session:
        service.guard(session, *new)
        service.finish(session, *new, "by the new holder", clock())
    with database.reading() as session:
        assert queries.get(session, new[0]).result == "by the new holder"


def test_progress_extends_the_lease(database: Database, clock):
    enqueue(database, clock)
    key = claim(database, clock, 10)
    clock.advance(seconds=9)
    with database.writing() as session:
        service.progress(session, *key, 1, None, None, clock(), 10)
    clock.advance(seconds=9)
    assert claim(database, clock) is None


def test_what_lost_its_token_publishes_nothing(database: Database, clock):
    job_id = enqueue(database, clock)
    old = claim(database, clock, 10)
    clock.advance(seconds=11)
    claim(database, clock)

    def publish(session):
        service.enqueue(session, "delivery", {}, clock())  # stands for the pointer of the feed
        service.guard(session, *old)

    with pytest.raises(service.LeaseLost), database.writing() as session:
        publish(session)
    with database.reading() as session:
        assert session.scalars(select(Job.id)).all() == [job_id]


def test_nobody_takes_a_guarded_job_before_the_commit(postgresql_database: Database, clock):
    database = postgresql_database
    enqueue(database, clock)
    key = claim(database, clock, 10)
    clock.advance(seconds=11)
    with database.writing() as session:
        service.guard(session, *key)
        assert claim(database, clock) is None
        service.finish(session, *key, None, clock())
    assert claim(database, clock) is None


def test_after_the_third_death_a_job_fails_and_says_where(database: Database, clock):
    job_id = enqueue(database, clock)
    for _ in range(3):
        key = claim(database, clock, 10)
        with database.writing() as session:
            service.progress(session, *key, 1200, 5000, None, clock(), 10)
        clock.advance(seconds=11)
    with database.reading() as session:
        assert queries.is_due(session, KINDS, clock())
    assert claim(database, clock) is None
    with database.reading() as session:
        job = queries.get(session, job_id)
        assert job.state == "failed"
        assert str(job.error) == "The worker died at step 1200 of 5000; that was attempt 3."
        assert not queries.is_due(session, KINDS, clock())


def test_a_retry_comes_later_and_the_third_is_the_last(database: Database, clock):
    job_id = enqueue(database, clock)
    for pause in (10, 60):
        with database.writing() as session:
            service.retry(session, *claim_in(session, clock), text("no answer"), clock())
        assert state(database, job_id) == "queued"
        clock.advance(seconds=pause - 1)
        assert claim(database, clock) is None
        clock.advance(seconds=1)
    with database.writing() as session:
        service.retry(session, *claim_in(session, clock), text("no answer"), clock())
    with database.reading() as session:
        job = queries.get(session, job_id)
        assert (job.state, str(job.error), job.attempts) == ("failed", "no answer", 3)


def test_a_released_job_does_not_lose_an_attempt(database: Database, clock):
    job_id = enqueue(database, clock)
    for _ in range(5):
        with database.writing() as session:
            service.release(session, *claim_in(session, clock), clock())
    with database.reading() as session:
        assert (queries.get(session, job_id).state, queries.get(session, job_id).attempts) == (
            "queued",
            0,
        )


def test_a_waiting_job_is_cancelled_at_once(database: Database, clock):
    job_id = enqueue(database, clock)
    with database.writing() as session:
        service.cancel(session, job_id, clock())
    assert state(database, job_id) == "cancelled"
    assert claim(database, clock) is None


def test_a_running_job_hears_of_its_cancellation_at_the_next_step(database: Database, clock):
    job_id = enqueue(database, clock)
    key = claim(database, clock)
    with database.writing() as session:
        service.cancel(session, job_id, clock())
    assert state(database, job_id) == "running"
    with pytest.raises(service.Cancelled), database.writing() as session:
        service.progress(session, *key, 1, 2, None, clock())
    with database.writing() as session:
        service.stopped(session, *key, clock())
    assert state(database, job_id) == "cancelled"


def test_a_cancelled_job_whose_worker_died_is_not_taken_up_again(database: Database, clock):
    job_id = enqueue(database, clock)
    claim(database, clock, 10)
    with database.writing() as session:
        service.cancel(session, job_id, clock())
    clock.advance(seconds=11)
    assert claim(database, clock) is None
    assert state(database, job_id) == "cancelled"


def test_only_what_failed_or_was_cancelled_is_started_again(database: Database, clock):
    job_id = enqueue(database, clock)
    with pytest.raises(Conflict), database.writing() as session:
        service.restart(session, job_id, clock())
    with database.writing() as session:
        service.fail(session, *claim_in(session, clock), text("no such feed"), clock())
    with pytest.raises(Conflict), database.writing() as session:
        service.cancel(session, job_id, clock())
    with database.writing() as session:
        service.restart(session, job_id, clock())
    with database.reading() as session:
        job = queries.get(session, job_id)
        assert (job.state, job.attempts, job.error) == ("queued", 0, None)
    assert claim(database, clock)[0] == job_id


def test_an_unknown_job_is_not_found(database: Database, clock):
    for verb in (service.cancel, service.restart):
        with pytest.raises(NotFound), database.writing() as session:
            verb(session, 4711, clock())
    with pytest.raises(NotFound), database.reading() as session:
        queries.get(session, 4711)


def test_lists_show_the_newest_first_and_what_is_not_over(database: Database, clock):
    done, waiting = enqueue(database, clock), enqueue(database, clock)
    with database.writing() as session:
        mail = service.enqueue(session, "mail", {}, clock()).id
        service.finish(session, *claim_in(session, clock), None, clock())
    with database.reading() as session:
        assert [job.id for job in queries.recent(session)] == [mail, waiting, done]
        assert [job.id for job in queries.recent(session, 1)] == [mail]
        assert [job.id for job in queries.recent(session, kind="feed")] == [waiting, done]
        assert [job.id for job in queries.running(session)] == [waiting, mail]


def test_a_worker_counts_as_alive_for_half_a_minute(database: Database, clock):
    with database.reading() as session:
        assert not queries.has_live_worker(session, clock())
    with database.writing() as session:
        service.beat(session, "here-1", clock())
    with database.reading() as session:
        assert queries.has_live_worker(session, clock())
        assert not queries.has_live_worker(session, clock() + timedelta(seconds=31))
    with database.writing() as session:
        service.sign_off(session, "here-1")
    with database.reading() as session:
        assert not queries.has_live_worker(session, clock())


def claim_in(session, clock):
    job = service.claim(session, KINDS, clock(), 10)
    return job.id, job.token


def in_threads(count, work):
    results, barrier = [], threading.Barrier(count)

    def run():
        barrier.wait()
        results.append(work())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
