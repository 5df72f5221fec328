"""The compiled steps of a bulk edit at work on one batch of products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from pim.bulk_edits import steps as kinds
from pim.bulk_edits.changes import StepChange
from pim.bulk_edits.steps import TakeStep
from pim.bulk_edits.working import Places, WorkedProduct, worked
from pim.errors import text
from pim.problems import Problem
from pim.products.change import ProductInput
from pim.products.history import changed_since
from pim.products.rework import Rework
from pim.products.workspace import LoadedProduct, Workspace
from pim.structure.objects import Structure
from pim.values import replaced
from pim.workflow import APPROVED, DRAFT, RETIRED, REVIEW

STATUS_AFTER = {
    kinds.SUBMIT: REVIEW,
    kinds.APPROVE: APPROVED,
    kinds.DRAFT: DRAFT,
    kinds.RETIRE: RETIRED,
    kinds.RETURN: DRAFT,
}


@dataclass(frozen=True)
class CompiledSteps:
    """All steps of a bulk edit, ready for its batches. ``is_raised``: the models that hold values
    of the chosen variants are among the products.
    """

    structure: Structure
    changes: Sequence[StepChange]
    status: TakeStep | None
    is_raised: bool = False

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset(address for change in self.changes for address in change.addresses)

    def rework(
        self, session: Session, products: Mapping[str, bool], seen: "SeenMoment | None" = None
    ) -> "BatchRework":
        """``products``: identifier -> whether it stands here because of its model. ``seen``: what
        was changed since is not approved.
        """
        return BatchRework(self, session, products, seen)


@dataclass(frozen=True)
class SeenMoment:
    """``change``: the latest one when somebody looked; ``reference``: of the edit's own."""

    change: int
    reference: str


class BatchRework:
    """The steps at work on one batch. ``problems``: identifier -> what the steps themselves left as
    it was, known once the edits are worked out.
    """

    def __init__(
        self,
        steps: CompiledSteps,
        session: Session,
        products: Mapping[str, bool],
        seen: SeenMoment | None,
    ) -> None:
        self._steps, self._session, self._products = steps, session, products
        self._seen = seen
        self._unseen: frozenset[int] = frozenset()
        self.problems: dict[str, list[Problem]] = {}

    def as_rework(self) -> Rework:
        status = self._steps.status
        return Rework(
            self._work_out,
            self._steps.addresses,
            STATUS_AFTER[status.to] if status else "",
            status.reason if status else "",
            self._takes_step,
        )

    def _work_out(self, work: Workspace) -> list[ProductInput]:
        there = [
            worked(work, item, along=along)
            for identifier, along in self._products.items()
            if (item := work.find(identifier)) is not None
        ]
        places = Places(self._steps.structure, is_raised=self._steps.is_raised)
        for change in self._steps.changes:
            change.run(self._session, there, places)
        self._keep_unseen(work, there)
        self.problems = {one.identifier: one.problems for one in there if one.problems}
        return [_input(one) for one in there if one.new]

    def _keep_unseen(self, work: Workspace, there: Sequence[WorkedProduct]) -> None:
        """Nothing is approved that nobody has seen: neither a product nor a model above it."""
        status, seen = self._steps.status, self._seen
        if status is None or status.to != kinds.APPROVE or seen is None:
            return
        chains = {one.id: [*work.ancestors(one.item), one.item] for one in there}
        ids = {item.id for chain in chains.values() for item in chain}
        changed = changed_since(self._session, ids, seen.change, seen.reference)
        for one in there:
            late = next((item for item in chains[one.id] if item.id in changed), None)
            if late is not None:
                one.left(_changed_meanwhile(late.identifier))
                self._unseen |= {one.id}

    def _takes_step(self, item: LoadedProduct) -> bool:
        status = self._steps.status
        if status is None or item.id in self._unseen:
            return False
        if status.to == kinds.DRAFT:
            return item.status != RETIRED
        return status.to != kinds.RETURN or item.status == RETIRED


def _changed_meanwhile(identifier: str) -> Problem:
    sentence = text("“%(code)s” was changed meanwhile. Look at it again.", code=identifier)
    return Problem("status", "conflict", sentence, identifier)


def _input(one: WorkedProduct) -> ProductInput:
    kind: Any = one.item.kind
    return ProductInput(one.identifier, replaced(one.new), kind, cell_by_cell=True)
