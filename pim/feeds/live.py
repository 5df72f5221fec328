"""What partners receive of a product now: a fact, read from the published build's own index, report
and file. What the next build would make of it is another question (:mod:`pim.feeds.why`).
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from struct import Struct

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from media.storage import Storage
from pim.feeds.files import index_key, report_key
from pim.feeds.fragments import WIDTH, WIDTH_WITHOUT_WORTH, Fragment
from pim.feeds.models import FeedBuild
from pim.feeds.reports import read_line
from pim.products import published_products

ENTRY = Struct(f"<{WIDTH}q")
ENTRY_WITHOUT_WORTH = Struct(f"<{WIDTH_WITHOUT_WORTH}q")
"""A fragment as it stands in an index."""


@dataclass(frozen=True)
class LiveStanding:
    """A product in the published file. ``is_current``: it stands there as the next build would
    write it. ``since``: when the first file came out that has it so; of what is not there, when the
    published one came out.
    """

    is_in: bool
    is_current: bool
    since: datetime


def live_standings(
    session: Session, storage: Storage, build: FeedBuild, root: int, rendered: bytes
) -> dict[str, LiveStanding]:
    """Identifier -> how it stands in this published build, of a top product with all below it.
    ``rendered``: what the next build would write of them.
    """
    size = _size_of_index(storage, build)
    if not size:
        return _standings_by_report(session, storage, build, root)
    fragment = _find_fragment(storage, build, size, root)
    if fragment is None:
        return _standings(session, build, root, None, False, build.finished)
    report = storage.read(report_key(build), fragment.report_at, fragment.report_length)
    text = storage.read(build.path, fragment.at, fragment.length)
    since = _first_with(session, build, fragment.seq)
    return _standings(session, build, root, _left_out(report), text == rendered, since)


def _standings_by_report(
    session: Session, storage: Storage, build: FeedBuild, root: int
) -> dict[str, LiveStanding]:
    """Where a build keeps no index, as of a file that is put together at the end: by its report,
    and by the change sequence that it has seen.
    """
    left_out = _left_out(storage.get(report_key(build)))
    is_current = published_products.sequence_below(session, root) <= build.seq
    return _standings(session, build, root, left_out, is_current, build.finished)


def _standings(
    session: Session,
    build: FeedBuild,
    root: int,
    left_out: Set[str] | None,
    is_current: bool,
    since: datetime,
) -> dict[str, LiveStanding]:
    """``left_out``: None where nothing of this top product is in the file."""
    absent = LiveStanding(False, False, build.finished)
    present = LiveStanding(True, is_current, since)
    return {
        identifier: absent
        if left_out is None or identifier in left_out or created > build.started
        else present
        for identifier, created in published_products.created_below(session, root)
    }


def _first_with(session: Session, build: FeedBuild, seq: int) -> datetime:
    """When the first file came out that has seen this change, of those that are kept."""
    seen = select(func.min(FeedBuild.id)).where(
        FeedBuild.feed == build.feed,
        FeedBuild.state.in_(("published", "unchanged")),
        FeedBuild.seq >= seq,
    )
    first = session.get(FeedBuild, session.scalar(seen))
    return build.finished if first is None else min(first.finished, build.finished)


def _size_of_index(storage: Storage, build: FeedBuild) -> int:
    found = storage.find(index_key(build))
    return 0 if found is None else found.bytes // _entry_of(build).size


def _entry_of(build: FeedBuild) -> Struct:
    return ENTRY_WITHOUT_WORTH if build.worth is None else ENTRY


def _find_fragment(storage: Storage, build: FeedBuild, size: int, root: int) -> Fragment | None:
    """By bisection: the index is in the order of the top products' ids."""
    key, entry_of = index_key(build), _entry_of(build)
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        entry = storage.read(key, middle * entry_of.size, entry_of.size)
        fragment = Fragment(*entry_of.unpack(entry))
        if fragment.root == root:
            return fragment
        if fragment.root < root:
            low = middle + 1
        else:
            high = middle
    return None


def _left_out(report: bytes) -> frozenset[str]:
    lines = map(read_line, report.splitlines())
    return frozenset(line.identifier for line in lines if line.excluded)
