"""The list of jobs, following one, stopping and trying again; schedules in words."""

import re

import pytest

from pim.feeds.jobs import BUILD_FEED, FeedArguments
from pim.i18n import translate
from pim.imports.jobs import REVERT_RUN, RevertArguments
from pim.jobs import queries, service
from pim.retention import TIDY, TidyArguments
from pim.web.cron_words import in_words


@pytest.fixture
def job(shop, clock):
    with shop.writing() as session:
        return service.enqueue(session, "feed", {"code": "till"}, clock(), by="anna@example.org").id


def test_jobs_are_listed_with_what_became_of_them(shop, job, enter, work):
    client = enter("viewer")
    assert "Waiting for a worker" in client.get("/jobs").text
    work()
    page = client.get("/jobs").text
    assert "Till north" in page
    assert "anna@example.org" in page
    assert "2 items, 1 left out" in page
    assert "No jobs here" in client.get("/jobs?state=failed").text


def test_following_a_job_ends_with_the_page_fetched_anew(job, enter, work):
    client = enter("viewer")
    during = client.get(f"/jobs/{job}/progress")
    assert "every 1s" in during.text
    assert "HX-Refresh" not in during.headers
    work()
    after = client.get(f"/jobs/{job}/progress")
    assert after.headers["HX-Refresh"] == "true"
    assert "every 1s" not in after.text


def test_progress_and_the_time_that_is_left(shop, job, enter, clock):
    with shop.writing() as session:
        token = service.claim(session, ["feed"], clock()).token
    clock.advance(seconds=40)
    with shop.writing() as session:
        service.progress(session, job, token, 250, 1000, None, clock())
    page = enter("viewer").get(f"/jobs/{job}/progress").text
    assert "250 of 1,000 products" in page
    assert 'value="0.2500"' in page
    assert "about 2 minutes left" in page


@pytest.mark.parametrize(
    ("total", "said"), [(1, "1 of 1 product\n"), (None, "1 product\n"), (2, "1 of 2 products\n")]
)
def test_one_product_is_not_called_products(shop, job, enter, clock, total, said):
    with shop.writing() as session:
        token = service.claim(session, ["feed"], clock()).token
        service.progress(session, job, token, 1, total, None, clock())
    page = enter("viewer").get(f"/jobs/{job}/progress").text
    assert said in re.sub(r" *\n *", "\n", page)


def test_stopping_and_trying_again(shop, job, enter):
    client = enter("approver")
    client.send(f"/jobs/{job}/cancel")
    with shop.reading() as session:
        assert queries.get(session, job).state == "cancelled"
    assert client.send(f"/jobs/{job}/cancel").status_code == 409
    client.send(f"/jobs/{job}/retry")
    with shop.reading() as session:
        assert queries.get(session, job).state == "queued"


def test_an_editor_tries_again_but_does_not_stop_the_work_of_others(job, enter):
    client = enter("editor")
    assert client.send(f"/jobs/{job}/cancel").status_code == 403
    assert client.send(f"/jobs/{job}/retry").status_code == 409  # allowed, and it waits already


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("* * * * *", "every minute"),
        ("*/30 * * * *", "every 30 minutes"),
        ("10,40 * * * *", "every hour at :10, :40"),
        ("15 */6 * * *", "every 6 hours at :15"),
        ("0 6 * * *", "every day at 06:00"),
        ("30 6,18 * * *", "every day at 06:30, 18:30"),
        ("0 5 * * 1-5", "Monday to Friday at 05:00"),
        ("0 5 * * 0", "every Sunday at 05:00"),
        ("0 4 1 * *", "on day 1 of each month at 04:00"),
        ("0 4 * 1-3 *", "by the schedule 0 4 * 1-3 *"),
        ("nonsense", "by the schedule nonsense"),
    ],
)
def test_a_schedule_in_words(cron, words):
    assert translate(in_words(cron, "en"), "en") == words


def test_a_schedule_in_dutch_words():
    assert translate(in_words("0 5 * * 1-5", "nl"), "nl") == "maandag tot en met vrijdag om 05:00"


def test_an_editor_cannot_repeat_what_takes_an_approver(shop, enter, clock):
    with shop.writing() as session:
        arguments = RevertArguments("run-1", "erp.csv", "anna@example.org")
        job_id = REVERT_RUN.enqueue(session, arguments, clock()).id
    client = enter("editor")
    assert client.send(f"/jobs/{job_id}/retry").status_code == 403
    assert client.send(f"/imports/jobs/{job_id}/resume").status_code == 404


@pytest.mark.parametrize("stored", [{}, {"of": "another version"}])
def test_who_may_stop_jobs_stops_only_what_they_may_start(shop, enter, clock, stored):
    with shop.writing() as session:
        job = TIDY.enqueue(session, TidyArguments(), clock())
        job.args = stored
        job_id = job.id
    client = enter("approver")
    assert client.send(f"/jobs/{job_id}/cancel").status_code == 403
    assert client.send(f"/jobs/{job_id}/retry").status_code == 403


def test_the_jobs_of_a_feed_are_found_by_its_subject(shop, clock):
    with shop.writing() as session:
        first = BUILD_FEED.enqueue(session, FeedArguments("till"), clock()).id
        for _ in range(5):
            REVERT_RUN.enqueue(session, RevertArguments("run-1", "erp.csv", "anna"), clock())
    with shop.reading() as session:
        assert queries.last_of(session, "feed:till").id == first
        assert len(queries.of_subject(session, "run:run-1")) == 5


def test_a_job_of_another_version_is_shown_by_its_name_and_fails_in_words(shop, enter, work, clock):
    with shop.writing() as session:
        strange = service.enqueue(session, "teleport", {"to": "moon"}, clock()).id
        changed = service.enqueue(session, "feed", {"kode": "till"}, clock()).id
    page = enter("viewer").get("/jobs").text
    assert "teleport" in page
    work()
    with shop.reading() as session:
        assert queries.get(session, strange).state == "queued"
        assert queries.get(session, changed).state == "failed"
        assert "Another version" in str(queries.get(session, changed).error)
