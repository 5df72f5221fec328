"""The versions of a feed's definition: who changed it, when, from what to what; a way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pim import versions
from pim.accounts.permissions import Permission
from pim.definitions import DefinitionDifference, differences_within
from pim.errors import text
from pim.feeds import service
from pim.http.numbers import number_from
from pim.versions import SetupVersion
from pim.web.page import PageContent, go, needs, now, person, say, session, show_page

pages = Blueprint("feed_versions", __name__)


@dataclass(frozen=True)
class FeedVersion:
    """``differences``: what it changed of the version before it."""

    version: SetupVersion
    differences: Sequence[DefinitionDifference]


@dataclass(frozen=True)
class FeedVersionsPage(PageContent):
    """``next``: where older versions are, "" at the end. ``is_newest``: whether the first one is
    how the feed is now.
    """

    template = "feeds/versions.html"
    code: str
    lines: Sequence[FeedVersion]
    next: str
    is_newest: bool


@pages.get("/feeds/<code>/versions")
@needs(Permission.FEEDS_VIEW)
def history(code: str) -> ResponseReturnValue:
    before = request.args.get("before", type=number_from)
    limit = versions.SHOWN + 1
    kept = versions.versions(session(), service.KIND, code, before=before, limit=limit)
    lines = [_line(one, earlier) for one, earlier in zip_longest(kept, kept[1:])]
    older = ""
    if len(kept) > versions.SHOWN:
        older = url_for("feed_versions.history", code=code, before=kept[versions.SHOWN - 1].id)
    return show_page(FeedVersionsPage(code, lines[: versions.SHOWN], older, before is None))


def _line(version: SetupVersion, earlier: SetupVersion | None) -> FeedVersion:
    before = (earlier.content if earlier is not None else None) or {}
    return FeedVersion(version, list(differences_within(before, version.content or {})))


@pages.post("/feeds/<code>/versions/<int:number>/return")
@needs(Permission.FEEDS_CONFIGURE)
def return_to(code: str, number: int) -> ResponseReturnValue:
    feed = service.return_to(session(), code, number, now(), by=person().email)
    say(text("“%(feed)s” is defined as it was; its next build shows it.", feed=feed.label))
    return go("feeds.show", code=code)
