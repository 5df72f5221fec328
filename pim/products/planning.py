"""Planning a batch: what it would do to every product, worked out in memory.

The products of the batch are in a workspace, and every plan is carried out there, so that a later
input meets what an earlier one makes. Nothing is written: that is for :mod:`pim.products.service`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.errors import text
from pim.problems import Problem
from pim.products import indexing, policy, rules, variants
from pim.products.cell_by_cell import plan_what_can_be_taken
from pim.products.change import Origin, ProductInput, ProductPlan
from pim.products.models import Change
from pim.products.new_products import plan_prepared, unpacked
from pim.products.unique import UniqueValues
from pim.products.workspace import LoadedProduct, Workspace, key_of
from pim.structure.objects import STRUCTURAL
from pim.values import Document, Value, is_empty, without
from pim.workflow import APPROVED, DRAFT

NewValues = dict[str, Value]
"""Address -> new value (None: cleared), only where it differs."""


def plan_batch(
    work: Workspace, batch: Sequence[ProductInput], origin: Origin, new_ids: Iterable[int]
) -> list[ProductPlan]:
    """One plan for each input, in order; an input with an error is not carried out.

    The workspace must hold the products, their parents and relatives (:func:`load`); ``new_ids``
    are the ids of those that are new, in their order.
    """
    unique = UniqueValues(work.session, work.structure, batch, work.planned, work.store)
    ids = dict(zip(new_keys(work, batch), new_ids, strict=True))
    has_no_limits = policy.may_write_everything(work.store, origin)
    plans: list[ProductPlan] = []
    for one in batch:
        plan = None
        if has_no_limits and one.prepared is not None and work.find(one.identifier) is None:
            plan = plan_prepared(work, one, unique, ids[key_of(one.identifier)])
        plans.append(plan or _plan_one(work, unpacked(one), origin, unique, ids))
    return plans


def load(work: Workspace, batch: Sequence[ProductInput]) -> None:
    """Load what a batch speaks of."""
    names: list[str] = []
    for one in batch:
        names.append(one.identifier)
        parent = one.values.get("parent")
        if parent:
            names.append(parent)
    work.load(filter(None, names))
    work.load_things(names)


def new_keys(work: Workspace, batch: Sequence[ProductInput]) -> list[str]:
    """The keys of the products that are not there yet, each once, in order."""
    keys = (key_of(one.identifier) for one in batch if work.find(one.identifier) is None)
    return list(dict.fromkeys(keys))


def _plan_one(
    work: Workspace,
    one: ProductInput,
    origin: Origin,
    unique: UniqueValues,
    ids: Mapping[str, int],
) -> ProductPlan:
    item = work.find(one.identifier)
    plan = ProductPlan(one.identifier, one.kind, row=one.row)
    if item is not None:
        item.unpack()
        plan.product_id, plan.version = item.id, item.version
        plan.status_before = plan.status_after = item.status
    new, plan.problems = _new_values_of(work, item, one, origin, unique)
    if plan.problems and any(problem.is_error for problem in plan.problems):
        plan.outcome = "refused"
        return plan
    plan.new = new
    if item is None and not new and work.store.existing is not None:
        return plan  # nothing is said of a thing that is there anyway
    if item is None:
        item = _create(work, one, new, ids[key_of(one.identifier)])
        plan.outcome, plan.status_after = "created", item.status
    elif new:
        plan.outcome = "updated"
        _change(work, item, new, one.row)
        plan.old, plan.status_after = item.old, item.status
    unique.note(item.id, new)
    return plan


def _new_values_of(
    work: Workspace,
    item: LoadedProduct | None,
    one: ProductInput,
    origin: Origin,
    unique: UniqueValues,
) -> tuple[NewValues, list[Problem]]:
    """What an input changes and what speaks against it; of a row in a file, without the values that
    cannot be taken.
    """
    if not one.cell_by_cell:
        return _new_values(work, item, one, origin, unique)

    def plan_values(part: ProductInput) -> tuple[NewValues, list[Problem]]:
        return _new_values(work, item, part, origin, unique)

    return plan_what_can_be_taken(one, plan_values)


def _new_values(
    work: Workspace,
    item: LoadedProduct | None,
    one: ProductInput,
    origin: Origin,
    unique: UniqueValues,
) -> tuple[NewValues, list[Problem]]:
    """What would change, and everything that speaks against it."""
    problems = [
        *rules.check_name(work, item, one),
        *rules.check_addresses(work.structure, work.store, one.values),
        *rules.check_structural(work, item, one.values),
    ]
    if any(problem.is_error for problem in problems):
        return {}, problems
    parent = _parent_after(work, item, one)
    if one.kind == "model":
        unfit = list(variants.check_axes_below(work, item, parent, one.values))
        problems.extend(unfit)
        one = replace(one, values=without(one.values, [problem.address for problem in unfit]))
    new = _structural_values(work, item, one, parent)
    if item is None and one.kind == "product" and work.structure.identifier is not None:
        new[work.structure.identifier] = one.identifier
    if item is None and parent is None:
        # Nothing is there yet: nothing to compare with, nobody to ask.
        new |= indexing.filled(work.structure, one.values)
    else:
        differing, kept = _differences(work, item, parent, one.values, origin)
        new |= differing
        problems.extend(kept)
    if parent is not None:
        after = {**item.values, **new} if item else new
        problems.extend(variants.check_axes(work, item, parent, after, origin))
    problems.extend(unique.check(item.id if item else None, new, origin))
    problems.extend(_conflicts(work.session, item, one, origin, new))
    if new and not policy.may_write_everything(work.store, origin):
        problems.extend(_not_allowed(work, item, parent, new, origin))
    return new, problems


def _not_allowed(
    work: Workspace,
    item: LoadedProduct | None,
    parent: LoadedProduct | None,
    new: NewValues,
    origin: Origin,
) -> Iterator[Problem]:
    """What the principal has no grant for; a product that they may not make is told once.

    Trees are those in which the product stands now; a new one has only those it would stand in.
    """
    inherited = work.merged(parent) if parent else {}
    before = work.merged(item) if item else {}
    after = {**inherited, **(item.values if item else {}), **new}
    categories_before = policy.categories_of(before)
    categories_after = policy.categories_of(after)
    where = categories_before if item else categories_after
    if item is None:
        refusals = list(policy.check_creation(work, origin, where))
        if refusals:
            yield from refusals
            return
    addresses = [address for address in new if address != work.structure.identifier]
    yield from policy.check_values(work, origin, addresses, where)
    yield from policy.check_categories(work, origin, categories_before, categories_after)


def _differences(
    work: Workspace,
    item: LoadedProduct | None,
    parent: LoadedProduct | None,
    values: Mapping[str, Value],
    origin: Origin,
) -> tuple[NewValues, list[Problem]]:
    """What differs from what the product holds, and what may not be overwritten.

    A value equal to the inherited one is not stored, but for those that tell a variant from its
    siblings.
    """
    own = item.values if item else {}
    inherited = work.merged(parent) if parent else {}
    axes = variants.axes_of(work, parent) if parent else ()
    new: NewValues = {}
    kept: list[Problem] = []
    for address, value in values.items():
        if address in STRUCTURAL or address == work.structure.identifier:
            continue
        now = own.get(address)
        is_inherited = value == inherited.get(address) and address not in axes
        target = None if is_empty(value) or is_inherited else value
        if target == now:
            continue
        attribute = work.structure.attribute_at.get(address)
        is_filled = now is not None or address in inherited
        if attribute is not None and is_filled and not policy.may_overwrite(attribute, origin):
            kept.append(policy.kept(address, attribute, value))
        else:
            new[address] = target
    return new, kept


def _parent_after(
    work: Workspace, item: LoadedProduct | None, one: ProductInput
) -> LoadedProduct | None:
    if "parent" in one.values:
        named = one.values["parent"]
        return work.find(named) if named else None
    if item is None or item.parent_id is None:
        return None
    return work.by_id[item.parent_id]


def _structural_values(
    work: Workspace,
    item: LoadedProduct | None,
    one: ProductInput,
    parent: LoadedProduct | None,
) -> NewValues:
    """Family, family variant, enabled and parent, where they differ."""
    wanted: NewValues = {
        name: one.values[name] or None
        for name in ("family", "family_variant")
        if name in one.values
    }
    if one.values.get("enabled") is not None:
        wanted["enabled"] = bool(one.values["enabled"])
    if parent is not None:
        wanted["family"] = parent.family
    elif wanted.get("family_variant"):
        wanted["family"] = work.structure.variants[wanted["family_variant"]].family
    new: NewValues = {}
    for name, value in wanted.items():
        now = getattr(item, name) if item else _FRESH[name]
        if value != now:
            new[name] = value
    parent_id_now = item.parent_id if item else None
    if (parent.id if parent else None) != parent_id_now:
        new["parent"] = parent.identifier if parent else None
    return new


_FRESH: Mapping[str, Value] = {"family": None, "family_variant": None, "enabled": True}


def _conflicts(
    session: Session,
    item: LoadedProduct | None,
    one: ProductInput,
    origin: Origin,
    new: NewValues,
) -> list[Problem]:
    """Addresses that somebody else changed since the version this input was based on.

    One person never conflicts with themselves.
    """
    if item is None or one.base is None or item.version <= one.base:
        return []
    later = (
        select(Change)
        .where(
            Change.product_id == item.id, Change.version > one.base, Change.actor != origin.actor
        )
        .order_by(Change.id)
    )
    changed: dict[str, Change] = {}
    for change in session.scalars(later):
        changed.update(dict.fromkeys(change.old, change))
    return [_conflict(item, address, changed[address]) for address in new if address in changed]


def _conflict(item: LoadedProduct, address: str, change: Change) -> Problem:
    sentence = text(
        "%(who)s changed this on %(when)s to “%(theirs)s”. Save again to replace it.",
        who=change.actor,
        when=change.at,
        theirs=item.values.get(address, ""),
    )
    return Problem(address, "conflict", sentence)


def _create(work: Workspace, one: ProductInput, new: NewValues, product_id: int) -> LoadedProduct:
    """A product made of its values.

    Everything was empty, so there is nothing to remember: the first version says so by being first.
    """
    item = work.create(product_id, one.identifier, one.kind)
    item.row = one.row
    values = dict(new)
    for address in STRUCTURAL:
        if address in values:
            _set_structural(work, item, address, values.pop(address))
    item.values = values
    return item


def _change(work: Workspace, item: LoadedProduct, new: NewValues, row: int | None) -> None:
    """Carry out in memory what was planned; an approved product becomes a draft, unless only facts
    changed.
    """
    indexing.remember(work, item)
    item.row, item.terms = row, None
    work.touch(item)
    if item.status == APPROVED and not all(_is_fact(work, address) for address in new):
        item.remember_status()
        item.status = DRAFT
    for address, value in new.items():
        if address in STRUCTURAL:
            item.remember(address, _structural_value(work, item, address))
            _set_structural(work, item, address, value)
        else:
            item.remember(address, item.values.get(address))
            _put(item.values, address, value)
            if item.published is not None and _is_fact(work, address):
                _put(item.published, address, value)


def _is_fact(work: Workspace, address: str) -> bool:
    attribute = work.structure.attribute_at.get(address)
    return address == "enabled" or (attribute is not None and attribute.fact)


def _structural_value(work: Workspace, item: LoadedProduct, address: str) -> Value:
    if address != "parent":
        return getattr(item, address)
    return None if item.parent_id is None else work.by_id[item.parent_id].identifier


def _set_structural(work: Workspace, item: LoadedProduct, address: str, value: Any) -> None:
    if address == "parent":
        work.adopt(item, work.find(value) if value else None)
        return
    setattr(item, address, value)
    if address == "family":
        for heir in work.descendants(item):
            heir.family = value


def _put(document: Document, address: str, value: Value) -> None:
    if value is None:
        document.pop(address, None)
    else:
        document[address] = value
