"""What a step of somebody lets into feeds: told right after it, with when partners see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pim.errors import Text, text
from pim.feeds.jobs import subject_of
from pim.feeds.why import FeedReadiness, why_not
from pim.jobs import schedules
from pim.structure.objects import Structure
from pim.values import parse_address
from pim.web.page import now, say, settings, storage, tell

BEYOND_APPROVAL = ("enabled",)
"""What feeds see at once, beside facts."""


@dataclass(frozen=True)
class EnteredFeed:
    """A feed that takes the product now. ``next_at``: when its next build is due."""

    label: str
    next_at: datetime | None


def reaches_feeds(structure: Structure, addresses: Iterable[str]) -> bool:
    """Whether feeds see one of these values without an approval."""
    return any(_is_seen_at_once(structure, address) for address in addresses)


def _is_seen_at_once(structure: Structure, address: str) -> bool:
    attribute = structure.attributes.get(parse_address(address).attribute)
    return address in BEYOND_APPROVAL or (attribute is not None and attribute.fact)


class FeedsBefore:
    """Which feeds take a product, remembered before a step."""

    def __init__(self, session: Session, identifier: str) -> None:
        self.session, self.identifier = session, identifier
        self.sent = {_key(one) for one in self._verdicts() if one.is_sent}

    def entered(self) -> list[EnteredFeed]:
        """Those that take it, or more of its variants, since then."""
        labels: dict[str, str] = {}  # a feed that takes several variants is told of once
        for verdict in self._verdicts():
            if verdict.is_sent and _key(verdict) not in self.sent:
                labels[verdict.feed] = verdict.label
        return [EnteredFeed(label, self._next_build(code)) for code, label in labels.items()]

    def _verdicts(self) -> list[FeedReadiness]:
        today = now().date()
        return why_not(self.session, storage(), self.identifier, settings().base_url, today)

    def _next_build(self, feed: str) -> datetime | None:
        schedule = schedules.get(self.session, subject_of(feed))
        if schedule is None or not schedule.enabled:
            return None
        return schedule.next_at


def _key(verdict: FeedReadiness) -> tuple[str, str]:
    return verdict.feed, verdict.identifier


def say_entering(before: FeedsBefore | None) -> None:
    """Tells what was let in since then; without a memory of it nothing can have been."""
    if before is None:
        return
    said = "; ".join(tell(_one(feed)) for feed in before.entered())
    if said:
        say(text("Now enters %(feeds)s.", feeds=said))


def _one(feed: EnteredFeed) -> Text:
    if feed.next_at is None:
        return text("%(feed)s, with its next build", feed=feed.label)
    return text("%(feed)s, with its build of %(when)s", feed=feed.label, when=feed.next_at)
