"""How feeds would change: which products would enter or leave each of them."""

from collections.abc import Iterator, Sequence
from datetime import date

import orjson
from sqlalchemy.orm import Session

from pim.errors import EtalageError
from pim.feeds import queries as feeds
from pim.feeds.rendering import CompiledFeed, compile_feed, eligibilities
from pim.products import published_products
from pim.products.published_products import Published, StoredRow
from pim.products.rework import ReworkedBatch
from pim.products.workspace import LoadedProduct, Workspace
from pim.structure.objects import Structure
from pim.workflow import RETIRED


class FeedEffects:
    """Counts, for every feed, the products that enter and leave it.

    What is edited reaches a feed once it is approved, so a product that was changed is looked at as
    if it had been. Each product is judged by itself: what only a whole build can see, such as a
    value that two products share, is left to the build.
    """

    def __init__(self, session: Session, structure: Structure, base_url: str, today: date) -> None:
        self.entering: dict[str, int] = {}
        self.leaving: dict[str, int] = {}
        self._compiled: dict[str, CompiledFeed] = {}
        for feed in feeds.feeds(session):
            try:
                self._compiled[feed.code] = compile_feed(structure, feed, base_url, today)
            except EtalageError:
                continue  # a feed that is broken already loses nothing by this
            self.entering[feed.code] = self.leaving[feed.code] = 0

    def add(self, session: Session, batch: ReworkedBatch) -> None:
        """Count what a batch would do. ``session``: that in which it was planned."""
        work = batch.work
        changed = {
            one.identifier for one in (*batch.edits, *batch.steps) if one.outcome == "updated"
        }
        roots = sorted({item.root_id for item in work.touched})
        if not changed or not self._compiled:
            return
        before = _flat(published_products.published(session, roots))
        after = _flat(published_products.unfolded(_rows(work, frozenset(roots))))
        for code, feed in self._compiled.items():
            was, would_be = _sent(session, feed, before), _sent(session, feed, after)
            self.entering[code] += len(would_be - was)
            self.leaving[code] += len(was - would_be)


def _flat(groups: dict[int, list[Published]]) -> Sequence[Published]:
    return [one for group in groups.values() for one in group]


def _sent(session: Session, feed: CompiledFeed, window: Sequence[Published]) -> frozenset[int]:
    verdicts = eligibilities(session, feed, window)
    return frozenset(number for number, one in verdicts.items() if one.listing is not None)


def _rows(work: Workspace, roots: frozenset[int]) -> Iterator[StoredRow]:
    """The products of a workspace as a feed would read them."""
    touched = {item.id for item in work.touched}
    for item in work.by_id.values():
        if item.root_id in roots:
            yield _row(item, is_touched=item.id in touched)


def _row(item: LoadedProduct, *, is_touched: bool) -> StoredRow:
    is_approved = item.published is not None or (is_touched and item.status != RETIRED)
    seen = item.values if is_touched or item.published is None else item.published
    return (
        item.root_id,
        item.id,
        item.identifier,
        item.kind,
        item.parent_id,
        item.family,
        item.enabled,
        item.status,
        orjson.dumps(seen),
        is_approved,
    )
