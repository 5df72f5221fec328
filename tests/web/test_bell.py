"""The bell: my jobs and nobody else's, what is new in them, and the end of one told at once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from pim.jobs.models import Job

ME = "editor@example.org"


@pytest.fixture
def job(database, clock):
    """`job("running", by=…)` writes one in that state."""

    def write(state, by=ME, done=0, finished=None):
        ended = state not in ("queued", "running")
        with database.writing() as session:
            made = Job(
                kind="reindex",
                args={},
                state=state,
                run_after=clock(),
                created=clock(),
                started=clock(),
                finished=(finished or clock()) if ended else None,
                requested_by=by,
                progress_done=done,
                progress_total=100,
            )
            session.add(made)
            session.flush()
            return made.id

    return write


def said(page):
    """What the bell says to who cannot see it."""
    return re.search(r'<span class="visually-hidden">(My jobs[^<]*)</span>', page).group(1)


def test_a_page_says_what_runs_and_what_is_new(enter, job):
    client = enter("editor")
    assert said(client.get("/").text) == "My jobs"
    number = job("running")
    job("done")
    job("failed", by="somebody@example.org")
    page = client.get("/products").text
    assert said(page) == "My jobs, 1 in progress, 1 new result"
    assert f'hx-get="/bell?running={number}"' in page


def test_it_asks_for_itself_only_while_something_runs(enter, job):
    client = enter("editor")
    job("done")
    assert 'hx-get="/bell' not in client.get("/").text


def test_opening_it_shows_mine_and_makes_them_seen(enter, job, clock):
    client = enter("editor")
    job("running", done=40)
    job("done")
    job("done", by="somebody@example.org")
    part = client.send("/bell").text
    assert said(part) == "My jobs, 1 in progress"
    assert part.count("<li>") == 2
    assert 'value="0.4000"' in part
    assert said(client.get("/").text) == "My jobs, 1 in progress"
    clock.advance(minutes=1)
    job("failed")
    assert said(client.get("/").text) == "My jobs, 1 in progress, 1 new result"


def test_what_ended_a_week_ago_is_nothing_new(enter, job, clock):
    client = enter("editor")
    job("done", finished=clock() - timedelta(days=8))
    assert said(client.get("/").text) == "My jobs"


def test_the_end_of_a_job_is_told_once(enter, job, database, clock):
    client = enter("editor")
    running, ends = job("running"), job("running")
    asked = f"/bell?running={running},{ends}"
    assert "data-note" not in client.get(asked).text
    with database.writing() as session:
        ended = session.scalar(select(Job).where(Job.id == ends))
        ended.state, ended.finished = "failed", clock()
    part = client.get(asked).text
    assert part.count("data-note") == 1
    assert "note-danger" in part
    assert f'hx-get="/bell?running={running}"' in part
    assert "data-note" not in client.get(f"/bell?running={running}").text


def test_nobody_is_told_of_anothers_job(enter, job):
    client = enter("editor")
    other = job("done", by="somebody@example.org")
    assert "data-note" not in client.get(f"/bell?running={other},x,").text


def test_a_page_of_an_error_has_no_bell(enter):
    assert "bell-state" not in enter("editor").get("/nowhere").text
