"""What is done to a feed as a whole: pause, removal, a new address."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import text
from pim.feeds import service
from pim.web.feeds.blueprint import pages
from pim.web.page import Undo, go, needs, now, person, say, session


@pages.post("/feeds/<code>/rotate")
@needs(Permission.FEEDS_CONFIGURE)
def rotate(code: str) -> ResponseReturnValue:
    service.rotate(session(), code, now(), by=person().email)
    say(
        text(
            "The feed has a new address. The old one no longer works; give the new one to your"
            " partner."
        ),
        "warning",
    )
    return go("feeds.show", code=code)


@pages.post("/feeds/<code>/pause")
@needs(Permission.FEEDS_CONFIGURE)
def pause(code: str) -> ResponseReturnValue:
    """Stops the schedule, or lets it go on where the form says ``resume``."""
    paused = "resume" not in request.form
    feed = service.pause(session(), code, now(), paused=paused, by=person().email)
    if paused:
        done = text("“%(feed)s” is paused: partners keep what they have.", feed=feed.label)
    else:
        done = text("“%(feed)s” goes on.", feed=feed.label)
    back = {"resume": "1"} if paused else {}
    say(done, undo=Undo(url_for("feeds.pause", code=code), back))
    return go("feeds.show_settings", code=code)


@pages.post("/feeds/<code>/remove")
@needs(Permission.FEEDS_CONFIGURE)
def remove(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    service.remove(session(), code, now(), by=person().email)
    say(text("“%(feed)s” is removed. Its address no longer works.", feed=feed.label), "warning")
    return go("feeds.index")
