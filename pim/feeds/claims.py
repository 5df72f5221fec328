"""Values that only one product of a feed may have: its number, its address in the shop, its GTIN.

A build copies what did not change and renders in several processes, so nobody sees all values while
it runs. The finished file is read for repeated ones; only where there are any, the feed is built
once more, product after product, with the claims of this module.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pim.errors import text
from pim.feeds.check import SEVERITY, invalidity
from pim.feeds.contract import Exporter, Field, Listing, ListingProblem, Problem
from pim.feeds.fields import Invalidity
from pim.feeds.formats.base import gtin_key


class _Holder(NamedTuple):
    """Who has a value: a product, and the top model that it belongs to."""

    identifier: str
    root: str


class Claims:
    """Who has which unique value, in the order of the feed: the first one keeps it."""

    def __init__(self, exporter: Exporter, mapping: Mapping[str, Any]) -> None:
        self._rules: list[tuple[Field, Invalidity, dict[str, _Holder]]] = [
            (field, _for_the_second(invalidity(field, exporter, mapping)), {})
            for field in exporter.rules
            if field.unique in ("feed", "product") and field.name in mapping
        ]

    def contested(self, listings: Sequence[Listing]) -> Iterator[ListingProblem]:
        """What is somebody else's already. A value that may be dropped leaves its listing; who must
        stay out claims nothing.
        """
        for listing in listings:
            problems = [found for rule in self._rules if (found := _contested(listing, *rule))]
            yield from (ListingProblem(listing, problem) for problem in problems)
            if not any(problem.is_error for problem in problems):
                self._claim(listing)

    def _claim(self, listing: Listing) -> None:
        holder = _Holder(listing.identifier, listing.root)
        for field, _, holders in self._rules:
            if field.name in listing:
                holders.setdefault(_comparable(field, listing[field.name]), holder)


def _for_the_second(invalid: Invalidity) -> Invalidity:
    """A warning does not do: a file with the same key twice is held as a whole."""
    return "block" if invalid == "warn" else invalid


def _contested(
    listing: Listing, field: Field, invalid: Invalidity, holders: Mapping[str, _Holder]
) -> Problem | None:
    value = listing.get(field.name)
    holder = None if value is None else holders.get(_comparable(field, value))
    if holder is None or (field.unique == "product" and holder.root == listing.root):
        return None
    if invalid == "drop":
        del listing[field.name]
    message = text("“%(product)s” has the same value in this feed.", product=holder.identifier)
    return Problem(field.name, "repeated", message, str(value), SEVERITY[invalid])


def _comparable(field: Field, value: Any) -> str:
    return gtin_key(value) if field.kind == "gtin" else str(value)
