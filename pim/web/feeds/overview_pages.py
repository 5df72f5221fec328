"""The page of a feed: what partners receive, what is held, what is left out and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import EtalageError
from pim.feeds import queries, service
from pim.feeds.contract import Field
from pim.feeds.differences import CausedDifferences
from pim.feeds.models import Feed, FeedBuild
from pim.structure import queries as catalog
from pim.web.feeds.blueprint import pages
from pim.web.feeds.glance import FeedGlance, glance
from pim.web.feeds.totals import TotalLine, totals_of
from pim.web.feeds.words import unfilled
from pim.web.page import PageContent, needs, person, session, settings, show_page, storage


@dataclass(frozen=True)
class FeedPage(FeedGlance, PageContent):
    """All that the page of a feed shows.

    ``glance``: what it shares with the list. ``address``: where partners fetch it; empty for
    somebody who may not see it. ``required``: fields that the channel asks for and
    nothing fills. ``differences``: what the newest build changes, where that is
    kept: it is held or doubted, or the feed itself was changed.
    """

    template = "feeds/show.html"
    glance: FeedGlance
    address: str
    builds: Sequence[FeedBuild]
    totals: Sequence[TotalLine]
    required: Sequence[Field]
    differences: Sequence[CausedDifferences]


@pages.get("/feeds/<code>")
@needs(Permission.FEEDS_VIEW)
def show(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    structure = catalog.structure(session())
    known = glance(structure, feed)
    view = FeedPage(
        **vars(known),
        glance=known,
        address=_address(feed) if person().may(Permission.FEEDS_CONFIGURE) else "",
        builds=queries.builds(session(), code),
        totals=totals_of(structure, feed, known.published or known.last),
        required=unfilled(feed, "required") if known.exporter is not None else (),
        differences=_differences(known.last),
    )
    return show_page(view)


def _differences(last: FeedBuild | None) -> Sequence[CausedDifferences]:
    return queries.kept_differences(storage(), last) if last is not None else ()


def _address(feed: Feed) -> str:
    """Where partners fetch it; empty while the feed's settings do not hold together."""
    try:
        return service.url_of(feed, settings().base_url, settings().secret_key)
    except EtalageError:
        return ""
