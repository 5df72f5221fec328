"""Why a product is (not) in a feed: the build's own judgement, asked for one product, now."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from media.storage import Storage
from pim.errors import EtalageError, Invalid
from pim.feeds import queries, service
from pim.feeds.contract import Problem
from pim.feeds.cures import SaidProblem, said
from pim.feeds.live import LiveStanding, live_standings
from pim.feeds.models import Feed
from pim.feeds.recommended import unmapped
from pim.feeds.rendering import compile_feed, eligibilities, render_group
from pim.feeds.reports import ReportLine
from pim.feeds.verify import REPEATED
from pim.products import published_products
from pim.products import queries as products
from pim.structure import queries as catalog
from pim.structure.objects import Structure


@dataclass(frozen=True)
class FeedReadiness:
    """One product in one feed, as the next build will have it. ``reasons`` that do not block are
    warnings. ``live``: how it stands in the published file, None where there is none. ``said``: the
    reasons with the addresses of ours that cure them.
    """

    feed: str
    label: str
    identifier: str
    is_sent: bool
    live: LiveStanding | None
    reasons: Sequence[Problem]
    said: Sequence[SaidProblem]


def why_not(
    session: Session,
    storage: Storage,
    identifier: str,
    base_url: str,
    today: date,
    feed: str | None = None,
    *,
    if_approved: bool = False,
) -> list[FeedReadiness]:
    """A verdict per feed; for a model, per feed and variant. :class:`~pim.errors.NotFound` for an
    unknown product or feed. ``if_approved``: as it would be if somebody approved the product now,
    and with it the models above it.
    """
    root = published_products.root_of(session, identifier)
    detail = products.get(session, identifier)
    wanted = detail.product
    if if_approved:
        approved = {one.identifier for one in (*detail.ancestors, wanted)}
        group: Sequence[published_products.Published] = published_products.published_if_approved(
            session, root, approved
        )
    else:
        group = published_products.published(session, [root]).get(root, [])
    asked = _Asked(session, storage, catalog.structure(session), root, group, base_url, today)
    names = {
        one.identifier
        for one in group
        if wanted.identifier in (one.identifier, one.model, one.root)
    }
    return [
        verdict
        for one in ([service.get(session, feed)] if feed else queries.feeds(session))
        for verdict in asked.verdicts(one)
        if verdict.identifier in names
    ]


@dataclass(frozen=True)
class _Judgement:
    """What the next build would make of a group: its text, who is left out, and what is said of
    whom.
    """

    text: bytes
    left_out: Set[str]
    reasons: Mapping[str, Sequence[Problem]]


@dataclass(frozen=True)
class _Asked:
    """A top product with all below it, of which one wants to know how it stands in feeds."""

    session: Session
    storage: Storage
    structure: Structure
    root: int
    group: Sequence[published_products.Published]
    base_url: str
    today: date

    def verdicts(self, feed: Feed) -> list[FeedReadiness]:
        """The verdict on each product of the group."""
        judged = self._judge(feed)
        live = self._live(feed, judged.text)
        return [
            FeedReadiness(
                feed.code,
                feed.label,
                name,
                name not in judged.left_out,
                live.get(name),
                judged.reasons.get(name, ()),
                said(self.structure, feed, judged.reasons.get(name, ())),
            )
            for name in (product.identifier for product in self.group)
        ]

    def _judge(self, feed: Feed) -> _Judgement:
        try:
            compiled = compile_feed(self.structure, feed, self.base_url, self.today)
        except EtalageError as error:
            # The feed itself is broken, for instance by a change of the structure.
            names = [product.identifier for product in self.group]
            return _Judgement(b"", set(names), dict.fromkeys(names, _reasons(error)))
        verdicts = eligibilities(self.session, compiled, self.group)
        text, _, lines, _ = render_group(compiled, self.group, verdicts)
        reasons: dict[str, list[Problem]] = {}
        for line in [*lines, *self._repeated(feed)]:
            reasons.setdefault(line.identifier, []).extend(line.reasons)
        filled = feed.mapping.keys() | compiled.mapping.set_by_rules
        left_out = {
            name for name, found in reasons.items() if any(reason.is_error for reason in found)
        }
        for product in self.group:
            is_variant = product.model is not None
            of_all = unmapped(compiled.exporter, filled, is_variant=is_variant)
            found = reasons.setdefault(product.identifier, [])
            found += of_all
            found.sort(key=lambda one: not one.is_error)  # what keeps it out comes first
        return _Judgement(text, left_out, reasons)

    def _repeated(self, feed: Feed) -> list[ReportLine]:
        """Whose value another product of the feed has: only a whole build sees that, so the newest
        one is asked.
        """
        last = queries.last_build(self.session, feed.code)
        if last is None or REPEATED not in {one[1] for one in last.totals or ()}:
            return []
        names = {product.identifier for product in self.group}
        lines = queries.report_page(self.storage, last, 0, len(names), REPEATED, among=names)
        return [
            line._replace(reasons=[one for one in line.reasons if one.rule == REPEATED])
            for line in lines
        ]

    def _live(self, feed: Feed, text: bytes) -> dict[str, LiveStanding]:
        build = queries.published_build(self.session, feed)
        if build is None:
            return {}
        return live_standings(self.session, self.storage, build, self.root, text)


def _reasons(error: EtalageError) -> list[Problem]:
    if not isinstance(error, Invalid):
        return [Problem("", "feed", error.message)]
    return [
        Problem(field, "feed", message)
        for field, messages in error.messages.items()
        for message in messages
    ]
