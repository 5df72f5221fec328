"""Why how many products of a build are left out or doubtful."""

from dataclasses import dataclass

from flask import url_for

from pim.errors import Text
from pim.feeds import queries
from pim.feeds.mapping import UNMAPPED
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.reports import ReportTotal
from pim.products import feed_index
from pim.structure.objects import Scope, Structure
from pim.web.feeds.words import field_label
from pim.web.page import session, storage
from pim.workflow import RETIRED


@dataclass(frozen=True)
class TotalLine:
    """Why how many products are left out or doubtful. ``label``: what people call the field.
    ``share``: of the value of all products, None where that is not known. ``mend``: the address
    where all of them are mended, "" where there is none for all.
    """

    field: str
    label: str
    rule: str
    products: int
    sentence: Text
    share: float | None
    mend: str


def totals_of(structure: Structure, feed: Feed, build: FeedBuild | None) -> list[TotalLine]:
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
            total.worth / build.worth if build.worth else None,
            _mend(feed, build, total),
        )
        for total in queries.report_totals(storage(), build)
    ]


def _mend(feed: Feed, build: FeedBuild, total: ReportTotal) -> str:
    """The mapping of categories, or the list of just these products, where they are changed at
    once. Of a doubt there is no list, and what is retired needs no mending.
    """
    if total.rule == UNMAPPED:
        return url_for("feeds.show_categories", code=feed.code, show="unmapped")
    index = feed_index.index_of(session(), feed.code)
    if total.rule == RETIRED or index is None or index.build != build.id:
        return ""
    reason = feed_index.reason_code(total.rule, total.field)
    if reason not in feed_index.reason_codes(session(), feed.code):
        return ""
    asked = f"_left_out.one_of.{feed.code}{feed_index.BETWEEN}{reason}"
    return url_for("products.index", f=asked, scope=Scope(feed.channel, feed.locale))
