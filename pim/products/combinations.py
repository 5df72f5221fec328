"""The variants that a model would have with these values on its axes: which are there, and which
would be made. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from pim.products.change import RecordKind
from pim.structure.objects import FamilyVariant, Level

AxisValues = tuple[tuple[str, str], ...]
"""(axis, option) for each axis of a level, in its order."""


@dataclass(frozen=True)
class PossibleVariant:
    """A record below a model. ``parent``: the identifier of the model above it; ``is_there``: it
    exists already. What does not has a proposed identifier.
    """

    identifier: str
    parent: str
    values: AxisValues
    kind: RecordKind
    is_there: bool

    @property
    def typed(self) -> dict[str, str]:
        """What makes it, as a form would send it."""
        return {"parent": self.parent, **dict(self.values)}


def combine(
    variant: FamilyVariant, top: Any, below: Sequence[Any], chosen: Mapping[str, Sequence[str]]
) -> list[PossibleVariant]:
    """Every combination of the chosen values, models before what stands below them; none where an
    axis has no value. ``top``, ``below``: the model and all that is below it, as rows.
    """
    if not all(chosen.get(axis) for level in variant.levels for axis in level.axes):
        return []
    return list(_Tree(variant, below, chosen).under(top.identifier, top.id, 0))


class _Tree:
    def __init__(
        self, variant: FamilyVariant, below: Sequence[Any], chosen: Mapping[str, Sequence[str]]
    ) -> None:
        self.levels, self.below, self.chosen = variant.levels, below, chosen
        self.spelling = _spelling(variant, below)

    def under(self, parent: str, parent_id: int | None, depth: int) -> Iterable[PossibleVariant]:
        level = self.levels[depth]
        is_last = depth + 1 == len(self.levels)
        there = {
            _values_on(level, one.values): one for one in self.below if one.parent_id == parent_id
        }
        for options in product(*(self.chosen[axis] for axis in level.axes)):
            values = tuple(zip(level.axes, options, strict=True))
            found = there.get(values)
            name = found.identifier if found is not None else self._proposed(parent, values)
            kind: RecordKind = "product" if is_last else "model"
            yield PossibleVariant(name, parent, values, kind, found is not None)
            if not is_last:
                # Below what is not there yet nothing can be: no record has an id of -1.
                yield from self.under(name, found.id if found is not None else -1, depth + 1)

    def _proposed(self, parent: str, values: AxisValues) -> str:
        return "-".join([parent, *(self.spelling.get(one, one[1].upper()) for one in values)])


def _spelling(variant: FamilyVariant, below: Sequence[Any]) -> dict[tuple[str, str], str]:
    """How the identifiers that are there spell a value of an axis: of a level with one axis it is
    what they have behind the model's.
    """
    names = {one.id: one.identifier for one in below}
    axes = [level.axes[0] for level in variant.levels if len(level.axes) == 1]
    found: dict[tuple[str, str], str] = {}
    for one in below:
        above = names.get(one.parent_id, "")
        last = one.identifier.removeprefix(above).rpartition("-")[2]
        for axis in axes:
            if axis in one.values and last:
                found.setdefault((axis, str(one.values[axis])), last)
    return found


def _values_on(level: Level, values: Mapping[str, Any]) -> AxisValues:
    return tuple((axis, str(values.get(axis, ""))) for axis in level.axes)


def wanted(
    combinations: Sequence[PossibleVariant], names: Mapping[str, str]
) -> list[PossibleVariant]:
    """Those that are to be made: products that are named, and the models that they need.
    ``names``: proposed identifier -> the one that somebody gave it.
    """
    parents = {
        one.parent for one in combinations if one.kind == "product" and one.identifier in names
    }
    made = {
        one.identifier: names.get(one.identifier, one.identifier)
        for one in combinations
        if not one.is_there and (one.identifier in (names if one.kind == "product" else parents))
    }
    return [
        PossibleVariant(
            made[one.identifier], made.get(one.parent, one.parent), one.values, one.kind, False
        )
        for one in combinations
        if one.identifier in made
    ]
