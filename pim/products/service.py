"""The one write path: plan, then apply. A form, an API call, a CSV row and a bulk step end here,
for products and for every other kind of record.

``plan`` says what a batch would do, takes no lock and writes nothing. ``apply`` writes plans, after
it has checked again that nobody changed the products meanwhile. ``write`` does both in one
transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.db import allocate, wait_for_turn, writes_alone
from pim.errors import text
from pim.problems import Problem
from pim.products import indexing, planning, publishing
from pim.products.change import Origin, ProductInput, ProductPlan, WriteResult
from pim.products.stores import PRODUCTS, RecordStore
from pim.products.storing import store_planned
from pim.products.workspace import PlannedFile, Workspace, key_of
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.values import ReadValues


def plan(
    session: Session,
    batch: Sequence[ProductInput],
    origin: Origin,
    now: datetime,
    planned: PlannedFile | None = None,
    structure: Structure | None = None,
    store: RecordStore = PRODUCTS,
    is_part: bool = False,
) -> list[ProductPlan]:
    """What the batch would do: one plan for each input, in order.

    Only reads, so any session will do. ``planned``: what earlier batches of the same file would
    have done; a variant may stand in a later batch than its model. ``structure``: as it would be
    then, where that is planned too. ``store``: of which kind of record the inputs are.
    ``is_part``: as in :func:`write`.
    """
    structure = structure or catalog.structure(session)
    work = Workspace(session, structure, now, store=store, is_locking=False, planned=planned)
    planning.load(work, batch)
    new = planning.new_keys(work, batch)
    plans = planning.plan_batch(work, batch, origin, work.passing_ids(len(new)), is_part)
    for one in plans:
        add_completeness(work, one)
    if planned is not None:
        planned.keep(work)
    return plans


def apply(
    session: Session,
    plans: Sequence[ProductPlan],
    origin: Origin,
    now: datetime,
    store: RecordStore = PRODUCTS,
) -> list[WriteResult]:
    """Write plans of :func:`plan` or :func:`pim.products.publishing.plan_steps`: one result for
    each, in order.

    Every rule is asked again, with the products locked. Where somebody else changed an address
    meanwhile that a plan changes too, or made the product, that plan is refused with a problem
    "conflict"; other addresses are merged. A step of the workflow is refused where the product, or
    a model that goes along with it, was changed at all.
    """
    work = Workspace(session, catalog.structure(session), now, store=store)
    edits = {place: _as_input(one) for place, one in enumerate(plans) if _is_edit(one)}
    _wait_for_names(work, list(edits.values()))
    planning.load(work, list(edits.values()))
    work.load(one.identifier for one in plans if one.step)
    meanwhile = {
        place: problem
        for place, one in enumerate(plans)
        if (problem := _overtaken(work, one)) is not None
    }
    for place in meanwhile:
        edits.pop(place, None)
    batch = list(edits.values())
    again = planning.plan_batch(work, batch, origin, _allocate_ids(work, batch))
    now_planned = dict(zip(edits, again, strict=True))
    for place, one in enumerate(plans):
        if one.step and one.outcome == "updated" and place not in meanwhile:
            step = publishing.plan_step(work, one.identifier, one.step, origin, one.reason)
            now_planned[place] = step
    store_planned(work, origin)
    return [
        _applied(work, one, now_planned.get(place), meanwhile.get(place))
        for place, one in enumerate(plans)
    ]


def _is_edit(one: ProductPlan) -> bool:
    return one.outcome in ("created", "updated") and not one.step


def _overtaken(work: Workspace, one: ProductPlan) -> Problem | None:
    """What speaks against a plan now that did not when it was made: the product was made meanwhile,
    or, for a step of the workflow, changed.
    """
    item = work.find(one.identifier)
    if one.outcome == "created" and item is not None:
        sentence = text("“%(code)s” was made by somebody else meanwhile.", code=one.identifier)
        return Problem("identifier", "conflict", sentence, one.identifier)
    if not one.step or one.outcome != "updated":
        return None
    for identifier, version in {one.identifier: one.version, **one.models}.items():
        found = work.find(identifier)
        if found is not None and found.version != version:
            sentence = text("“%(code)s” was changed meanwhile. Look at it again.", code=identifier)
            return Problem("status", "conflict", sentence, identifier)
    return None


def _applied(
    work: Workspace, one: ProductPlan, again: ProductPlan | None, problem: Problem | None
) -> WriteResult:
    """What became of a plan; one that would have done nothing is told as it is.

    What was left out when it was planned is told too: a value that another system owns is not among
    those that are written, so planning again does not meet it.
    """
    if problem is not None:
        return WriteResult(one.identifier, "refused", problems=[*one.problems, problem])
    if again is None:
        return WriteResult(one.identifier, one.outcome, one.product_id, one.version, one.problems)
    result = _result(work, again)
    left_out = [problem for problem in one.problems if problem not in result.problems]
    result.problems = [*left_out, *result.problems]
    return result


def write(
    session: Session,
    batch: Sequence[ProductInput],
    origin: Origin,
    now: datetime,
    store: RecordStore = PRODUCTS,
    is_part: bool = False,
) -> list[WriteResult]:
    """Plan a batch and apply it, in the session's transaction: one result for each input, in order.

    An input with an error among its problems is not applied. Nothing is recorded when nothing
    changes. ``store``: of which kind of record the inputs are.

    What counts for unique values, axes and parents is what stands when the whole batch is done.
    ``is_part``: the batch is a part of more, and what is refused only for what another part may
    give up or make (:func:`pim.products.change.waits_for_others`) is brought again behind the last
    one, all of it as one batch.
    """
    work = Workspace(session, catalog.structure(session), now, store=store)
    _wait_for_names(work, batch)
    planning.load(work, batch)
    ids = _allocate_ids(work, batch)
    plans = planning.plan_batch(work, batch, origin, ids, is_part)
    store_planned(work, origin)
    return [_result(work, one) for one in plans]


def _wait_for_names(work: Workspace, batch: Sequence[ProductInput]) -> None:
    """Who takes a name, or a value that only one record may have, waits for others who do.

    On PostgreSQL two would otherwise find it free at the same moment. Before any row is locked, so
    that nobody who waits holds what another one needs.
    """
    if writes_alone(work.session):
        return
    if _takes_unique_value(work.structure, batch) or _makes_records(work, batch):
        wait_for_turn(work.session, "product")


def _takes_unique_value(structure: Structure, batch: Sequence[ProductInput]) -> bool:
    return any(not structure.unique_at.keys().isdisjoint(one.values) for one in batch)


def _makes_records(work: Workspace, batch: Sequence[ProductInput]) -> bool:
    key = work.store.column("key")
    wanted = {key_of(one.identifier) for one in batch}
    there = select(func.count(key)).where(in_values(work.session, key, wanted), *work.store.own)
    return work.session.scalar(there) != len(wanted)


def _allocate_ids(work: Workspace, batch: Sequence[ProductInput]) -> Iterable[int]:
    count = len(planning.new_keys(work, batch))
    if not count:
        return ()
    last = allocate(work.session, "product", count)
    return range(last - count + 1, last + 1)


def _result(work: Workspace, one: ProductPlan) -> WriteResult:
    result = WriteResult(one.identifier, one.outcome, one.product_id, 0, one.problems)
    item = work.find(one.identifier)
    if item is not None and (one.outcome != "refused" or one.product_id is not None):
        result.id, result.version = item.id, item.version
    return result


def _as_input(one: ProductPlan) -> ProductInput:
    base = None if one.product_id is None else one.version
    return ProductInput(one.identifier, ReadValues(one.new), one.kind, base, one.row)


def add_completeness(work: Workspace, one: ProductPlan) -> None:
    """Tell in a plan in which scopes the product is complete before and after it."""
    item = work.find(one.identifier)
    if item is None or one.outcome == "refused":
        return
    one.complete_after = indexing.complete_in(indexing.expected(work, item), work.store)
    if item.indexed is not None:
        one.complete_before = indexing.complete_in(item.indexed, work.store)
    elif not item.is_new:
        one.complete_before = one.complete_after
