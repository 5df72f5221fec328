"""Changing products by what they hold: the new values are worked out of those that stand there, in
the transaction that writes them, so that nothing comes between.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pim.db import wait_for_turn
from pim.products import planning, publishing
from pim.products.change import Origin, ProductInput, ProductPlan
from pim.products.service import add_completeness
from pim.products.storing import store_planned
from pim.products.workspace import LoadedProduct, Workspace
from pim.structure import queries as catalog


@dataclass(frozen=True)
class Rework:
    """What to do with a batch of products.

    ``work_out``: the edits, from what the workspace holds; ``addresses``: all that they may name.
    ``status``: the step of the workflow that those products take behind it for which ``takes_step``
    says so, "" for none; ``reason``: why they are approved although nothing is complete.
    """

    work_out: Callable[[Workspace], Sequence[ProductInput]]
    addresses: Collection[str]
    status: str = ""
    reason: str = ""
    takes_step: Callable[[LoadedProduct], bool] = lambda item: True


@dataclass(frozen=True)
class ReworkedBatch:
    """What became of a batch, or would. ``edits``: a plan for each input that was worked out;
    ``steps``: one for each product that takes a step of the workflow. ``work``: holds the products
    as they are then.
    """

    edits: Sequence[ProductPlan]
    steps: Sequence[ProductPlan]
    work: Workspace


def plan(
    session: Session, identifiers: Sequence[str], rework: Rework, origin: Origin, now: datetime
) -> ReworkedBatch:
    """What would become of these products; only reads."""
    work = Workspace(session, catalog.structure(session), now, is_locking=False)
    work.load(identifiers)
    edits = planning.plan_batch(work, rework.work_out(work), origin, ())
    steps = _plan_steps(work, identifiers, rework, origin)
    for one in (*edits, *steps):
        add_completeness(work, one)
    return ReworkedBatch(edits, steps, work)


def write(
    session: Session, identifiers: Sequence[str], rework: Rework, origin: Origin, now: datetime
) -> ReworkedBatch:
    """Change these products, in the session's transaction. A product that is edited and takes a
    step has two changes in its history, as if a person had done both.
    """
    structure = catalog.structure(session)
    if not structure.unique_at.keys().isdisjoint(rework.addresses):
        wait_for_turn(session, "product")
    work = Workspace(session, structure, now)
    work.load(identifiers)
    edits = planning.plan_batch(work, rework.work_out(work), origin, ())
    store_planned(work, origin)
    steps = _plan_steps(work, identifiers, rework, origin)
    store_planned(work, origin)
    return ReworkedBatch(edits, steps, work)


def _plan_steps(
    work: Workspace, identifiers: Sequence[str], rework: Rework, origin: Origin
) -> list[ProductPlan]:
    if not rework.status:
        return []
    return [
        publishing.plan_step(work, one, rework.status, origin, rework.reason)
        for one in identifiers
        if (item := work.find(one)) is not None and rework.takes_step(item)
    ]
