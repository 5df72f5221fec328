"""Reading feeds, their builds and what was left out of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from media.storage import Storage
from pim.errors import Text
from pim.feeds.contract import Problem
from pim.feeds.files import report_key
from pim.feeds.models import Feed, FeedBuild


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


def last_build(session: Session, code: str) -> FeedBuild | None:
    return next(iter(builds(session, code, 1)), None)


@dataclass(frozen=True)
class ReportLine:
    """One product of a build's report."""

    identifier: str
    excluded: bool
    reasons: list[Problem]


def report(storage: Storage, build: FeedBuild) -> Iterator[ReportLine]:
    """Products of a build that were left out or let in with a warning, in feed order."""
    for line in storage.get(report_key(build)).splitlines():
        identifier, excluded, reasons = orjson.loads(line)
        yield ReportLine(
            identifier,
            excluded,
            [
                Problem(address, rule, Text(msgid, parts), value, "error" if blocks else "warning")
                for address, rule, value, msgid, parts, blocks in reasons
            ],
        )


def report_page(
    storage: Storage, build: FeedBuild, start: int, size: int, rule: str = "", field: str = ""
) -> list[ReportLine]:
    """A slice of the report; ``rule`` keeps the products that break this rule (``missing``,
    ``not_approved``, …), ``field`` there.
    """

    def is_wanted(line: ReportLine) -> bool:
        return not rule or any(
            (reason.rule, reason.address) == (rule, field or reason.address)
            for reason in line.reasons
        )

    return list(islice(filter(is_wanted, report(storage, build)), start, start + size))


def report_totals(storage: Storage, build: FeedBuild) -> list[tuple[str, str, int, Text]]:
    """(field, rule, products, an example's sentence), the most frequent first."""
    found: dict[tuple[str, str], tuple[int, Text]] = {}
    for line in report(storage, build):
        for reason in line.reasons:
            number, sentence = found.get((reason.address, reason.rule), (0, reason.message))
            found[(reason.address, reason.rule)] = (number + 1, sentence)
    totals = [
        (field, rule, number, sentence) for (field, rule), (number, sentence) in found.items()
    ]
    return sorted(totals, key=lambda total: -total[2])
