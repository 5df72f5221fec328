"""Why a product is not online, feed by feed, in one place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Literal

from sqlalchemy.orm import Session

from pim.errors import Text, text
from pim.feeds import queries
from pim.feeds.contract import Problem
from pim.feeds.cures import cure_address
from pim.feeds.jobs import subject_of
from pim.feeds.models import Feed
from pim.feeds.recommended import RULE as RECOMMENDED
from pim.feeds.why import FeedReadiness, why_not
from pim.jobs import schedules
from pim.products.queries import ProductDetail, get
from pim.structure.objects import Scope, Structure
from pim.values import Document
from pim.web.page import now, settings, storage
from pim.web.products.around import address_label

SHOWN = 6
"""Reasons per feed."""
NOT_FIELDS = ("status", "categories")
"""What a reason may be about besides an address of ours and a field of the channel."""
LONGEST = 60
"""Characters of a value in a reason."""


@dataclass(frozen=True)
class BlockingCause:
    """A reason in words. ``address``: the field that cures it, where there is one; ``holder``: the
    product or model on whose page it is. ``field``: that of the channel which it fills, where the
    reason is about this. ``value``: what is wrong, short. ``variants``: how many it holds for.
    """

    sentence: Text
    label: str
    address: str
    field: str
    value: str
    blocks: bool
    variants: int
    holder: str


@dataclass(frozen=True)
class FeedStanding:
    """A product in one feed; of a model, ``live`` and ``sent`` of ``variants``: what the published
    file has, which is a fact, and what the next build takes, which is a forecast.

    ``is_current``: what is live stands there as the next build would write it, ``since`` then; of
    what is not live, ``since`` the published file came out. ``next_at``: when the next build is
    due. ``scope``: in whose form the causes are cured. ``more``: how many causes are not among
    ``causes``.
    """

    feed: Feed
    scope: Scope
    variants: int
    sent: int
    live: int
    is_current: bool
    since: datetime | None
    next_at: datetime | None
    causes: list[BlockingCause]
    more: int

    @property
    def forecast(self) -> Literal["goes", "changes", "leaves", ""]:
        """What the next build changes."""
        if self.sent > self.live:
            return "goes"
        if self.sent < self.live:
            return "leaves"
        return "changes" if self.live and not self.is_current else ""


def in_feeds(
    session: Session, structure: Structure, identifier: str, *, if_approved: bool = False
) -> list[FeedStanding]:
    """One per feed. ``if_approved``: the next build is that after an approval of the product."""
    verdicts = why_not(
        session,
        storage(),
        identifier,
        settings().base_url,
        now().date(),
        if_approved=if_approved,
    )
    feeds = {feed.code: feed for feed in queries.feeds(session)}
    shown = get(session, identifier)
    return [
        _standing(session, structure, feeds[code], list(group), shown)
        for code, group in groupby(verdicts, key=lambda one: one.feed)
    ]


def _standing(
    session: Session,
    structure: Structure,
    feed: Feed,
    verdicts: Sequence[FeedReadiness],
    shown: ProductDetail,
) -> FeedStanding:
    causes = _causes(structure, feed, verdicts, shown.document)
    known = [one.live for one in verdicts if one.live is not None]
    live = [one for one in known if one.is_in]
    moments = [one.since for one in live or known]
    return FeedStanding(
        feed=feed,
        scope=Scope(feed.channel, feed.locale),
        variants=len(verdicts),
        sent=sum(one.is_sent for one in verdicts),
        live=len(live),
        is_current=all(one.is_current for one in live),
        since=max(moments, default=None),
        next_at=_next_build(session, feed),
        causes=[_held(session, structure, cause, shown) for cause in causes[:SHOWN]],
        more=max(0, len(causes) - SHOWN),
    )


def _next_build(session: Session, feed: Feed) -> datetime | None:
    schedule = schedules.get(session, subject_of(feed.code))
    if schedule is None or not schedule.enabled:
        return None
    return schedule.next_at


def _held(
    session: Session, structure: Structure, cause: BlockingCause, shown: ProductDetail
) -> BlockingCause:
    """With the page on which it is cured. What a model's variants hold is filled in on the page of
    the first that lacks it.
    """
    if not cause.address:
        return cause
    is_here = cause.holder == shown.product.identifier
    lacking = shown if is_here else get(session, cause.holder)
    return replace(cause, holder=lacking.holder(structure, cause.address))


def _causes(
    structure: Structure, feed: Feed, verdicts: Iterable[FeedReadiness], working: Document
) -> list[BlockingCause]:
    """What stands in the way comes first, then what holds for most variants. A value that the
    family requires and the channel too is named once.
    """
    found: dict[tuple[str, str], list[BlockingCause]] = {}
    for verdict in verdicts:
        for reason in verdict.reasons:
            cause = _cause(structure, feed, verdict.identifier, reason, working)
            place = cause.address or reason.address
            found.setdefault((place, reason.rule), []).append(cause)
    causes = [_taken_together(same) for same in found.values()]
    return sorted(causes, key=lambda one: (not one.blocks, -one.variants))


def _taken_together(same: Sequence[BlockingCause]) -> BlockingCause:
    """One cause for all variants that have it: the first that blocks, else the first."""
    first = next((one for one in same if one.blocks), same[0])
    variants = {one.holder for one in same}
    return replace(first, variants=len(variants))


def _cause(
    structure: Structure, feed: Feed, identifier: str, reason: Problem, working: Document
) -> BlockingCause:
    address = cure_address(structure, feed, reason.address)
    is_of_channel = reason.address not in (address, *NOT_FIELDS)
    field = reason.address if is_of_channel else ""
    name = address_label(structure, address) if address else reason.address
    sentence = _sentence(reason, address, working)
    value = reason.value
    if len(value) > LONGEST:
        value = f"{value[:LONGEST]}…"
    return BlockingCause(
        sentence=sentence,
        label=name,
        address=address,
        field=field,
        value=value,
        blocks=reason.is_error,
        variants=1,
        holder=identifier,
    )


def _sentence(reason: Problem, address: str, working: Document) -> Text:
    """What is missing in the published values may be filled in already: then it waits for an
    approver, not for a writer.
    """
    if reason.rule not in ("missing", RECOMMENDED) or not address:
        return reason.message
    if address in working:
        return text("filled in, but not approved yet")
    return reason.message if reason.rule == RECOMMENDED else text("still empty")
