"""What a published build left out, written where lists of products find it.

It follows the publishing, in batches and only where it differs from the build before: whoever
publishes waits for nothing, and a file in which little changes costs little.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from media.storage import Storage
from pim.db import Database
from pim.feeds import queries
from pim.feeds.files import report_key
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.reports import ReportLine, ReportTotal, read_line
from pim.products import feed_index
from pim.products import queries as products
from pim.products.feed_index import Absence
from pim.products.models import FeedIndex

BATCH = 1000
"""Products that are written at once."""


def follow(database: Database, storage: Storage, code: str) -> None:
    """Bring what lists know of a feed in line with its published build. Where another one is
    published meanwhile, with that.
    """
    while (difference := _difference(database, storage, code)) is not None:
        difference.write(database)


@dataclass(frozen=True)
class _Difference:
    """What the published build says otherwise than the index. ``touched``: the products whose rows
    are replaced, by those of ``absences``. ``newest``: the last product that the build saw.
    """

    build: FeedBuild
    newest: int
    totals: Sequence[ReportTotal]
    touched: Collection[int]
    absences: Mapping[int, Sequence[Absence]]

    def write(self, database: Database) -> None:
        """Batch by batch. Until the last one the index is that of no build, so that it is made anew
        where this worker dies.
        """
        feed, ids = self.build.feed, sorted(self.touched)
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            with database.writing_batch() as session:
                _index_of(session, feed).build = None
                absences = [one for number in some for one in self.absences.get(number, ())]
                feed_index.replace_absences(session, feed, some, absences)
        with database.writing_batch() as session:
            index = _index_of(session, feed)
            index.build, index.newest = self.build.id, self.newest
            index.live = feed_index.mark_live(session, feed, self.newest)
            index.reasons = _reasons(self.totals, feed_index.reason_codes(session, feed))


def _index_of(session: Session, feed: str) -> FeedIndex:
    known = feed_index.index_of(session, feed)
    if known is None:
        known = FeedIndex(feed=feed, build=None, newest=0, live=0, reasons=[])
        session.add(known)
    return known


def _difference(database: Database, storage: Storage, code: str) -> _Difference | None:
    """None where the index is that of the published build."""
    with database.reading() as session:
        feed = session.get(Feed, code)
        build = queries.published_build(session, feed) if feed is not None else None
        index = feed_index.index_of(session, code)
        indexed = index.build if index is not None else None
        if build is None or build.id == indexed:
            return None
        after = _lines(storage, build) or frozenset()
        before = _lines(storage, session.get(FeedBuild, indexed)) if indexed else None
        if before is None:
            touched = feed_index.absent_ids(session, code)
            come = after
        else:
            touched = set(_numbered(session, before - after))
            come = after - before
        absences = {
            number: [Absence(number, reason) for reason in _why(line)]
            for number, line in _numbered(session, come).items()
        }
        return _Difference(
            build,
            products.newest_until(session, build.started),
            queries.report_totals(storage, build),
            touched | absences.keys(),
            absences,
        )


def _lines(storage: Storage, build: FeedBuild | None) -> frozenset[bytes] | None:
    """The lines of a build's report; None where it is gone."""
    if build is None or not storage.exists(report_key(build)):
        return None
    return frozenset(storage.get(report_key(build)).splitlines())


def _numbered(session: Session, lines: Collection[bytes]) -> dict[int, ReportLine]:
    """What these lines say, by the products' ids."""
    read = {line.identifier: line for line in map(read_line, lines)}
    numbers = products.ids_of(session, list(read))
    return {numbers[name]: line for name, line in read.items() if name in numbers}


def _why(line: ReportLine) -> Iterator[str]:
    """What keeps the product out; nothing of one that is let in with a doubt."""
    if line.excluded:
        codes = (_code(one.rule, one.address) for one in line.reasons if one.is_error)
        yield from dict.fromkeys(codes)


def _code(rule: str, field: str) -> str:
    return feed_index.reason_code(rule, field)


def _reasons(totals: Sequence[ReportTotal], found: Collection[str]) -> list[list[Any]]:
    """Those for which something is left out, the most frequent first."""
    return [
        [code, one.field, one.sentence.stored()]
        for one in totals
        if (code := _code(one.rule, one.field)) in found
    ]
