"""The bell in a real browser: it opens by keyboard, is accessible, and a page says by itself when a
job of its reader ends.
"""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from pim.jobs.models import Job

pytestmark = pytest.mark.browser


@pytest.fixture
def running(browser):
    """The number of a job of the editor's that is half way."""
    now = datetime.now(UTC)
    with browser.database.writing() as session:
        job = Job(
            kind="reindex",
            args={},
            state="running",
            run_after=now,
            created=now,
            started=now,
            requested_by="editor@example.org",
            progress_done=50,
            progress_total=100,
        )
        session.add(job)
        session.flush()
        return job.id


def end(browser, number):
    with browser.database.writing() as session:
        job = session.get(Job, number)
        job.state, job.finished = "done", datetime.now(UTC)


def test_what_runs_is_shown_and_its_end_is_told_on_any_page(browser, running):
    page = browser.enter("editor")
    page.goto(f"{browser.address}/account")
    bell = page.get_by_role("button", name="My jobs, 1 in progress")
    bell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#bell-list progress")).to_have_attribute("value", "0.5000")
    browser.check()
    page.keyboard.press("Escape")
    end(browser, running)
    expect(page.locator("#toasts")).to_contain_text("Done:", timeout=15_000)
    expect(page.get_by_role("button", name="My jobs, 1 new result")).to_be_visible()
    expect(page.locator("[hx-get*='/bell']")).to_have_count(0)
    page.get_by_role("button", name="My jobs").click()
    expect(page.locator("#bell-list li")).to_have_count(1)
    expect(page.locator(".bell-count")).to_have_count(0)
    browser.check()


def test_who_started_nothing_is_told_what_comes_here(browser):
    page = browser.enter("viewer")
    page.get_by_role("button", name="My jobs").click()
    expect(page.locator("#bell-list")).to_contain_text("work that you start")
    browser.check()
