"""The report of a build: which products were left out or let in with a doubt, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.feeds import queries, service
from pim.feeds.cures import cure_address
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.reports import ReportLine
from pim.products import feed_index
from pim.products.labels import labels
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.web.feeds.blueprint import pages
from pim.web.feeds.build_pages import build_of
from pim.web.feeds.totals import TotalLine, totals_of
from pim.web.feeds.words import field_label
from pim.web.list_places import number_at
from pim.web.page import PageContent, needs, session, show_page, storage

PAGE = 50
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
    build, feed = build_of(code, build_id), service.get(session(), code)
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
        totals=totals_of(structure, feed, build),
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
