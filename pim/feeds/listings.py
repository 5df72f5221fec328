"""What an exporter gets to see of products: listings and groups of them, and the values in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pim.problems import Problem

Action = Literal["add", "update", "delete"]
"""What a delta says of an item, seen from what was last delivered."""


class Missing(LookupError):
    """The exporter asked for a target field that this product has no value for."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a table of properties, for fields of kind "properties": ``Gewicht``, ``1.5``,
    ``kg``. ``code`` is the attribute's own, ``unit_code`` the unit's in UN/ECE Rec 20.
    """

    code: str
    label: str
    value: str
    unit: str = ""
    unit_code: str = ""

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return f"{self.value} {self.unit}".rstrip()

    def __str__(self) -> str:
        return f"{self.label}: {self.shown}".rstrip()


class Listing(dict[str, Any]):
    """A product as one feed sees it: target field -> text, number as text, :class:`Money`,
    :class:`Measure`, :class:`Picture`, or a list of those; for "properties" a list of
    :class:`Property`.

    ``identifier`` the product's, ``group`` its parent model's (or None), ``root`` the top model's
    (or its own). ``action`` what a delta says of it. ``problems`` what went wrong while it was
    made.
    """

    __slots__ = ("action", "group", "identifier", "problems", "root")

    def __init__(self, identifier: str, root: str, group: str | None) -> None:
        self.identifier = identifier
        self.root = root
        self.group = group
        self.action: Action = "add"
        self.problems: Sequence[Problem] = ()

    def __missing__(self, name: str) -> Any:
        raise Missing(name)


@dataclass(slots=True)
class Group:
    """A product with its variants, or one product without.

    ``model``: the listing of the topmost model itself, for an exporter that ``lists_models``; None
    for a product without one.
    """

    listings: Sequence[Listing]
    model: Listing | None = None

    @property
    def first(self) -> Listing:
        return self.listings[0]

    def __iter__(self) -> Iterator[Listing]:
        return iter(self.listings)

    def __len__(self) -> int:
        return len(self.listings)


class ListingProblem(NamedTuple):
    """A rule that one listing breaks beside the others of its group."""

    listing: Listing
    problem: Problem


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category of the channel's tree, parents first. ``parent`` is None for the root."""

    code: str
    parent: str | None
    label: str
    is_leaf: bool
