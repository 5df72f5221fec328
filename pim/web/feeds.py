"""Feeds: what each channel receives, what is left out and why, and the verbs on builds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import EtalageError, Invalid, NotFound, Text, text
from pim.feeds import queries, registry, service
from pim.feeds.contract import Exporter, Field
from pim.feeds.cures import cure_address
from pim.feeds.jobs import (
    BUILD_FEED,
    FOLLOW_FEED,
    FeedArguments,
    FollowArguments,
    subject_of,
)
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.reports import ReportLine
from pim.jobs import queries as jobs
from pim.jobs import schedules
from pim.jobs.models import ACTIVE, Job, Schedule
from pim.labels import label
from pim.products import feed_index
from pim.products.labels import labels
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.web.cron_words import in_words
from pim.web.feed_words import (
    MappingLine,
    field_label,
    mapping_lines,
    unfilled,
)
from pim.web.job_words import JobView, views
from pim.web.list_places import number_at
from pim.web.page import (
    PageContent,
    Undo,
    go,
    language,
    needs,
    now,
    person,
    say,
    session,
    settings,
    show_page,
    storage,
    tell,
)
from pim.web.public import PRIVATE, send_stored

pages = Blueprint("feeds", __name__)
PAGE = 50


@dataclass(frozen=True)
class FeedGlance:
    """A feed with its state: what lists and the dashboard say about it.

    ``exporter``: None where nobody ships it any more. ``published``: the build that partners
    receive, ``last``: the newest one, ``warned``: the one that made the published file, where the
    gate has doubts about it that nobody has looked at. ``job``: the one that builds it now,
    ``failure``: the last one where that failed. ``when``: its schedule in words.
    """

    feed: Feed
    exporter: type[Exporter] | None
    channel: str
    published: FeedBuild | None
    last: FeedBuild | None
    warned: FeedBuild | None
    job: JobView | None
    failure: Job | None
    schedule: Schedule | None
    when: str

    @property
    def has_failed(self) -> bool:
        """The newest attempt made no build."""
        if self.failure is None:
            return False
        finished = self.failure.finished
        return self.last is None or finished is None or finished > self.last.finished

    @property
    def is_untouched(self) -> bool:
        """Nobody has built it yet, or tried to."""
        return self.published is None and self.last is None and not (self.job or self.failure)


@dataclass(frozen=True)
class TotalLine:
    """Why how many products are left out or doubtful. ``label``: what people call the field."""

    field: str
    label: str
    rule: str
    products: int
    sentence: Text


@dataclass(frozen=True)
class FeedListPage(PageContent):
    template = "feeds/index.html"
    feeds: Sequence[FeedGlance]


@dataclass(frozen=True)
class FeedPage(FeedGlance, PageContent):
    """All that the page of a feed shows.

    ``glance``: what it shares with the list. ``address``: where partners fetch it; empty for
    somebody who may not see it. ``required`` and ``recommended``: fields of the channel that
    nothing fills.
    """

    template = "feeds/show.html"
    glance: FeedGlance
    address: str
    builds: Sequence[FeedBuild]
    totals: Sequence[TotalLine]
    lines: Sequence[MappingLine]
    required: Sequence[Field]
    recommended: Sequence[Field]


@pages.get("/feeds")
@needs(Permission.FEEDS_VIEW)
def index() -> ResponseReturnValue:
    structure = catalog.structure(session())
    glances = [glance(structure, feed) for feed in queries.feeds(session())]
    return show_page(FeedListPage(glances))


def glance(structure: Structure, feed: Feed) -> FeedGlance:
    """The feed as it stands now."""
    job = _last_job(feed.code)
    is_being_built = job is not None and job.state in ACTIVE
    has_failed = job is not None and job.state == "failed"
    schedule = schedules.get(session(), subject_of(feed.code))
    return FeedGlance(
        feed=feed,
        exporter=registry.all_exporters().get(feed.exporter),
        channel=_channel_label(structure, feed.channel),
        published=queries.published_build(session(), feed),
        last=queries.last_build(session(), feed.code),
        warned=queries.warned_build(session(), feed),
        job=views([job], [feed], now())[0] if job is not None and is_being_built else None,
        failure=job if has_failed else None,
        schedule=schedule,
        when=tell(in_words(schedule.cron, language())) if schedule else "",
    )


def _channel_label(structure: Structure, code: str) -> str:
    channel = structure.channels.get(code)
    return label(channel.labels, language(), code) if channel else code


def _last_job(code: str) -> Job | None:
    return jobs.last_of(session(), subject_of(code))


@pages.get("/feeds/<code>")
@needs(Permission.FEEDS_VIEW)
def show(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    structure = catalog.structure(session())
    known = glance(structure, feed)
    lines: Sequence[MappingLine] = ()
    required: Sequence[Field] = ()
    recommended: Sequence[Field] = ()
    if known.exporter is not None:
        lines = mapping_lines(structure, feed)
        required, recommended = unfilled(feed, "required"), unfilled(feed, "recommended")
    view = FeedPage(
        **vars(known),
        glance=known,
        address=_address(feed) if person().may(Permission.FEEDS_CONFIGURE) else "",
        builds=queries.builds(session(), code),
        totals=_totals(structure, feed, known.published or known.last),
        lines=lines,
        required=required,
        recommended=recommended,
    )
    return show_page(view)


def _address(feed: Feed) -> str:
    """Where partners fetch it; empty while the feed's settings do not hold together."""
    try:
        return service.url_of(feed, settings().base_url, settings().secret_key)
    except EtalageError:
        return ""


