"""Where a feed's file is brought: its targets, what became of each delivery, and what can be done
about one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.deliveries import queries, secrets
from pim.deliveries import service as deliveries
from pim.deliveries.kinds import TARGET_KINDS, TargetKind
from pim.deliveries.models import Delivery
from pim.deliveries.targets import DeliveryTarget, asked_of, read_targets
from pim.errors import Conflict, Invalid, NotFound, Text, text
from pim.feeds import editing, service
from pim.feeds.delivering import send_now, target_of, vault_of
from pim.feeds.delivery_jobs import TRY_TARGET, TargetArguments
from pim.feeds.models import Feed
from pim.jobs import queries as jobs
from pim.jobs.models import ACTIVE, Job
from pim.structure import queries as catalog
from pim.web.feeds.blueprint import pages
from pim.web.feeds.glance import FeedGlance, glance
from pim.web.feeds.target_form import METHODS, free_target_code, read_secret, read_target_form
from pim.web.feeds.way_back import newest_version, way_back
from pim.web.job_words import JobView, views
from pim.web.page import PageContent, go, needs, now, person, say, session, settings, show_page

DELIVERIES = "deliveries"
SHOWN = 30
"""Deliveries in the history."""
NEW = "new"


@dataclass(frozen=True)
class TargetCard:
    """A target as it stands now. ``last``: its newest delivery, ``receipt``: the newest that
    arrived. ``running``: a job that brings something there or tries it now; ``tried``: the last
    test of its connection, ``shown_key``: the key that the server showed then and that is not
    pinned.
    """

    target: DeliveryTarget
    kind: TargetKind
    has_secret: bool
    is_failing: bool
    last: Delivery | None
    receipt: Delivery | None
    running: JobView | None
    tried: JobView | None
    shown_key: str


@dataclass(frozen=True)
class DeliveryPage(PageContent):
    """``named``: the code of a target -> what people call it. ``wrong``: why nothing was saved."""

    template = "feeds/delivery.html"
    glance: FeedGlance
    cards: Sequence[TargetCard]
    history: Sequence[Delivery]
    named: Mapping[str, str]
    kinds: Mapping[str, TargetKind]
    seen: str
    wrong: Sequence[Text]


@pages.get("/feeds/<code>/delivery")
@needs(Permission.FEEDS_VIEW)
def show_delivery(code: str) -> ResponseReturnValue:
    return show_page(_page(service.get(session(), code)))


def _page(feed: Feed, wrong: Sequence[Text] = ()) -> DeliveryPage:
    targets = read_targets(feed.deliveries)
    return DeliveryPage(
        glance(catalog.structure(session()), feed),
        [_card(feed, one) for one in targets.values()],
        queries.deliveries(session(), feed.code, limit=SHOWN),
        {code: one.called for code, one in targets.items()},
        TARGET_KINDS,
        editing.print_of(feed.deliveries),
        wrong,
    )


def _card(feed: Feed, target: DeliveryTarget) -> TargetCard:
    brings = jobs.last_of(session(), deliveries.subject_of(feed.code, target.code))
    arguments = TargetArguments(feed.code, target.code)
    tries = jobs.last_of(session(), TRY_TARGET.subject(arguments))
    running = next((one for one in (tries, brings) if one and _runs(one)), None)
    result = (tries.result or {}) if tries else {}
    key = result.get("host_key", "")
    return TargetCard(
        target,
        TARGET_KINDS[target.kind],
        secrets.is_kept(session(), feed.code, target),
        queries.is_failing(session(), feed.code, target.code),
        queries.last_delivery(session(), feed.code, target.code),
        queries.last_receipt(session(), feed.code, target.code),
        _view(feed, running),
        _view(feed, tries) if tries and tries.state not in ACTIVE else None,
        key if not target.host_key.startswith(key) else "",
    )


def _runs(job: Job) -> bool:
    """Whether somebody should wait for it: not for the next attempt, hours away."""
    return job.state == "running" or (job.state == "queued" and job.run_after <= now())


def _view(feed: Feed, job: Job | None) -> JobView | None:
    return views([job], [feed], now())[0] if job is not None else None


@dataclass(frozen=True)
class TargetPage(PageContent):
    """A target in a form. ``code``: "new" for one that the feed has not got. ``asked``: the
    properties of its kind; ``typed``: those that are said. ``errors``: property -> what is wrong.
    """

    template = "feeds/target.html"
    glance: FeedGlance
    code: str
    kind_code: str
    kind: TargetKind
    asked: Sequence[str]
    typed: Mapping[str, Any]
    has_secret: bool
    methods: Sequence[Any]
    seen: str
    errors: Mapping[str, Sequence[Text]]
    refused: Text | None


@pages.get("/feeds/<code>/delivery/<target>")
@needs(Permission.FEEDS_CONFIGURE)
def show_target(code: str, target: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    stored = _stored(feed, target)
    return show_page(_form(feed, target, stored, editing.print_of(feed.deliveries)))


def _stored(feed: Feed, target: str) -> Mapping[str, Any]:
    """The definition of a target; of a new one only its kind, which the page's address says."""
    if target != NEW:
        target_of(feed, target)
        stored: Mapping[str, Any] = feed.deliveries[target]
        return stored
    kind = request.values.get("kind", "")
    if kind not in TARGET_KINDS:
        raise NotFound(text("There is no such kind of target."))
    return {"kind": kind}


