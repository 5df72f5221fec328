"""A dot for each feed in a row of the list: in the live file, going with the next build, leaving
with it, or left out; of a model, how many of its variants.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

from sqlalchemy.orm import Session

from pim.errors import Text, ngettext, text
from pim.feeds import queries
from pim.feeds.models import Feed
from pim.feeds.standings import ProductStanding, page_standings
from pim.products import published_products
from pim.products.published_products import Member
from pim.structure.objects import Structure
from pim.web.page import now, settings
from pim.workflow import RETIRED

SHOWN = 3
"""Reasons of one product."""


@dataclass(frozen=True)
class FeedDot:
    """``state``: what its colour and its shape say; ``words`` says it too."""

    state: Literal["live", "partly", "goes", "leaves", "out"]
    words: Text


def read(
    session: Session, structure: Structure, rows: Sequence[Any]
) -> dict[int, Sequence[FeedDot]]:
    """By the ids of these products and models."""
    members = published_products.members(session, sorted({row.root_id for row in rows}))
    found = page_standings(session, structure, members, settings().base_url, now().date())
    feeds = queries.feeds(session)
    sold = _sold_below(members)
    return {
        row.id: [
            _dot(feed, [found[feed.code][one] for one in sold.get(row.id, ())], row.kind)
            for feed in feeds
        ]
        for row in rows
    }


def _sold_below(members: Sequence[Member]) -> Mapping[int, Sequence[int]]:
    """Model -> what can be sold below it and is not retired there; product -> itself."""
    by_id = {one.id: one for one in members}
    found: dict[int, list[int]] = {}
    for one in members:
        if one.kind != "product":
            continue
        found[one.id] = [one.id]
        below = one
        while below.status != RETIRED and below.parent_id is not None:
            found.setdefault(below.parent_id, []).append(one.id)
            below = by_id[below.parent_id]
    return found


def _dot(feed: Feed, standings: Sequence[ProductStanding], kind: str) -> FeedDot:
    if kind == "model":
        return _dot_of_model(feed, standings)
    (one,) = standings
    reasons = _together(one.reasons[:SHOWN])
    if one.is_live and one.goes:
        return FeedDot("live", text("%(feed)s: in the live file", feed=feed.label))
    if one.goes:
        return FeedDot("goes", text("%(feed)s: goes with the next build", feed=feed.label))
    if one.is_live:
        leaves = text(
            "%(feed)s: in the live file, and leaves it with the next build. %(reasons)s",
            feed=feed.label,
            reasons=reasons,
        )
        return FeedDot("leaves", leaves)
    return FeedDot("out", text("%(feed)s: left out. %(reasons)s", feed=feed.label, reasons=reasons))


def _together(sentences: Sequence[Text]) -> Text | str:
    """One behind the other."""
    if not sentences:
        return ""
    return reduce(lambda said, more: text("%(said)s %(more)s", said=said, more=more), sentences)


def _dot_of_model(feed: Feed, standings: Sequence[ProductStanding]) -> FeedDot:
    live, goes = sum(one.is_live for one in standings), sum(one.goes for one in standings)
    variants = len(standings)
    if live == goes:
        steady = ngettext(
            "%(feed)s: %(live)s of %(num)s variant in the live file",
            "%(feed)s: %(live)s of %(num)s variants in the live file",
            variants,
            feed=feed.label,
            live=live,
        )
        return FeedDot(_steady_state(live, variants), steady)
    changing = ngettext(
        "%(feed)s: %(live)s of %(num)s variant in the live file, %(goes)s with the next build",
        "%(feed)s: %(live)s of %(num)s variants in the live file, %(goes)s with the next build",
        variants,
        feed=feed.label,
        live=live,
        goes=goes,
    )
    return FeedDot("goes" if goes > live else "leaves", changing)


def _steady_state(live: int, variants: int) -> Literal["live", "partly", "out"]:
    if not live:
        return "out"
    return "live" if live == variants else "partly"
