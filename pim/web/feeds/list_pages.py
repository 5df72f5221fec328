"""All feeds with how they stand, and building all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import text
from pim.feeds import queries
from pim.feeds.jobs import BUILD_FEED, FeedArguments
from pim.jobs.models import ACTIVE
from pim.structure import queries as catalog
from pim.web.feeds.blueprint import pages
from pim.web.feeds.glance import FeedGlance, glance, last_job
from pim.web.page import PageContent, go, needs, now, person, say, session, show_page


@dataclass(frozen=True)
class FeedListPage(PageContent):
    template = "feeds/index.html"
    feeds: Sequence[FeedGlance]


@pages.get("/feeds")
@needs(Permission.FEEDS_VIEW)
def index() -> ResponseReturnValue:
    structure = catalog.structure(session())
    glances = [glance(structure, feed) for feed in queries.feeds(session())]
    return show_page(FeedListPage(glances))


@pages.post("/feeds/run")
@needs(Permission.FEEDS_RUN)
def run_all() -> ResponseReturnValue:
    for feed in queries.feeds(session()):
        job = last_job(feed.code)
        if not feed.paused and (job is None or job.state not in ACTIVE):
            BUILD_FEED.enqueue(session(), FeedArguments(feed.code), now(), by=person().email)
    say(text("All feeds are being built."), "info")
    return go("feeds.index")
