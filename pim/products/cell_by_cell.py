"""The row of a file: a value that cannot be taken costs itself, and nothing else of the row."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from pim.problems import Problem
from pim.products.change import ProductInput
from pim.values import ReadValues, Value, without_items

WHOLE_ROW: Final = frozenset({"", "identifier", "parent", "family_variant"})
"""Where a problem makes it doubtful which product the row is about, or where it belongs: then
nothing of the row is taken.
"""

PlanValues = Callable[[ProductInput], tuple[dict[str, Value], list[Problem]]]
"""An input -> what it would change, and everything that speaks against it."""


def plan_what_can_be_taken(
    one: ProductInput, plan_values: PlanValues
) -> tuple[dict[str, Value], list[Problem]]:
    """What an input changes without the values that cannot be taken, which are told as left out.

    Where a problem concerns the whole row, it is among the problems as an error, and nothing is to
    be changed. Every round leaves out at least one value, and only the first is usual.
    """
    told: list[Problem] = []
    while True:
        new, problems = plan_values(one)
        costly = [problem for problem in problems if costs_itself(problem, one.values)]
        if not costly or len(costly) < sum(problem.is_error for problem in problems):
            return new, [*told, *problems]
        told.extend(problem.left_out() for problem in costly)
        one = replace(one, values=_without(one.values, costly))


def costs_itself(problem: Problem, values: ReadValues) -> bool:
    """Whether leaving out one value mends it.

    Variants that cannot be told apart are not mended by leaving out what tells them apart.
    """
    is_of_a_value = problem.address in values and problem.address not in WHOLE_ROW
    return problem.is_error and is_of_a_value and problem.rule != "axes"


def _without(values: ReadValues, costly: Sequence[Problem]) -> ReadValues:
    """Without these values; of a list only the items that a problem names."""
    items: defaultdict[str, list[str]] = defaultdict(list)
    for problem in costly:
        items[problem.address].append(problem.value)
    for address, wrong in items.items():
        values = without_items(values, address, wrong)
    return values
