"""What differs between two builds of a feed, product by product, and why. Nothing enters, leaves or
changes without one named cause.

Which products differ, and in which fields, the traces of the builds say; why, the change log and
the versions of the set-up between the two builds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import orjson

from pim.errors import Text
from pim.feeds.traces import Trace

DifferenceKind = Literal["vanishes", "enters", "changes"]
EVENTS: tuple[DifferenceKind, ...] = ("vanishes", "enters", "changes")
MOST = 50
"""Products that are named of each cause and event."""


class TracedProduct(NamedTuple):
    """A product as a trace knows it: its top product's id, and a checksum of its identifier."""

    root: int
    checksum: int


@dataclass(frozen=True)
class TracedDifference:
    """A product in which two traces differ. ``fields``: what changed of it."""

    product: TracedProduct
    event: DifferenceKind
    fields: tuple[str, ...] = ()


def traced_differences(old: Trace, new: Trace) -> Iterator[TracedDifference]:
    """Those that vanish, then those that enter or change, in the order of the new feed. A field
    that only one of the feeds fills counts as empty in the other.
    """
    before, after = _places(old), _places(new)
    for product in before.keys() - after.keys():
        yield TracedDifference(product, "vanishes")
    names = list(dict.fromkeys([*old.fields, *new.fields]))
    is_alike = list(old.fields) == list(new.fields)
    for product, place in after.items():
        former = before.get(product)
        if former is None:
            yield TracedDifference(product, "enters")
        elif not is_alike or old.values(former) != new.values(place):
            changed = [
                name for name in names if _value(old, name, former) != _value(new, name, place)
            ]
            if changed:
                yield TracedDifference(product, "changes", tuple(changed))


def _places(trace: Trace) -> dict[TracedProduct, int]:
    keys = zip(trace.part("root"), trace.part("product"), strict=True)
    return {TracedProduct(*key): place for place, key in enumerate(keys)}


def _value(trace: Trace, name: str, place: int) -> int:
    return trace.value("=" + name, place) if name in trace.fields else 0


@dataclass(frozen=True)
class Cause:
    """Why something differs. ``kind``: edit, import, stock, rule, mapping, structure,
    specification, clock, picture, neighbour. ``reference``: tells causes of a kind apart, such as
    the import run.
    """

    kind: str
    reference: str
    message: Text


@dataclass(frozen=True)
class DifferingProduct:
    """A product that differs, by name. ``row``: of the import file that caused it."""

    identifier: str
    fields: tuple[str, ...] = ()
    row: int | None = None


@dataclass
class CausedDifferences:
    """All that has one cause: how many products by event, and the first of them."""

    cause: Cause
    counts: dict[DifferenceKind, int] = field(default_factory=lambda: dict.fromkeys(EVENTS, 0))
    products: dict[DifferenceKind, list[DifferingProduct]] = field(
        default_factory=lambda: {one: [] for one in EVENTS}
    )

    def add(self, event: DifferenceKind, product: DifferingProduct) -> None:
        self.counts[event] += 1
        if len(self.products[event]) < MOST:
            self.products[event].append(product)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def spelled(groups: Iterable[CausedDifferences]) -> bytes:
    """As they are kept with a build that is held."""
    return orjson.dumps(
        [
            [
                [one.cause.kind, one.cause.reference, one.cause.message.stored()],
                one.counts,
                {
                    event: [[each.identifier, each.fields, each.row] for each in products]
                    for event, products in one.products.items()
                },
            ]
            for one in groups
        ],
        default=str,
    )


def read_differences(data: bytes) -> list[CausedDifferences]:
    """What :func:`spelled` made."""
    return [_group(*one) for one in orjson.loads(data)]


def _group(
    cause: Sequence[Any],
    counts: dict[DifferenceKind, int],
    products: Mapping[DifferenceKind, Sequence[Any]],
) -> CausedDifferences:
    kind, reference, message = cause
    named = {
        event: [DifferingProduct(name, tuple(fields), row) for name, fields, row in some]
        for event, some in products.items()
    }
    return CausedDifferences(Cause(kind, reference, Text.read(message)), counts, named)
