"""Reading feeds, their builds and what was left out of them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from media.storage import Storage
from pim.feeds.differences import CausedDifferences, read_differences
from pim.feeds.files import differences_key, report_key
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.reports import ReportLine, ReportTotal, count_totals, load_totals, read_line

WEEK = timedelta(days=7)


def feeds(session: Session) -> Sequence[Feed]:
    return session.scalars(select(Feed).order_by(Feed.position, Feed.code)).all()


def published_build(session: Session, feed: Feed) -> FeedBuild | None:
    """The build the world sees, None before the first."""
    return None if feed.published is None else session.get(FeedBuild, feed.published)


def builds(session: Session, code: str, limit: int = 30) -> Sequence[FeedBuild]:
    """The latest first."""
    return session.scalars(
        select(FeedBuild).where(FeedBuild.feed == code).order_by(FeedBuild.id.desc()).limit(limit)
    ).all()


def warned_build(session: Session, feed: Feed) -> FeedBuild | None:
    """The build that made the published file, where the gate had doubts about it and nobody has
    looked at them; otherwise None.
    """
    now = published_build(session, feed)
    if now is None:
        return None
    made = session.scalars(
        select(FeedBuild)
        .where(FeedBuild.feed == feed.code, FeedBuild.sha256 == now.sha256)
        .where(FeedBuild.state == "published")
        .order_by(FeedBuild.id.desc())
        .limit(1)
    ).first()
    if made is None or not made.verdict or made.is_released:
        return None
    return made


def build_of_last_week(
    session: Session, feed: Feed, now: datetime, *, before: FeedBuild | None
) -> FeedBuild | None:
    """The build that partners had seven days ago, of those since somebody last found a build right
    that the gate doubted; the first one of these where the feed is younger. None where that is the
    one that they have now, or an equal one: it is compared with anyhow.
    """
    found: FeedBuild | None = None
    for build in builds(session, feed.code, 1000):
        if build.state not in ("published", "unchanged"):
            continue
        found = build
        if build.finished <= now - WEEK or build.is_released:
            break
    if found is None or before is None or found.sha256 == before.sha256:
        return None
    return found


def build_before(session: Session, build: FeedBuild) -> FeedBuild | None:
    """The build that partners had before this one was made."""
    earlier = select(FeedBuild).where(
        FeedBuild.feed == build.feed,
        FeedBuild.id < build.id,
        FeedBuild.state.in_(("published", "unchanged")),
    )
    return session.scalars(earlier.order_by(FeedBuild.id.desc()).limit(1)).first()


def kept_differences(storage: Storage, build: FeedBuild) -> Sequence[CausedDifferences]:
    """What a build changes, by cause; nothing where that is not kept with it."""
    key = differences_key(build)
    return read_differences(storage.get(key)) if storage.exists(key) else ()


def last_build(session: Session, code: str) -> FeedBuild | None:
    return next(iter(builds(session, code, 1)), None)


def report(storage: Storage, build: FeedBuild) -> Iterator[ReportLine]:
    """Products of a build that were left out or let in with a warning, in feed order."""
    return map(read_line, storage.get(report_key(build)).splitlines())


def report_page(
    storage: Storage,
    build: FeedBuild,
    start: int,
    size: int,
    rule: str = "",
    field: str = "",
    among: Collection[str] = (),
    *,
    excluded: bool | None = None,
) -> list[ReportLine]:
    """A slice of the report; ``rule`` keeps the products that break this rule (``missing``,
    ``not_approved``, …), ``field`` there, ``among`` these products, ``excluded`` those that are
    left out, or those that are not. Retired ones come only where the rule asks for them.
    """

    def is_wanted(line: ReportLine) -> bool:
        if among and line.identifier not in among:
            return False
        if excluded is not None and line.excluded != excluded:
            return False
        if not rule:
            return not line.is_retired
        return any(
            (reason.rule, reason.address) == (rule, field or reason.address)
            for reason in line.reasons
        )

    return list(islice(filter(is_wanted, report(storage, build)), start, start + size))


def report_totals(storage: Storage, build: FeedBuild) -> list[ReportTotal]:
    """How many products have which problem where, the most frequent first."""
    if build.totals is not None:
        return load_totals(build.totals)
    # A build of before the totals were kept with it.
    if not storage.exists(report_key(build)):
        return []
    return count_totals(storage.get(report_key(build)).splitlines())
