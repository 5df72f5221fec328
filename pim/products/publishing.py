"""The workflow's verbs: submit, approve (which publishes), send back, retire."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from pim import completeness
from pim.errors import text
from pim.problems import Problem
from pim.products import indexing, policy, variants
from pim.products.change import Origin, ProductPlan, RecordKind, WriteResult
from pim.products.steps import take_step
from pim.products.storing import store_planned
from pim.products.workspace import LoadedProduct, WorkflowStep, Workspace
from pim.structure import queries as catalog
from pim.values import Value
from pim.workflow import APPROVED, NAMES, RETIRED, STEPS


def approve(
    session: Session, identifiers: Iterable[str], origin: Origin, now: datetime, force: str = ""
) -> list[WriteResult]:
    """Publish the working values of these products, and of the models they inherit from.

    Refused for a product that is complete in no channel and locale, unless ``force`` gives a reason
    (kept in the history), for one that is retired or whose model is (it becomes a draft first), and
    for a variant that cannot be told from the others of its model.
    """
    return _take(session, identifiers, APPROVED, origin, now, force)


def move(
    session: Session,
    identifiers: Iterable[str],
    status: str,
    origin: Origin,
    now: datetime,
    reason: str = "",
) -> list[WriteResult]:
    """Take products to another status without publishing: draft, review or retired. A retired
    product leaves every feed. ``reason``: kept in the history.
    """
    return _take(session, identifiers, status, origin, now, reason)


def plan_steps(
    session: Session,
    identifiers: Iterable[str],
    status: str,
    origin: Origin,
    now: datetime,
    reason: str = "",
) -> list[ProductPlan]:
    """What :func:`approve` (for the status "approved") or :func:`move` would do; only reads.

    The changes of an approval are those that channels will see.
    """
    work = Workspace(session, catalog.structure(session), now, is_locking=False)
    return _plan(work, list(identifiers), status, origin, reason)


def _take(
    session: Session,
    identifiers: Iterable[str],
    status: str,
    origin: Origin,
    now: datetime,
    reason: str = "",
) -> list[WriteResult]:
    work = Workspace(session, catalog.structure(session), now)
    plans = _plan(work, list(identifiers), status, origin, reason)
    store_planned(work, origin)
    return [result_of(work, one) for one in plans]


def _plan(
    work: Workspace, identifiers: Sequence[str], status: str, origin: Origin, reason: str
) -> list[ProductPlan]:
    work.load(identifiers)
    return [plan_step(work, identifier, status, origin, reason) for identifier in identifiers]


def result_of(work: Workspace, plan: ProductPlan) -> WriteResult:
    """What became of a product whose plan was stored."""
    item = work.find(plan.identifier)
    result = WriteResult(plan.identifier, plan.outcome, problems=plan.problems)
    if item is not None and not plan.is_refused:
        result.id, result.version, result.along = item.id, item.version, plan.along
    return result


def plan_step(
    work: Workspace, identifier: str, status: str, origin: Origin, reason: str
) -> ProductPlan:
    """Take one product a step of the workflow, in memory."""
    item = work.find(identifier)
    if item is None:
        return _refused(ProductPlan(identifier, "product", step=status), _unknown(identifier))
    kind: RecordKind = "model" if item.kind == "model" else "product"
    plan = ProductPlan(identifier, kind, product_id=item.id, version=item.version, step=status)
    plan.reason = reason
    plan.status_before = plan.status_after = item.status
    if status == APPROVED:
        return _plan_approval(work, item, plan, origin)
    return _plan_move(work, item, plan, origin)


def _unknown(identifier: str) -> Problem:
    sentence = text("There is no product “%(code)s”.", code=identifier)
    return Problem("identifier", "unknown", sentence, identifier)


def _refused(plan: ProductPlan, problem: Problem) -> ProductPlan:
    plan.outcome = "refused"
    plan.problems = [problem]
    return plan


def _plan_approval(
    work: Workspace, item: LoadedProduct, plan: ProductPlan, origin: Origin
) -> ProductPlan:
    chain = (*work.ancestors(item), item)
    retired = next((one for one in chain if one.status == RETIRED), None)
    if retired is not None:
        return _refused(plan, _no_step(retired, APPROVED))
    if not plan.reason and not is_complete_somewhere(work, item):
        sentence = text(
            "No channel and locale is complete yet; approve it anyway with a reason, or fill in"
            " what is missing."
        )
        return _refused(plan, Problem("status", "incomplete", sentence))
    unclear = next(filter(None, (variants.why_not_told_apart(work, one) for one in chain)), None)
    if unclear is not None:
        return _refused(plan, replace(unclear, address="status"))
    refusal = next(_publication_refusals(work, chain, origin), None)
    if refusal is not None:
        return _refused(plan, refusal)
    plan.models = {one.identifier: one.version for one in chain[:-1]}
    for one in chain:
        published = one.published or {}
        changed = _unpublished(one)
        plan.old = {**plan.old, **{address: published.get(address) for address in changed}}
        plan.new = {**plan.new, **{address: one.values.get(address) for address in changed}}
    approved = [one.identifier for one in chain if _publish(work, one, plan.reason)]
    if approved:
        plan.outcome = "updated"
    plan.along = [one for one in approved if one != item.identifier]
    plan.status_after = item.status
    return plan


def _publication_refusals(
    work: Workspace, chain: Sequence[LoadedProduct], origin: Origin
) -> Iterator[Problem]:
    """What the principal may not publish of a product and the models above it."""
    for one in chain:
        if one.status == APPROVED and one.published == one.values:
            continue
        categories = policy.categories_of(work.merged(one))
        yield from policy.check_publication(work.structure, origin, _unpublished(one), categories)


def _unpublished(item: LoadedProduct) -> list[str]:
    """The addresses at which channels see something else than what is worked on."""
    published = item.published or {}
    return sorted(
        address
        for address in published.keys() | item.values.keys()
        if published.get(address) != item.values.get(address)
    )


def _plan_move(
    work: Workspace, item: LoadedProduct, plan: ProductPlan, origin: Origin
) -> ProductPlan:
    status = plan.step
    if item.status == status:
        return plan
    if status not in STEPS[item.status]:
        return _refused(plan, _no_step(item, status))
    categories = policy.categories_of(work.merged(item))
    refusal = next(policy.check_step(work.structure, origin, status, categories), None)
    if refusal is not None:
        return _refused(plan, refusal)
    take_step(work, item, status, plan.reason)
    plan.outcome, plan.status_after = "updated", status
    return plan


def _no_step(item: LoadedProduct, status: str) -> Problem:
    sentence = text(
        "“%(code)s” is “%(now)s” and cannot become “%(then)s”.",
        code=item.identifier,
        now=NAMES[item.status],
        then=NAMES[status],
    )
    return Problem("status", "workflow", sentence, status)


def is_complete_somewhere(work: Workspace, item: LoadedProduct) -> bool:
    """Whether some channel and locale has all it requires; a model is measured by what it holds
    itself.
    """
    is_model = item.kind == "model"
    depth = len(work.ancestors(item)) if is_model else None
    top = work.by_id[item.root_id]
    required = work.structure.required(item.family, top.family_variant if is_model else None, depth)
    return any(completeness.complete_scopes(required, work.merged(item)))


def _publish(work: Workspace, item: LoadedProduct, reason: str) -> bool:
    """Make the working values what channels see, in memory; was there anything to do?"""
    if item.status == APPROVED and item.published == item.values:
        return False
    indexing.remember(work, item)
    work.touch(item)
    item.step = WorkflowStep(item.status, True, _published_before(item), reason or None)
    item.status, item.published, item.published_at = APPROVED, dict(item.values), work.now
    return True


def _published_before(item: LoadedProduct) -> dict[str, Value] | None:
    """What the published document held where it will now hold something else; None where nothing
    was published.
    """
    if item.published is None:
        return None
    return {address: item.published.get(address) for address in _unpublished(item)}
