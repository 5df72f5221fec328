"""Feeds: what each channel receives, what is left out and why, and the verbs on builds."""

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Invalid, NotFound, text
from pim.feeds import queries, registry, service
from pim.feeds.jobs import BUILD_FEED, FeedArguments, subject_of
from pim.feeds.models import Feed, FeedBuild
from pim.jobs import queries as jobs
from pim.jobs import schedules
from pim.jobs.models import ACTIVE, Job
from pim.labels import label
from pim.products.labels import labels
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.web.cron_words import in_words
from pim.web.feed_words import address_label, mapping_lines, unfilled
from pim.web.job_words import views
from pim.web.page import (
    go,
    language,
    needs,
    now,
    page,
    person,
    say,
    session,
    settings,
    storage,
    tell,
)
from pim.web.public import send_stored

pages = Blueprint("feeds", __name__)
PAGE = 50


@pages.get("/feeds")
@needs(Permission.FEEDS_VIEW)
def index() -> ResponseReturnValue:
    structure = catalog.structure(session())
    return page(
        "feeds/index.html", feeds=[glance(structure, feed) for feed in queries.feeds(session())]
    )


def glance(structure: Structure, feed: Feed) -> dict[str, Any]:
    """A feed with its state: what lists and the dashboard say about it."""
    job = _last_job(feed.code)
    schedule = schedules.get(session(), subject_of(feed.code))
    channel = structure.channels.get(feed.channel)
    return {
        "feed": feed,
        "exporter": registry.all_exporters().get(feed.exporter),
        "channel": label(channel.labels, language(), feed.channel) if channel else feed.channel,
        "published": queries.published_build(session(), feed),
        "last": queries.last_build(session(), feed.code),
        "job": views([job], [feed], now())[0] if job and job.state in ACTIVE else None,
        "failure": job if job and job.state == "failed" else None,
        "schedule": schedule,
        "when": tell(in_words(schedule.cron, language())) if schedule else "",
    }


def _last_job(code: str) -> Job | None:
    return jobs.last_of(session(), subject_of(code))


@pages.get("/feeds/<code>")
@needs(Permission.FEEDS_VIEW)
def show(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    structure = catalog.structure(session())
    known = glance(structure, feed)
    build = known["published"] or known["last"]
    return page(
        "feeds/show.html",
        **known,
        address=_address(feed) if person().may(Permission.FEEDS_CONFIGURE) else "",
        builds=queries.builds(session(), code),
        totals=_totals(structure, build),
        lines=mapping_lines(structure, feed) if known["exporter"] else [],
        required=unfilled(feed, "required") if known["exporter"] else [],
        recommended=unfilled(feed, "recommended") if known["exporter"] else [],
    )


def _address(feed: Feed) -> str:
    """Where partners fetch it; empty while the feed's settings do not hold together."""
    try:
        return service.url_of(feed, settings().base_url, settings().secret_key)
    except (Invalid, NotFound):
        return ""


def _totals(structure: Structure, build: FeedBuild | None) -> list[dict[str, Any]]:
    """Why products are left out or doubtful, the most frequent first."""
    if build is None:
        return []
    return [
        {
            "field": total.field,
            "label": address_label(structure, total.field),
            "rule": total.rule,
            "products": total.products,
            "sentence": total.sentence,
        }
        for total in queries.report_totals(storage(), build)
    ]


@pages.get("/feeds/<code>/builds/<int:build_id>/report")
@needs(Permission.FEEDS_VIEW)
def report(code: str, build_id: int) -> ResponseReturnValue:
    """Products that were left out, or let in with a doubt; for one reason where ``rule`` and
    ``field`` say which.
    """
    build, feed = _build(code, build_id), service.get(session(), code)
    structure = catalog.structure(session())
    start = max(0, request.args.get("start", 0, type=int))
    rule, field = request.args.get("rule", ""), request.args.get("field", "")
    lines = queries.report_page(storage(), build, start, PAGE + 1, rule, field)
    along: dict[str, Any] = {
        "code": code,
        "build_id": build_id,
        "rule": rule or None,
        "field": field or None,
    }
    return page(
        "feeds/report.html",
        feed=feed,
        build=build,
        lines=lines[:PAGE],
        labels=labels(session(), structure, [line.identifier for line in lines], feed.locale),
        totals=_totals(structure, build),
        rule=rule,
        field=field,
        field_label=address_label(structure, field),
        named=lambda spelling: address_label(structure, spelling),
        product_url=_product_url,
        start=start,
        previous=(
            url_for("feeds.report", **along, start=max(0, start - PAGE) or None) if start else ""
        ),
        next=url_for("feeds.report", **along, start=start + PAGE) if len(lines) > PAGE else "",
    )


def _product_url(identifier: str, address: str = "", feed: Feed | None = None) -> str:
    """The product's page, at the field and in the scope of the feed where those are said."""
    scope: dict[str, Any] = {"channel": feed.channel, "locale": feed.locale} if feed else {}
    return url_for(
        "products.show",
        identifier=identifier,
        **scope,
        _anchor=f"value-{address}" if address else None,
    )


@pages.get("/feeds/<code>/builds/<int:build_id>/file")
@needs(Permission.FEEDS_VIEW)
def download(code: str, build_id: int) -> ResponseReturnValue:
    build = _build(code, build_id)
    name = f"{code}-{build.finished:%Y%m%d-%H%M}{Path(build.path).suffix}"
    return send_stored(build.path, build.media_type, build.sha256, name, download=True)


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
        if job is None or job.state not in ACTIVE:
            BUILD_FEED.enqueue(session(), FeedArguments(feed.code), now(), by=person().email)
    say(text("All feeds are being built."), "info")
    return go("feeds.index")


@pages.post("/feeds/<code>/rotate")
@needs(Permission.FEEDS_CONFIGURE)
def rotate(code: str) -> ResponseReturnValue:
    service.rotate(session(), code)
    say(
        text(
            "The feed has a new address. The old one no longer works; give the new one to your"
            " partner."
        ),
        "warning",
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
    service.release(session(), build.id, f"{_stamp(now())} {person().email}: {reason[:500]}")
    say(text("The build of %(when)s is published.", when=_stamp(build.finished)))
    return go("feeds.show", code=code)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
