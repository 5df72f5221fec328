"""How the products of a page stand in every feed: what the published file has, which is a fact, and
what the next build makes of them. That is worked out only for who has changed since.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pim.errors import EtalageError, Text
from pim.feeds import queries
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.rendering import (
    CompiledFeed,
    compile_feed,
    eligibilities,
    fingerprint_of,
    render_group,
)
from pim.products import feed_index, published_products
from pim.products.feed_index import PublishedFeed
from pim.products.published_products import Member, Published
from pim.structure.objects import Structure


@dataclass(frozen=True)
class ProductStanding:
    """A product in one feed. ``is_live``: the published file has it. ``goes``: the next build takes
    it. ``reasons``: why one of them does not.
    """

    is_live: bool
    goes: bool
    reasons: Sequence[Text]


def page_standings(
    session: Session,
    structure: Structure,
    members: Sequence[Member],
    base_url: str,
    today: date,
) -> dict[str, dict[int, ProductStanding]]:
    """Feed -> id -> standing, of all that can be sold among ``members``, which are some top
    products with all below them.
    """
    known = feed_index.published_feeds(session, [one.id for one in members])
    asked = _Asked(session, structure, members, base_url, today)
    return {
        feed.code: asked.standings(feed, known.get(feed.code)) for feed in queries.feeds(session)
    }


@dataclass(frozen=True)
class _Forecast:
    """What the next build makes of a product."""

    goes: bool
    reasons: Sequence[Text]


class _Asked:
    """The products of a page, asked about one feed after the other."""

    def __init__(
        self,
        session: Session,
        structure: Structure,
        members: Sequence[Member],
        base_url: str,
        today: date,
    ) -> None:
        self._session, self._structure = session, structure
        self._base_url, self._today = base_url, today
        self._sold = [one for one in members if one.kind == "product"]
        self._changed: dict[int, int] = {}  # top product -> the latest change below it
        for one in members:
            self._changed[one.root_id] = max(one.seq, self._changed.get(one.root_id, 0))
        self._groups: dict[int, Sequence[Published]] = {}

    def standings(self, feed: Feed, known: PublishedFeed | None) -> dict[int, ProductStanding]:
        """By the products' ids."""
        build = queries.published_build(self._session, feed)
        forecast = self._forecasts(feed, build)
        found: dict[int, ProductStanding] = {}
        for one in self._sold:
            is_live = known is not None and known.has(one.id)
            if one.id in forecast:
                next_one = forecast[one.id]
                found[one.id] = ProductStanding(is_live, next_one.goes, next_one.reasons)
            else:
                reasons = known.reasons(one.id) if known is not None else ()
                found[one.id] = ProductStanding(is_live, is_live, reasons)
        return found

    def _forecasts(self, feed: Feed, build: FeedBuild | None) -> dict[int, _Forecast]:
        """Of whoever may stand there otherwise than in the published file."""
        try:
            compiled = compile_feed(self._structure, feed, self._base_url, self._today)
        except EtalageError as error:  # the feed is broken: its next build fails
            return {one.id: _Forecast(False, [error.message]) for one in self._sold}
        is_alike = build is not None and build.digest == fingerprint_of(feed, compiled)
        seen = build.seq if build is not None and is_alike else -1
        roots = [root for root, changed in self._changed.items() if changed > seen]
        return {
            number: verdict
            for root in roots
            for number, verdict in self._verdicts(compiled, self._group(root))
        }

    def _group(self, root: int) -> Sequence[Published]:
        """What can be sold below a top product, read once for all feeds."""
        if root not in self._groups:
            self._groups[root] = published_products.published(self._session, [root]).get(root, ())
        return self._groups[root]

    def _verdicts(
        self, compiled: CompiledFeed, group: Sequence[Published]
    ) -> Iterator[tuple[int, _Forecast]]:
        verdicts = eligibilities(self._session, compiled, group)
        lines = render_group(compiled, group, verdicts).lines
        left_out: Mapping[str, Sequence[Text]] = {
            line.identifier: [one.message for one in line.reasons if one.is_error]
            for line in lines
            if line.excluded
        }
        for one in group:
            reasons = left_out.get(one.identifier)
            yield one.id, _Forecast(reasons is None, reasons or ())
