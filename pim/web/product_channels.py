"""Why a product is not online, feed by feed, in one place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from pim.errors import Text
from pim.feeds.why import Verdict, why_not
from pim.structure import Structure
from pim.web.page import now, settings
from pim.web.product_view import address_label

SHOWN = 6
"""Reasons per feed."""


@dataclass(frozen=True)
class Cause:
    """A reason in words. ``address``: the field that cures it, where there is one. ``variants``: how many it holds for."""

    sentence: Text
    label: str
    address: str
    blocks: bool
    variants: int


@dataclass(frozen=True)
class Standing:
    """A product in one feed; of a model, ``sent`` of ``variants``. ``is_built``: the feed has a published file at all."""

    feed: str
    label: str
    sent: int
    variants: int
    is_built: bool
    causes: list[Cause]


def in_feeds(session: Session, structure: Structure, identifier: str) -> list[Standing]:
    """One per feed, as the next build will have it."""
    verdicts = why_not(session, identifier, settings().base_url, now().date())
    return [_standing(structure, list(group)) for _, group in groupby(verdicts, key=lambda one: one.feed)]


def _standing(structure: Structure, verdicts: Sequence[Verdict]) -> Standing:
    first = verdicts[0]
    sent = sum(one.is_sent for one in verdicts)
    return Standing(first.feed, first.label, sent, len(verdicts), first.is_published, _causes(structure, verdicts))


def _causes(structure: Structure, verdicts: Iterable[Verdict]) -> list[Cause]:
    """What stands in the way comes first, then what holds for most variants."""
    found: dict[tuple[str, str], list[Cause]] = {}
    for reason in (reason for one in verdicts for reason in one.reasons):
        address = reason.field if reason.field in structure.attribute_at else ""
        name = address_label(structure, address) if address else reason.field
        found.setdefault((reason.field, reason.rule), []).append(Cause(reason.message, name, address, reason.blocks, 1))
    causes = [Cause(one[0].sentence, one[0].label, one[0].address, one[0].blocks, len(one)) for one in found.values()]
    return sorted(causes, key=lambda one: (not one.blocks, -one.variants))[:SHOWN]
