"""Builds of a feed: making one, fetching its file, and the verdicts of people on it."""

from pathlib import Path

from flask import request
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Invalid, NotFound, text
from pim.feeds import service
from pim.feeds.jobs import (
    BUILD_FEED,
    FOLLOW_FEED,
    FeedArguments,
    FollowArguments,
)
from pim.feeds.models import FeedBuild
from pim.jobs.models import ACTIVE
from pim.web.feeds.blueprint import pages
from pim.web.feeds.glance import last_job
from pim.web.page import go, needs, now, person, say, session
from pim.web.public import PRIVATE, send_stored


@pages.get("/feeds/<code>/builds/<int:build_id>/file")
@needs(Permission.FEEDS_VIEW)
def download(code: str, build_id: int) -> ResponseReturnValue:
    build = build_of(code, build_id)
    name = f"{code}-{build.finished:%Y%m%d-%H%M}{Path(build.path).suffix}"
    return send_stored(
        build.path, build.media_type, build.sha256, name, cache=PRIVATE, download=True
    )


def build_of(code: str, build_id: int) -> FeedBuild:
    build = session().get(FeedBuild, build_id)
    if build is None or build.feed != code:
        raise NotFound(text("There is no build %(id)s.", id=build_id))
    return build


@pages.post("/feeds/<code>/run")
@needs(Permission.FEEDS_RUN)
def run(code: str) -> ResponseReturnValue:
    """Queues a build, once: a second click while it waits or runs leads to the same one."""
    feed = service.get(session(), code)
    job = last_job(code)
    if job is None or job.state not in ACTIVE:
        arguments = FeedArguments(code, full="full" in request.form)
        BUILD_FEED.enqueue(session(), arguments, now(), by=person().email)
        say(text("“%(feed)s” is being built.", feed=feed.label), "info")
    return go("feeds.index") if request.form.get("from") == "list" else go("feeds.show", code=code)


@pages.post("/feeds/<code>/builds/<int:build_id>/accept")
@needs(Permission.FEEDS_RELEASE)
def accept(code: str, build_id: int) -> ResponseReturnValue:
    """Somebody has looked at what the gate doubts, and finds it right."""
    build = build_of(code, build_id)
    service.accept(session(), build.id, now(), by=person().email, name=person().name)
    say(text("The doubt about the build of %(when)s is settled.", when=build.finished))
    return go("feeds.show", code=code)


@pages.post("/feeds/<code>/unpin")
@needs(Permission.FEEDS_RELEASE)
def unpin(code: str) -> ResponseReturnValue:
    feed = service.unpin(session(), code, now(), by=person().email)
    say(text("“%(feed)s” takes the next build that looks right.", feed=feed.label))
    return go("feeds.show", code=code)


@pages.post("/feeds/<code>/builds/<int:build_id>/release")
@needs(Permission.FEEDS_RELEASE)
def release(code: str, build_id: int) -> ResponseReturnValue:
    """Publishes a held build, or an earlier one again; who did it and why is kept with the
    build.
    """
    build = build_of(code, build_id)
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise Invalid({"reason": [text("Say why, so that others understand it later.")]})
    service.release(session(), build.id, reason[:500], now(), by=person().email, name=person().name)
    FOLLOW_FEED.enqueue(session(), FollowArguments(code), now(), by=person().email)
    say(text("The build of %(when)s is published.", when=build.finished))
    return go("feeds.show", code=code)
