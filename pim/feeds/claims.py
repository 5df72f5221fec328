"""Values that only one product of a feed may have: its number, its address in the shop, its GTIN.

A build copies what did not change and renders in several processes, so nobody sees all values while
it runs. The finished file is read for repeated ones; only where there are any, the feed is built
once more, product after product, with the claims of this module.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
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


@dataclass(frozen=True)
class _UniqueField:
    """A field of which only one product may have a value. ``invalid``: what becomes of the second;
    ``holders``: value -> the first.
    """

    field: Field
    invalid: Invalidity
    holders: dict[str, _Holder] = dataclass_field(default_factory=dict)

    def contested(self, listing: Listing) -> Problem | None:
        """What is wrong where somebody else has the value already; one that may be dropped leaves
        the listing.
        """
        holder = self._holder_of_value(listing)
        if holder is None:
            return None
        value = str(listing[self.field.name])
        if self.invalid == "drop":
            del listing[self.field.name]
        message = text("“%(product)s” has the same value in this feed.", product=holder.identifier)
        return Problem(self.field.name, "repeated", message, value, SEVERITY[self.invalid])

    def claim(self, listing: Listing) -> None:
        """The value is this product's from now on, unless it was somebody's."""
        if self.field.name in listing:
            value = self._comparable(listing[self.field.name])
            self.holders.setdefault(value, _Holder(listing.identifier, listing.root))

    def _holder_of_value(self, listing: Listing) -> _Holder | None:
        value = listing.get(self.field.name)
        if value is None:
            return None
        holder = self.holders.get(self._comparable(value))
        if holder is None:
            return None
        is_own_family = self.field.unique == "product" and holder.root == listing.root
        return None if is_own_family else holder

    def _comparable(self, value: Any) -> str:
        return gtin_key(value) if self.field.kind == "gtin" else str(value)


class Claims:
    """Who has which unique value, in the order of the feed: the first one keeps it."""

    def __init__(self, exporter: Exporter, mapping: Mapping[str, Any]) -> None:
        self._unique = [
            _UniqueField(field, _for_the_second(invalidity(field, exporter, mapping)))
            for field in exporter.rules
            if field.unique in ("feed", "product") and field.name in mapping
        ]

    def contested(self, listings: Sequence[Listing]) -> Iterator[ListingProblem]:
        """What is somebody else's already. A value that may be dropped leaves its listing; who must
        stay out claims nothing.
        """
        for listing in listings:
            problems = [one.contested(listing) for one in self._unique]
            found = [problem for problem in problems if problem is not None]
            for problem in found:
                yield ListingProblem(listing, problem)
            if not any(problem.is_error for problem in found):
                for one in self._unique:
                    one.claim(listing)


def _for_the_second(invalid: Invalidity) -> Invalidity:
    """A warning does not do: a file with the same key twice is held as a whole."""
    return "block" if invalid == "warn" else invalid