def _totals(structure: Structure, feed: Feed, build: FeedBuild | None) -> list[TotalLine]:
    """Why products are left out or doubtful, the most frequent first."""
    if build is None:
        return []
    return [
        TotalLine(
            total.field,
            field_label(structure, feed, total.field),
            total.rule,
            total.products,
            total.sentence,
        )
        for total in queries.report_totals(storage(), build)
    ]


OUTCOMES = {"left_out": True, "let_in": False}
"""What an address asks for of a report -> whether these products are left out."""


@dataclass(frozen=True)
class ReportPage(PageContent):
    """A page of a build's report.

    ``labels``: identifier -> what people call the product. ``rule`` and ``field``: only products
    with this problem are shown, where they say one; ``outcome``: only those that are ``left_out``,
    or ``let_in`` with a doubt. ``previous`` and ``next``: addresses of the
    pages beside this one, empty where there is none. ``named``: address or field of the channel ->
    what people call it; ``product_url``: (identifier, that) -> its page, where it is mended.
    ``as_list``: the list of the products that are left out, where it is of this very build.
    """

    template = "feeds/report.html"
    feed: Feed
    build: FeedBuild
    lines: Sequence[ReportLine]
    labels: Mapping[str, str]
    totals: Sequence[TotalLine]
    rule: str
    field: str
    outcome: str
    start: int
    previous: str
    next: str
    named: Callable[[str], str]
    product_url: Callable[..., str]
    as_list: str


@pages.get("/feeds/<code>/builds/<int:build_id>/report")
@needs(Permission.FEEDS_VIEW)
def report(code: str, build_id: int) -> ResponseReturnValue:
    """Products that were left out, or let in with a doubt: those of one ``outcome``, or for one
    reason where ``rule`` and ``field`` say which.
    """
    build, feed = _build(code, build_id), service.get(session(), code)
    structure = catalog.structure(session())
    start = number_at("start")
    said = {
        name: request.args[name] for name in ("rule", "field", "outcome") if name in request.args
    }
    rule, field, outcome = (said.get(name, "") for name in ("rule", "field", "outcome"))
    excluded = OUTCOMES.get(outcome)
    # One more than a page shows tells whether there is another page.
    found = queries.report_page(storage(), build, start, PAGE + 1, rule, field, excluded=excluded)
    lines = found[:PAGE]
    view = ReportPage(
        feed=feed,
        build=build,
        lines=lines,
        labels=labels(session(), structure, [line.identifier for line in lines], feed.locale),
        totals=_totals(structure, feed, build),
        rule=rule,
        field=field,
        outcome=outcome,
        start=start,
        previous=_report_url(build, start - PAGE, said) if start else "",
        next=_report_url(build, start + PAGE, said) if len(found) > PAGE else "",
        named=lambda spelling: field_label(structure, feed, spelling),
        product_url=partial(_product_url, structure, feed),
        as_list=_list_url(build, feed),
    )
    return show_page(view)


def _list_url(build: FeedBuild, feed: Feed) -> str:
    index = feed_index.index_of(session(), feed.code)
    if index is None or index.build != build.id or not build.excluded:
        return ""
    scope = Scope(feed.channel, feed.locale)
    return url_for("products.index", f=f"_left_out.one_of.{feed.code}", scope=scope)


def _report_url(build: FeedBuild, start: int, said: Mapping[str, str]) -> str:
    values: dict[str, Any] = {**said, "start": max(0, start) or None}
    return url_for("feeds.report", code=build.feed, build_id=build.id, **values)


