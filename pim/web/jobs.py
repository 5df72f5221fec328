"""Jobs: what runs behind the scenes, what failed and why, and what comes back by schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Text, text
from pim.feeds import queries as feeds
from pim.feeds.jobs import subject_of
from pim.jobs import queries, schedules, service
from pim.jobs.models import ACTIVE, Job, Schedule
from pim.web.cron_words import in_words
from pim.web.job_words import JobView, views
from pim.web.list_places import say_unknown
from pim.web.page import (
    PageContent,
    demand,
    go,
    language,
    needs,
    now,
    say,
    session,
    show_page,
)

pages = Blueprint("jobs", __name__)
SHOWN = 100
STATES = ("active", "failed")


@dataclass(frozen=True)
class JobsPage(PageContent):
    """``state``: which jobs are listed, "" for all. ``totals``: state -> how many there are.
    ``schedules``: each with its times in words. ``labels``: subject -> what people call it.
    """

    template = "jobs/index.html"
    state: str
    jobs: list[JobView]
    totals: dict[str, int]
    schedules: list[tuple[Schedule, Text]]
    labels: dict[str, str]


@dataclass(frozen=True)
class JobProgressPart(PageContent):
    """The moving part of a page that follows a job."""

    template = "jobs/progress.html"
    view: JobView


@pages.get("/jobs")
@needs(Permission.JOBS_VIEW)
def index() -> ResponseReturnValue:
    state = request.args.get("state", "")
    if state and state not in STATES:
        say_unknown(state)
    every = queries.recent(session(), SHOWN)
    known = feeds.feeds(session())
    content = JobsPage(
        state=state if state in STATES else "",
        jobs=views(_chosen(every, state), known, now()),
        totals={"": len(every), **{one: len(_chosen(every, one)) for one in STATES}},
        schedules=[(one, in_words(one.cron, language())) for one in schedules.every(session())],
        labels={subject_of(feed.code): feed.label for feed in known},
    )
    return show_page(content)


def _chosen(jobs: Sequence[Job], state: str) -> Sequence[Job]:
    if state == "active":
        return [job for job in jobs if job.state in ACTIVE]
    return [job for job in jobs if job.state == "failed"] if state == "failed" else jobs


@pages.get("/jobs/<int:job_id>/progress")
@needs(Permission.JOBS_VIEW)
def progress(job_id: int) -> ResponseReturnValue:
    """The moving part of a page that follows a job. When the job has ended, the whole page is
    fetched again: it shows the result.
    """
    job = queries.get(session(), job_id)
    (view,) = views([job], feeds.feeds(session()), now())
    response = make_response(show_page(JobProgressPart(view)))
    if job.state not in ACTIVE:
        response.headers["HX-Refresh"] = "true"
    return response


@pages.post("/jobs/<int:job_id>/cancel")
@needs(Permission.JOBS_CANCEL)
def cancel(job_id: int) -> ResponseReturnValue:
    _demand_right_to(job_id)
    stop(job_id, now())
    return go("jobs.index")


def _demand_right_to(job_id: int) -> None:
    """Who stops or repeats a job needs the right to what it does."""
    job = queries.get(session(), job_id)
    (view,) = views([job], (), now())
    demand(view.permission)


def stop(job_id: int, moment: datetime) -> None:
    """Cancels and says when that will be."""
    job = service.cancel(session(), job_id, moment)
    say(
        (
            text("The job was stopped.")
            if job.state == "cancelled"
            else text("The job stops at its next step.")
        ),
        "info",
    )


@pages.post("/jobs/<int:job_id>/retry")
@needs(Permission.JOBS_RETRY)
def retry(job_id: int) -> ResponseReturnValue:
    _demand_right_to(job_id)
    service.restart(session(), job_id, now())
    say(text("The job is in the queue again."), "info")
    return go("jobs.index")
