"""Why a product is (not) in a feed: the build's own judgement, asked for one product, now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pim.errors import EtalageError, Invalid
from pim.feeds import queries, service
from pim.feeds.contract import Problem
from pim.feeds.models import Feed
from pim.feeds.rendering import compile_feed, eligibilities, render_group
from pim.products import queries as products
from pim.structure import queries as catalog
from pim.structure.objects import Structure


@dataclass(frozen=True)
class FeedReadiness:
    """One product in one feed, as the next build will have it. ``reasons`` that do not block are
    warnings.
    """

    feed: str
    label: str
    identifier: str
    is_sent: bool
    is_published: bool
    reasons: Sequence[Problem]


def why_not(
    session: Session, identifier: str, base_url: str, today: date, feed: str | None = None
) -> list[FeedReadiness]:
    """A verdict per feed; for a model, per feed and variant. :class:`~pim.errors.NotFound` for an
    unknown product or feed.
    """
    root = products.root_of(session, identifier)
    wanted = products.get(session, identifier).product
    structure = catalog.structure(session)
    group = products.published(session, [root]).get(root, [])
    names = {
        one.identifier
        for one in group
        if wanted.identifier in (one.identifier, one.model, one.root)
    }
    asked = [service.get(session, feed)] if feed else queries.feeds(session)
    return [
        verdict
        for one in asked
        for verdict in _verdicts(session, structure, one, group, base_url, today)
        if verdict.identifier in names
    ]


def _verdicts(
    session: Session,
    structure: Structure,
    feed: Feed,
    group: Sequence[products.Published],
    base_url: str,
    today: date,
) -> list[FeedReadiness]:
    """The verdict on each product of a group."""
    try:
        compiled = compile_feed(structure, feed, base_url, today)
    except EtalageError as error:
        # The feed itself is broken, for instance by a change of the structure.
        reasons = _reasons(error)
        return [_verdict(feed, product.identifier, False, reasons) for product in group]
    _, _, lines = render_group(compiled, group, eligibilities(session, compiled, group))
    left_out = {line.identifier for line in lines if line.excluded}
    reasons_of: dict[str, list[Problem]] = {}
    for line in lines:
        reasons_of.setdefault(line.identifier, []).extend(line.reasons)
    return [
        _verdict(feed, name, name not in left_out, reasons_of.get(name, []))
        for name in (product.identifier for product in group)
    ]


def _verdict(
    feed: Feed, identifier: str, is_sent: bool, reasons: Sequence[Problem]
) -> FeedReadiness:
    is_published = feed.published is not None
    return FeedReadiness(feed.code, feed.label, identifier, is_sent, is_published, reasons)


def _reasons(error: EtalageError) -> list[Problem]:
    if not isinstance(error, Invalid):
        return [Problem("", "feed", error.message)]
    return [
        Problem(field, "feed", message)
        for field, messages in error.messages.items()
        for message in messages
    ]
