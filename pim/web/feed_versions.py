"""The versions of a feed's definition, and a way back to each."""

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.definitions import DefinitionDifference, differences_within
from pim.errors import text
from pim.feeds import service
from pim.feeds.models import Feed
from pim.versions import SetupVersion
from pim.web.feeds.way_back import newest_version, way_back
from pim.web.page import go, go_back, needs, now, person, say, session
from pim.web.setup_versions import Crumb, SetupHistory, show_versions

pages = Blueprint("feed_versions", __name__)


@pages.get("/feeds/<code>/versions")
@needs(Permission.FEEDS_VIEW)
def history(code: str) -> ResponseReturnValue:
    address = partial(url_for, code=code)
    above = [Crumb(text("Feeds"), url_for("feeds.index"))]
    if session().get(Feed, code) is not None:
        above.append(Crumb(text("%(name)s", name=code), address("feeds.show")))
    return show_versions(
        SetupHistory(
            kind=service.KIND,
            code=code,
            title=text("Versions of %(code)s", code=code),
            above=above,
            changes_between=_changes_between,
            change_part="change_of_definition.html",
            older=lambda number: address("feed_versions.history", before=number),
            way_back=lambda number: address("feed_versions.return_to", number=number),
            permission=Permission.FEEDS_CONFIGURE,
            question=text(
                "Define this feed as it was then? Its next build shows what that changes."
            ),
        )
    )


def _changes_between(
    earlier: SetupVersion | None, later: SetupVersion
) -> Sequence[DefinitionDifference]:
    """What a version changed of the one before it; nothing where it removed all of it."""
    if later.content is None:
        return []
    before = (earlier.content if earlier is not None else None) or {}
    return list(differences_within(before, later.content))


@pages.post("/feeds/<code>/versions/<int:number>/return")
@needs(Permission.FEEDS_CONFIGURE)
def return_to(code: str, number: int) -> ResponseReturnValue:
    before = newest_version(code)
    feed = service.return_to(session(), code, number, now(), by=person().email)
    say(
        text("“%(feed)s” is defined as it was; its next build shows it.", feed=feed.label),
        undo=way_back(code, before),
    )
    return go_back() if "next" in request.form else go("feeds.show", code=code)
