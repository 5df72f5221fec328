"""The first page after signing in: what is live, what is blocked, what runs, and what to do
next.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.attributes.operators import Operator
from pim.deliveries import queries as deliveries
from pim.errors import Text, ngettext, text
from pim.feeds import queries as feeds
from pim.i18n import locale_among
from pim.imports import queries as imports
from pim.imports.jobs import IMPORT_FILE
from pim.imports.models import ImportRun
from pim.jobs import queries as jobs
from pim.jobs.models import Job
from pim.labels import label
from pim.products import figures, policy, queries, reviewing
from pim.products.conditions import PARAMETER, Condition
from pim.products.figures import Counts
from pim.products.matching import NO_FAMILY
from pim.products.own_filters import QUALITY
from pim.quality import figures as quality
from pim.quality_kinds import ANY, NAMES
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.text_translation import following, waiting
from pim.text_translation.texts import Direction, TextPair, text_pairs
from pim.web.feeds.glance import FeedGlance, glance
from pim.web.job_words import JobView, views
from pim.web.page import (
    PageContent,
    language,
    needs,
    now,
    person,
    principal,
    session,
    show_page,
    tell,
)
from pim.web.products.scope import spelled

pages = Blueprint("dashboard", __name__)
SENT_BACK = 5
"""Products that came back from review which are named one by one."""
LONGEST = 160
"""Characters of a comment."""


@dataclass(frozen=True)
class Task:
    """Something that waits for a person. ``tone``: bad, warn or info."""

    tone: str
    icon: str
    sentence: Text
    url: str
    action: Text


@dataclass(frozen=True)
class Bar:
    """Completeness of one channel in one locale. ``share``: of the products with a family those
    that are complete, rounded down, so that 1 means all. ``gaps``: how many products and models
    lack something on their own level, which are those in the list at ``url``.
    """

    locale: str
    share: float
    gaps: int
    url: str


@dataclass(frozen=True)
class QualityFigure:
    """How many products and models have a warning of a kind: those in the list at ``url``."""

    name: Text
    number: int
    url: str


@dataclass(frozen=True)
class DashboardPage(PageContent):
    """``channels``: the completeness of each channel, by what people call it. ``quality``: what may
    be wrong, all of it first; empty where there is nothing.
    """

    template = "dashboard/show.html"
    counts: Counts
    quality: list[QualityFigure]
    channels: list[tuple[str, list[Bar]]]
    feeds: list[FeedGlance]
    jobs: list[JobView]
    runs: Sequence[ImportRun]
    tasks: list[Task]
    has_structure: bool
    has_products: bool


@pages.get("/")
@needs(Permission.DASHBOARD_VIEW)
def show() -> ResponseReturnValue:
    structure = catalog.structure(session())
    visible = policy.visible(principal(), structure)
    counts = figures.counts(session(), visible)
    known = [glance(structure, feed) for feed in feeds.feeds(session())]
    recent = jobs.recent(session(), 8)
    content = DashboardPage(
        counts=counts,
        quality=list(_quality(quality.counts(session(), visible))),
        channels=list(_channels(structure, counts)),
        feeds=known,
        jobs=views(recent, [one.feed for one in known], now()),
        runs=imports.runs(session(), 5),
        tasks=list(_tasks(structure, counts, known, jobs.recent(session(), 100))),
        has_structure=bool(structure.channels),
        has_products=queries.has_products(session()),
    )
    return show_page(content)


def _channels(structure: Structure, counts: Counts) -> Iterator[tuple[str, list[Bar]]]:
    for channel in structure.channels.values():
        scopes = (Scope(channel.code, locale) for locale in channel.locales)
        bars = [_bar(scope, counts) for scope in scopes]
        yield label(channel.labels, language(), channel.code), bars


def _bar(scope: Scope, counts: Counts) -> Bar:
    complete = counts.complete.get(scope.code, 0)
    measured = counts.products - counts.without_family
    return Bar(
        scope.locale,
        floor(100 * complete / measured) / 100 if measured else 0.0,
        counts.gaps.get(scope.code, 0),
        url_for("products.index", scope=scope, completeness="missing"),
    )


def _quality(counts: Mapping[str, int]) -> Iterator[QualityFigure]:
    for kind, name in {ANY: text("All warnings"), **NAMES}.items():
        if counts.get(kind):
            condition = Condition(QUALITY, Operator.ONE_OF, (kind,))
            url = url_for("products.index", f=condition)
            yield QualityFigure(name, counts[kind], url)


def _tasks(
    structure: Structure, counts: Counts, known: Sequence[FeedGlance], recent: Sequence[Job]
) -> Iterator[Task]:
    """What to do next, the urgent first, each with the page where it is done."""
    for one in known:
        feed, last = one.feed, one.last
        if one.has_failed:
            sentence = text("The feed “%(feed)s” could not be built.", feed=feed.label)
            yield Task(
                "bad",
                "alert-circle",
                sentence,
                url_for("feeds.show", code=feed.code),
                text("See why"),
            )
        elif last is not None and last.state == "held":
            sentence = text(
                "The feed “%(feed)s” is held: %(verdict)s",
                feed=feed.label,
                verdict=" ".join(map(tell, last.said)),
            )
            yield Task(
                "warn",
                "hand-stop",
                sentence,
                url_for("feeds.show", code=feed.code),
                text("Look at it"),
            )
    yield from _not_delivered(known)
    for job in _failed_imports(recent):
        sentence = text("The import of %(name)s failed.", name=job.args.get("filename", ""))
        yield Task(
            "bad", "file-alert", sentence, url_for("imports.follow", job_id=job.id), text("See why")
        )
    yield from _sent_back()
    waiting = counts.statuses.get("review", 0)
    if waiting and person().may(Permission.PRODUCTS_APPROVE):
        sentence = text("Products that wait for approval: %(number)s.", number=waiting)
        yield Task(
            "info",
            "eye-check",
            sentence,
            url_for("products.review"),
            text("Review them"),
        )
    drafts = counts.statuses.get("draft", 0)
    if drafts:
        sentence = text(
            "Drafts: %(number)s. Channels do not see what was changed in them.", number=drafts
        )
        yield Task(
            "info",
            "pencil",
            sentence,
            url_for("products.index", status="draft", variants="1"),
            text("Show them"),
        )
    if person().may(Permission.PRODUCTS_EDIT):
        yield from _to_translate(structure)
    if counts.without_family:
        sentence = text(
            "Products without a family: %(number)s. Nothing is required of them, and no feed can"
            " judge them.",
            number=counts.without_family,
        )
        yield Task(
            "info",
            "help-circle",
            sentence,
            url_for("products.index", family=NO_FAMILY, variants="1"),
            text("Show them"),
        )
    for one in known:
        if one.is_untouched:
            sentence = text("The feed “%(feed)s” has never been built.", feed=one.feed.label)
            yield Task(
                "info",
                "broadcast",
                sentence,
                url_for("feeds.show", code=one.feed.code),
                text("Open it"),
            )


def _not_delivered(known: Sequence[FeedGlance]) -> Iterator[Task]:
    """The targets that do not get their feeds, until a delivery arrives there again."""
    for one in known:
        for failed in deliveries.failing(session(), one.feed.code, list(one.feed.deliveries)):
            sentence = text(
                "“%(feed)s” is not delivered to “%(target)s”: %(reason)s",
                feed=one.feed.label,
                target=one.feed.deliveries[failed.target].get("label") or failed.target,
                reason=tell(failed.error) if failed.error else "",
            )
            page = url_for("feeds.show_delivery", code=one.feed.code)
            yield Task("bad", "truck-delivery", sentence, page, text("See why"))


def _to_translate(structure: Structure) -> Iterator[Task]:
    """The texts that wait for the reader, in each language that somebody translates into."""
    within = policy.visible(principal(), structure)
    for one in _bodies_of_text(structure):
        number = waiting.count(
            session(), structure, principal(), one.direction, within, one.attributes
        )
        if number:
            sentence = ngettext(
                "%(where)s: %(num)s text to translate, or to look at again.",
                "%(where)s: %(num)s texts to translate, or to look at again.",
                number,
                where=one.name,
            )
            yield Task("warn", "language", sentence, _translating(one), text("Translate"))


@dataclass(frozen=True)
class _BodyOfText:
    """Texts that people translate in one go. ``attributes``: the only ones that it has texts of,
    None for all.
    """

    name: str
    direction: Direction
    attributes: frozenset[str] | None


def _bodies_of_text(structure: Structure) -> Iterator[_BodyOfText]:
    """All that people translate, each text in one of them: a language as its first channel has it,
    and what later channels have of their own. Where people translate from several languages, it is
    from one that the reader knows.
    """
    for target, source in _sources().items():
        name = locale_among(target, structure.locales, language())
        seen: set[TextPair] = set()
        for channel in structure.channels.values():
            if target not in channel.locales:
                continue
            direction = Direction(channel.code, source, target)
            own = {
                pair: attribute
                for pair, attribute in text_pairs(structure, direction).items()
                if pair not in seen
            }
            if own and not seen:
                yield _BodyOfText(name, direction, None)
            elif own:
                shop = label(channel.labels, language(), channel.code)
                codes = frozenset(attribute.code for attribute in own.values())
                yield _BodyOfText(f"{name}, {shop}", direction, codes)
            seen |= own.keys()


def _sources() -> dict[str, str]:
    """Target locale -> source locale."""
    found: dict[str, str] = {}
    for source, target in following.directions(session()):
        if target not in found or source.split("_")[0] == language():
            found[target] = source
    return found


def _translating(texts: _BodyOfText) -> str:
    """The address of translate mode, with exactly the texts that wait."""
    direction = texts.direction
    asked = Condition("_translate", Operator.ONE_OF, (direction.target,))
    arguments: dict[str, Any] = {
        "in": spelled(Scope(direction.channel, direction.target)),
        "beside": direction.source,
        "from": urlencode({PARAMETER: str(asked)}),
        "attribute": ",".join(sorted(texts.attributes)) if texts.attributes else None,
    }
    return url_for("products.translate", **arguments)


def _sent_back() -> Iterator[Task]:
    """What came back to the reader from review."""
    for one in reviewing.sent_back_to(session(), person().email, SENT_BACK):
        sentence = text(
            "“%(code)s” was sent back to you: %(comment)s",
            code=one.product.identifier,
            comment=_short(one.comment.comment),
        )
        page = url_for("products.show", identifier=one.product.identifier)
        yield Task("warn", "arrow-back-up", sentence, page, text("Open it"))


def _short(comment: str) -> str:
    return comment if len(comment) <= LONGEST else f"{comment[: LONGEST - 1]}…"


def _failed_imports(recent: Sequence[Job]) -> Iterator[Job]:
    """The latest attempt of each file counts: what succeeded later is no task any more."""
    seen: set[str] = set()
    for job in recent:
        name = str(job.args.get("filename", ""))
        if job.kind == IMPORT_FILE.name and name not in seen:
            seen.add(name)
            if job.state == "failed":
                yield job