def _product_url(structure: Structure, feed: Feed, identifier: str, spelling: str = "") -> str:
    """The product's page in the scope of the feed, at the field where it is mended."""
    address = cure_address(structure, feed, spelling)
    return url_for(
        "products.show",
        identifier=identifier,
        scope=Scope(feed.channel, feed.locale),
        _anchor=f"field-{address}" if address else None,
    )


@pages.get("/feeds/<code>/builds/<int:build_id>/file")
@needs(Permission.FEEDS_VIEW)
def download(code: str, build_id: int) -> ResponseReturnValue:
    build = _build(code, build_id)
    name = f"{code}-{build.finished:%Y%m%d-%H%M}{Path(build.path).suffix}"
    return send_stored(
        build.path, build.media_type, build.sha256, name, cache=PRIVATE, download=True
    )


def _build(code: str, build_id: int) -> FeedBuild:
    build = session().get(FeedBuild, build_id)
    if build is None or build.feed != code:
        raise NotFound(text("There is no build %(id)s.", id=build_id))
    return build


@pages.post("/feeds/<code>/run")
@needs(Permission.FEEDS_RUN)
def run(code: str) -> ResponseReturnValue:
    """Queues a build, once: a second click while it waits or runs leads to the same one."""
    feed = service.get(session(), code)
    job = _last_job(code)
    if job is None or job.state not in ACTIVE:
        arguments = FeedArguments(code, full="full" in request.form)
        BUILD_FEED.enqueue(session(), arguments, now(), by=person().email)
        say(text("“%(feed)s” is being built.", feed=feed.label), "info")
    return go("feeds.index") if request.form.get("from") == "list" else go("feeds.show", code=code)


@pages.post("/feeds/run")
@needs(Permission.FEEDS_RUN)
def run_all() -> ResponseReturnValue:
    for feed in queries.feeds(session()):
        job = _last_job(feed.code)
        if not feed.paused and (job is None or job.state not in ACTIVE):
            BUILD_FEED.enqueue(session(), FeedArguments(feed.code), now(), by=person().email)
    say(text("All feeds are being built."), "info")
    return go("feeds.index")


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


@pages.post("/feeds/<code>/builds/<int:build_id>/accept")
@needs(Permission.FEEDS_RELEASE)
def accept(code: str, build_id: int) -> ResponseReturnValue:
    """Somebody has looked at what the gate doubts, and finds it right."""
    build = _build(code, build_id)
    service.accept(session(), build.id, now(), by=person().email, name=person().name)
    say(text("The doubt about the build of %(when)s is settled.", when=build.finished))
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
    return go("feeds.show", code=code)


@pages.post("/feeds/<code>/unpin")
@needs(Permission.FEEDS_RELEASE)
def unpin(code: str) -> ResponseReturnValue:
    feed = service.unpin(session(), code, now(), by=person().email)
    say(text("“%(feed)s” takes the next build that looks right.", feed=feed.label))
    return go("feeds.show", code=code)


@pages.post("/feeds/<code>/remove")
@needs(Permission.FEEDS_CONFIGURE)
def remove(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    service.remove(session(), code, now(), by=person().email)
    say(text("“%(feed)s” is removed. Its address no longer works.", feed=feed.label), "warning")
    return go("feeds.index")


@pages.post("/feeds/<code>/completeness")
@needs(Permission.FEEDS_CONFIGURE)
def completeness(code: str) -> ResponseReturnValue:
    """Whether the feed takes only complete products."""
    wanted, by = "only_complete" in request.form, person().email
    feed = service.ask_for_completeness(session(), code, now(), only_complete=wanted, by=by)
    back = {} if wanted else {"only_complete": "1"}
    say(
        text("“%(feed)s” asks for this from the next build on.", feed=feed.label),
        undo=Undo(url_for("feeds.completeness", code=code), back),
    )
    return go("feeds.show", code=code)


@pages.post("/feeds/<code>/builds/<int:build_id>/release")
@needs(Permission.FEEDS_RELEASE)
def release(code: str, build_id: int) -> ResponseReturnValue:
    """Publishes a held build, or an earlier one again; who did it and why is kept with the
    build.
    """
    build = _build(code, build_id)
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise Invalid({"reason": [text("Say why, so that others understand it later.")]})
    service.release(session(), build.id, reason[:500], now(), by=person().email, name=person().name)
    FOLLOW_FEED.enqueue(session(), FollowArguments(code), now(), by=person().email)
    say(text("The build of %(when)s is published.", when=build.finished))
    return go("feeds.show", code=code)
