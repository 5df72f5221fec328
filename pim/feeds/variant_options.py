"""What tells the variants of one product apart, as web shops and tills write it: some options, each
a name and a value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pim.feeds.contract import Field, Group, Listing, ListingProblem, Problem, Spec, text

NOTE = text("For variants; the values of all options together are unique.")


class OptionLevel(NamedTuple):
    """The two fields of one option."""

    name: str
    value: str


@dataclass(frozen=True)
class VariantOptions:
    """The options that a channel takes, the first one first."""

    levels: Sequence[OptionLevel]

    def fields(self, spec: Spec) -> list[Field]:
        return [
            spec.field(name, max_length=255, help=NOTE) for level in self.levels for name in level
        ]

    def of(self, listing: Listing) -> list[OptionLevel]:
        """Name and value of each option that the product has."""
        return [
            OptionLevel(str(listing[level.name]), str(listing[level.value]))
            for level in self.levels
            if level.name in listing and level.value in listing
        ]

    @property
    def names(self) -> frozenset[str]:
        """All fields of all levels."""
        return frozenset(name for level in self.levels for name in level)

    @property
    def values(self) -> list[str]:
        """The fields of the values, which together tell variants apart."""
        return [level.value for level in self.levels]

    def filled(self, listing: Listing) -> dict[str, Any]:
        """The fields of the options that have both a name and a value."""
        return {
            name: listing[name]
            for level in self.levels
            if level.name in listing and level.value in listing
            for name in level
        }

    def check(self, listing: Listing) -> Iterable[Problem]:
        """A variant has a value of its own."""
        first = self.levels[0].value
        if listing.group is not None and first not in listing:
            message = text("A variant needs the value that tells it from the others.")
            yield Problem(first, "missing", message)

    def check_group(self, group: Group) -> Iterable[ListingProblem]:
        """No two variants have the same values of all options."""
        seen: set[tuple[Any, ...]] = set()
        for listing in group:
            values = tuple(listing.get(level.value) for level in self.levels)
            if values in seen:
                message = text("Another variant of this product has the same options.")
                shown = " / ".join(str(one) for one in values if one)
                problem = Problem(self.levels[0].value, "not_unique", message, shown)
                yield ListingProblem(listing, problem)
            seen.add(values)
