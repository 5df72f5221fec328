"""Which category of a taxonomy each of our categories stands for. Pure.

As a feed's definition holds it::

    taxonomy: google
    version: 2
    nodes:
      bikes: "1025"     # and what is below it, where nothing else is said there
      vouchers: null    # on purpose: no category of the channel
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pim.structure.objects import Structure

TAXONOMY, VERSION, NODES = "taxonomy", "version", "nodes"


@dataclass(frozen=True)
class MappedCategory:
    """What holds for a category of ours. ``said_at``: the category of which it was said, this one
    or one above it. ``node``: None for no category on purpose.
    """

    said_at: str
    node: str | None


@dataclass(frozen=True)
class CategoryMapping:
    """``nodes``: a category of ours -> a code in this version of the taxonomy, or None."""

    taxonomy: str
    version: int
    nodes: Mapping[str, str | None]

    @classmethod
    def read(cls, said: Mapping[str, Any] | None) -> "CategoryMapping | None":
        """What a checked definition says; None where it says nothing."""
        if not said:
            return None
        return cls(said[TAXONOMY], said[VERSION], said.get(NODES, {}))

    def holds_for(self, structure: Structure, category: str) -> MappedCategory | None:
        """What was said of a category or, nearest first, of one above it; None for nothing."""
        for code in structure.path(category):
            if code in self.nodes:
                return MappedCategory(code, self.nodes[code])
        return None

    def decided(self, structure: Structure, categories: Iterable[str]) -> dict[str, MappedCategory]:
        """Those of these categories of which something holds."""
        found = ((code, self.holds_for(structure, code)) for code in categories)
        return {code: mapped for code, mapped in found if mapped is not None}
