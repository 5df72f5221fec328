"""What a product is worth to the shop: its price times its stock, so that a reason can say how much
of what could be sold it costs.

Which attributes price and stock are is known by their meaning: somebody has said so, or they have
the usual codes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pim.feeds.lookup import FeedLookup
from pim.feeds.suggestions import attributes_by_meaning
from pim.meanings import sources_of
from pim.structure.objects import Structure
from pim.values import Document

Worth = Callable[[Document], int]
"""A published document -> hundredths of the feed's currency, 0 where something is missing."""
MOST = 10**15
"""What a product is worth at most: sums of millions of them fit into 64 bits."""


@dataclass(frozen=True)
class WorthSources:
    """The addresses of price and stock, in the feed's channel, locale and currency."""

    price: str
    stock: str

    def of(self, document: Document) -> int:
        try:
            worth = round(100 * float(document[self.price]) * float(document[self.stock]))
        except (KeyError, TypeError, ValueError, OverflowError):
            return 0
        return min(max(worth, 0), MOST)


def worth_sources(lookup: FeedLookup) -> WorthSources | None:
    """None where the shop has no price or no stock."""
    structure = lookup.structure
    prices = [code for code in _meant(structure, "price") if _is_type(structure, code, "price")]
    stocks = [code for code in _meant(structure, "stock") if _is_type(structure, code, "number")]
    if not prices or not stocks:
        return None
    return WorthSources(lookup.address(prices[0]), lookup.address(stocks[0]))


def _meant(structure: Structure, meaning: str) -> Sequence[str]:
    said = attributes_by_meaning(structure).get(meaning, ())
    return said or sources_of(meaning, structure.attributes)


def _is_type(structure: Structure, code: str, type_code: str) -> bool:
    return structure.attributes[code].type.is_of_kind(type_code)