def _form(
    feed: Feed,
    code: str,
    typed: Mapping[str, Any],
    seen: str,
    errors: Mapping[str, Sequence[Text]] | None = None,
    refused: Text | None = None,
) -> TargetPage:
    is_kept = code != NEW and secrets.is_kept(session(), feed.code, target_of(feed, code))
    kind = typed["kind"]
    return TargetPage(
        glance(catalog.structure(session()), feed),
        code,
        kind,
        TARGET_KINDS[kind],
        asked_of(kind),
        typed,
        is_kept,
        METHODS,
        seen,
        errors or {},
        refused,
    )


@pages.post("/feeds/<code>/delivery/<target>")
@needs(Permission.FEEDS_CONFIGURE)
def save_target(code: str, target: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    kind = _stored(feed, target)["kind"]
    typed, seen = read_target_form(request.form, kind), request.form.get("seen", "")
    called = typed.get("label") or typed.get("host") or kind
    saved = free_target_code(feed.deliveries, called) if target == NEW else target
    before = newest_version(code)
    at = url_for("feeds.show_target", code=code, target=target, kind=kind)
    try:
        feed = _change(feed, {**feed.deliveries, saved: typed}, seen)
    except Invalid as error:
        page = _form(feed, target, typed, seen, dict(_own(error, saved)))
        return show_page(page, 422, at=at)
    except Conflict as error:
        return show_page(_form(feed, target, typed, seen, refused=error.message), 409, at=at)
    found, secret = target_of(feed, saved), read_secret(request.form)
    if secret:
        service.note_new_secret(session(), code, saved, now(), by=person().email)
        secrets.keep(session(), vault_of(settings()), code, found, secret)
    say(text("“%(target)s” is saved.", target=found.called), undo=way_back(code, before))
    return go("feeds.show_delivery", code=code)


def _own(error: Invalid, code: str) -> Iterator[tuple[str, Sequence[Text]]]:
    """What is wrong with one target, by its properties."""
    for path, said in error.messages.items():
        yield path.removeprefix(f"{DELIVERIES}.{code}."), said


@pages.post("/feeds/<code>/delivery/<target>/remove")
@needs(Permission.FEEDS_CONFIGURE)
def remove_target(code: str, target: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    found = target_of(feed, target)
    left = {one: said for one, said in feed.deliveries.items() if one != target}
    done = text(
        "Nothing is brought to “%(target)s” any more, and its password is forgotten.",
        target=found.called,
    )
    return _save(feed, left, done)


@pages.post("/feeds/<code>/delivery/<target>/pause")
@needs(Permission.FEEDS_CONFIGURE)
def pause_target(code: str, target: str) -> ResponseReturnValue:
    """Stops deliveries there, or lets them go on where the form says ``resume``."""
    feed = service.get(session(), code)
    found, said = target_of(feed, target), dict(feed.deliveries[target])
    said.pop("paused", None)
    if "resume" in request.form:
        done = text("“%(target)s” goes on with the next build.", target=found.called)
    else:
        said["paused"] = True
        done = text("“%(target)s” is paused: what is there stays.", target=found.called)
    return _save(feed, {**feed.deliveries, target: said}, done)


@pages.post("/feeds/<code>/delivery/<target>/pin")
@needs(Permission.FEEDS_CONFIGURE)
def pin_key(code: str, target: str) -> ResponseReturnValue:
    """Pins the key that somebody has compared: the one that their page showed."""
    feed = service.get(session(), code)
    found = target_of(feed, target)
    said = {**feed.deliveries[target], "host_key": request.form.get("host_key", "")}
    done = text("The key of “%(target)s” is pinned.", target=found.called)
    return _save(feed, {**feed.deliveries, target: said}, done)


def _save(feed: Feed, wanted: dict[str, Any], done: Text) -> ResponseReturnValue:
    before = newest_version(feed.code)
    try:
        _change(feed, wanted, request.form.get("seen", ""))
    except (Conflict, Invalid) as error:
        said = error.sentences if isinstance(error, Invalid) else [error.message]
        status = 422 if isinstance(error, Invalid) else 409
        return show_page(
            _page(feed, said), status, at=url_for("feeds.show_delivery", code=feed.code)
        )
    say(done, undo=way_back(feed.code, before))
    return go("feeds.show_delivery", code=feed.code)


def _change(feed: Feed, wanted: dict[str, Any], seen: str) -> Feed:
    return editing.change_part(
        session(), feed.code, DELIVERIES, wanted, seen, now(), by=person().email
    )


@pages.post("/feeds/<code>/delivery/<target>/test")
@needs(Permission.FEEDS_CONFIGURE)
def try_target(code: str, target: str) -> ResponseReturnValue:
    """Queues a test of the connection, once: a second click while it waits is the same one."""
    target_of(service.get(session(), code), target)
    arguments = TargetArguments(code, target)
    last = jobs.last_of(session(), TRY_TARGET.subject(arguments))
    if last is None or last.state not in ACTIVE:
        TRY_TARGET.enqueue(session(), arguments, now(), by=person().email)
    return go("feeds.show_delivery", code=code)


@pages.post("/feeds/<code>/delivery/<target>/send")
@needs(Permission.FEEDS_RUN)
def send_to_target(code: str, target: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    send_now(session(), feed, target, now(), person().email)
    called = target_of(feed, target).called
    say(text("The file is being brought to “%(target)s”.", target=called), "info")
    return go("feeds.show_delivery", code=code)


@pages.post("/feeds/<code>/deliveries/<int:number>/repeat")
@needs(Permission.FEEDS_RUN)
def repeat_delivery(code: str, number: int) -> ResponseReturnValue:
    """Tries one again that failed, or that waits for its next attempt."""
    found = deliveries.get(session(), code, number)
    target_of(service.get(session(), code), found.target)
    deliveries.repeat(session(), found, now(), person().email)
    say(text("“%(name)s” is being brought again.", name=found.name), "info")
    return go("feeds.show_delivery", code=code)
