"""The bell in the top bar: the reader's own jobs, what they are doing and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pim.accounts import queries as accounts
from pim.accounts import service
from pim.accounts.permissions import Permission
from pim.feeds import queries as feeds
from pim.jobs import queries
from pim.jobs.models import Job
from pim.web.job_words import JobView, views
from pim.web.page import (
    PageContent,
    has_session,
    needs,
    now,
    person,
    session,
    show_page,
    visitor,
)

pages = Blueprint("bell", __name__)
LATELY = timedelta(days=7)
"""What ended earlier is found among all jobs."""
LISTED = 8
"""Jobs that have ended and are shown."""
FOLLOWED = 50
"""Jobs of one page whose end is told to it."""


@dataclass(frozen=True)
class BellState:
    """``running``: numbers of the reader's jobs that wait or run. ``unseen``: how many have ended
    since they last looked.
    """

    running: Sequence[int]
    unseen: int


@dataclass(frozen=True)
class BellPart(PageContent):
    """``running``, ``ended``: the jobs of the list. ``told``: those that have ended since the page
    that asks was drawn.
    """

    template = "bell/part.html"
    running: list[JobView]
    ended: list[JobView]
    told: list[JobView]


def state() -> BellState | None:
    """For every page; None where nobody is there who may see jobs, or on an error page, which has
    no session.
    """
    someone = visitor()
    if someone is None or not has_session() or not someone.may(Permission.JOBS_VIEW):
        return None
    seen = accounts.jobs_seen(session(), someone.id)
    lately = now() - LATELY
    since = lately if seen is None else max(seen, lately)
    return BellState(
        [job.id for job in queries.active_of(session(), someone.email)],
        queries.count_ended_of(session(), someone.email, since),
    )


@pages.get("/bell")
@needs(Permission.JOBS_VIEW)
def show() -> ResponseReturnValue:
    """Asked for at intervals while something runs (``running``)."""
    followed = {number for number in request.args.get("running", "").split(",") if number}
    return _part([job for job in _ended() if str(job.id) in followed])


@pages.post("/bell")
@needs(Permission.JOBS_VIEW)
def look() -> ResponseReturnValue:
    """The list, for who opens it: with that, everything in it has been seen."""
    service.see_jobs(session(), person().id, now())
    return _part([])


def _part(told: Sequence[Job]) -> ResponseReturnValue:
    known = feeds.feeds(session())
    running = views(queries.active_of(session(), person().email), known, now())
    ended = views(_ended()[:LISTED], known, now())
    return show_page(BellPart(running, ended, views(told, known, now())))


def _ended() -> Sequence[Job]:
    return queries.ended_of(session(), person().email, now() - LATELY, FOLLOWED)
