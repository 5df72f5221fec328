"""Why how many products of a build are left out or doubtful."""

from dataclasses import dataclass

from pim.errors import Text
from pim.feeds import queries
from pim.feeds.models import Feed, FeedBuild
from pim.structure.objects import Structure
from pim.web.feeds.words import field_label
from pim.web.page import storage


@dataclass(frozen=True)
class TotalLine:
    """Why how many products are left out or doubtful. ``label``: what people call the field."""

    field: str
    label: str
    rule: str
    products: int
    sentence: Text


def totals_of(structure: Structure, feed: Feed, build: FeedBuild | None) -> list[TotalLine]:
    """Why products are left out or doubtful, the most frequent first."""
    if build is None:
        return []
    return [
        TotalLine(
            total.field,
            field_label(structure, feed, total.field),
            total.rule,
            total.products,
            total.sentence,
        )
        for total in queries.report_totals(storage(), build)
    ]
