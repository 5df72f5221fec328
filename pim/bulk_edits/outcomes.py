"""What became of the products of a batch, counted: the same for a trial and for the real thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pim.bulk_edits.batches import BatchRework
from pim.problems import Problem
from pim.products.change import ProductPlan
from pim.products.rework import ReworkedBatch


@dataclass(slots=True)
class ReworkedProduct:
    """What became of one product. ``plans``: of its edit and of its step of the workflow."""

    identifier: str
    plans: list[ProductPlan] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """changed, refused (nothing of it could be done, and somebody should know why) or
        unchanged.
        """
        if any(plan.outcome == "updated" for plan in self.plans):
            return "changed"
        return "refused" if self.problems else "unchanged"


@dataclass(slots=True)
class BulkTally:
    """``left_out``: what could not be done of products that were changed otherwise."""

    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    left_out: int = 0

    def count(self, product: ReworkedProduct) -> None:
        outcome = product.outcome
        setattr(self, outcome, getattr(self, outcome) + 1)
        if outcome == "changed":
            self.left_out += len(product.problems)


def outcomes(
    products: Mapping[str, bool], rework: BatchRework, batch: ReworkedBatch
) -> list[ReworkedProduct]:
    """One for each product, in order."""
    found = {
        identifier: ReworkedProduct(identifier, [], [*rework.problems.get(identifier, ())])
        for identifier in products
    }
    for plan in (*batch.edits, *batch.steps):
        one = found[plan.identifier]
        one.plans.append(plan)
        one.problems += plan.problems
    return list(found.values())
