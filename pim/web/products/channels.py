"""Why a product is not online, feed by feed, in one place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from pim.errors import Text, text
from pim.feeds import queries
from pim.feeds.contract import Problem
from pim.feeds.models import Feed
from pim.feeds.why import FeedReadiness, why_not
from pim.products.queries import get
from pim.structure.objects import Scope, Structure
from pim.values import Document
from pim.web.page import now, settings
from pim.web.products.around import address_label

SHOWN = 6
"""Reasons per feed."""


@dataclass(frozen=True)
class BlockingCause:
    """A reason in words. ``address``: the field that cures it, where there is one. ``variants``:
    how many it holds for.
    """

    sentence: Text
    label: str
    address: str
    blocks: bool
    variants: int


@dataclass(frozen=True)
class FeedStanding:
    """A product in one feed; of a model, ``sent`` of ``variants``. ``is_built``: the feed has a
    published file at all.

    ``scope``: in whose form the causes are cured.
    """

    feed: str
    label: str
    scope: Scope
    sent: int
    variants: int
    is_built: bool
    causes: list[BlockingCause]


def in_feeds(session: Session, structure: Structure, identifier: str) -> list[FeedStanding]:
    """One per feed, as the next build will have it."""
    verdicts = why_not(session, identifier, settings().base_url, now().date())
    feeds = {feed.code: feed for feed in queries.feeds(session)}
    working = get(session, identifier).document
    return [
        _standing(structure, feeds[code], list(group), working)
        for code, group in groupby(verdicts, key=lambda one: one.feed)
    ]


def _standing(
    structure: Structure, feed: Feed, verdicts: Sequence[FeedReadiness], working: Document
) -> FeedStanding:
    sent = sum(one.is_sent for one in verdicts)
    causes = _causes(structure, verdicts, working)
    return FeedStanding(
        feed.code,
        feed.label,
        Scope(feed.channel, feed.locale),
        sent,
        len(verdicts),
        verdicts[0].is_published,
        causes,
    )


def _causes(
    structure: Structure, verdicts: Iterable[FeedReadiness], working: Document
) -> list[BlockingCause]:
    """What stands in the way comes first, then what holds for most variants."""
    found: dict[tuple[str, str], list[BlockingCause]] = {}
    for reason in (reason for one in verdicts for reason in one.reasons):
        address = reason.address if reason.address in structure.attribute_at else ""
        name = address_label(structure, address) if address else reason.address
        found.setdefault((reason.address, reason.rule), []).append(
            BlockingCause(_sentence(reason, working), name, address, reason.is_error, 1)
        )
    causes = [
        BlockingCause(one[0].sentence, one[0].label, one[0].address, one[0].blocks, len(one))
        for one in found.values()
    ]
    return sorted(causes, key=lambda one: (not one.blocks, -one.variants))[:SHOWN]


def _sentence(reason: Problem, working: Document) -> Text:
    """What is missing in the published values may be filled in already: then it waits for an
    approver, not for a writer.
    """
    if reason.rule == "missing":
        return (
            text("filled in, but not approved yet")
            if reason.address in working
            else text("still empty")
        )
    return reason.message
