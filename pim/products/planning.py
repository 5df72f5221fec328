"""Planning a batch: what it would do to every product, worked out in memory.

The products of the batch are in a workspace, and every plan is carried out there, so that a later
input meets what an earlier one makes. Nothing is written: that is for :mod:`pim.products.service`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.errors import text
from pim.problems import Problem
from pim.products import chosen, indexing, policy, rules, variants
from pim.products.cell_by_cell import PlanValues, plan_what_can_be_taken
from pim.products.change import Origin, ProductInput, ProductPlan, waits_for_others
from pim.products.claims import Claimant, ClaimChange, UniqueClaims, settle
from pim.products.models import Change
from pim.products.new_products import plan_prepared, unpacked
from pim.products.steps import take_step
from pim.products.workspace import LoadedProduct, Workspace, key_of
from pim.structure.objects import HUB, STRUCTURAL
from pim.values import Document, ReadValues, Value, is_empty, without
from pim.workflow import APPROVED, DRAFT, RETIRED

NewValues = dict[str, Value]
"""Address -> new value (None: cleared), only where it differs."""


def plan_batch(
    work: Workspace,
    batch: Sequence[ProductInput],
    origin: Origin,
    new_ids: Iterable[int],
    is_part: bool = False,
) -> list[ProductPlan]:
    """One plan for each input, in order; an input with an error is not carried out.

    What counts is what stands when the whole batch is done: an input that is refused for what
    another one gives up, or makes, is judged again behind the others. Not in the ``is_part`` of
    more: who has all of it brings those back (:func:`pim.products.change.waits_for_others`).

    The workspace must hold the products, their parents and relatives (:func:`load`); ``new_ids``
    are the ids of those that are new, in their order.
    """
    ids = dict(zip(new_keys(work, batch), new_ids, strict=True))
    planner = _Planner(work, origin, UniqueClaims(work, batch), ids)
    plans = [planner.plan(one) for one in batch]
    if not is_part:
        late = [place for place, plan in enumerate(plans) if waits_for_others(plan.problems)]
        # Twice: a model may wait for the model above it.
        for place in (*late, *late):
            if waits_for_others(plans[place].problems):
                plans[place] = planner.plan(batch[place])
        late = [place for place in late if waits_for_others(plans[place].problems)]
        planner.settle([batch[place] for place in late])
        for place in late:
            plans[place] = planner.plan(batch[place], is_last=True)
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


class _Planner:
    """Plans the inputs of one batch, one after the other. ``ids``: key -> id of a new product."""

    def __init__(
        self, work: Workspace, origin: Origin, claims: UniqueClaims, ids: Mapping[str, int]
    ) -> None:
        self._work, self._origin, self._claims, self._ids = work, origin, claims, ids
        self._is_quick = policy.may_write_everything(work.store, origin) and origin.owner != HUB

    def plan(self, one: ProductInput, is_last: bool = False) -> ProductPlan:
        """``is_last``: nobody gives anything up any more; a migration (owner None) takes a value
        that another product has with a doubt.
        """
        work = self._work
        item = work.find(one.identifier)
        if self._is_quick and one.prepared is not None and item is None:
            prepared = plan_prepared(work, one, self._claims, self._ids[key_of(one.identifier)])
            if prepared is not None:
                return prepared
        one = unpacked(one)
        plan = ProductPlan(one.identifier, one.kind, row=one.row)
        if item is not None:
            item.unpack()
            plan.product_id, plan.version = item.id, item.version
            plan.status_before = plan.status_after = item.status
        new, plan.problems = self._judged(item, one, is_last)
        if any(problem.is_error for problem in plan.problems):
            plan.outcome = "refused"
            return plan
        plan.new = new
        change = self._change(item, new)
        if item is not None and item.status == RETIRED and one.row is not None:
            self._meet_retired(item, plan)
        if item is None and not new and work.store.existing is not None:
            return plan  # nothing is said of a thing that is there anyway
        if item is None:
            item = _create(work, one, new, self._ids[key_of(one.identifier)])
            plan.outcome, plan.status_after = "created", item.status
            chosen.note(work, item, {}, new, self._origin)
        elif new:
            plan.outcome = "updated"
            before = {address: _value_of(work, item, address) for address in new}
            _change(work, item, new, one.row)
            plan.old, plan.status_after = item.old, item.status
            chosen.note(work, item, before, new, self._origin, one.chosen)
        self._claims.apply(item.id, change)
        return plan

    def _meet_retired(self, item: LoadedProduct, plan: ProductPlan) -> None:
        """A file names a retired product: it comes back as a draft where the profile says so."""
        if not self._origin.returns_retired:
            sentence = text(
                "“%(code)s” is retired, and stays so. “retired: return” in the profile brings such"
                " products back as drafts.",
                code=item.identifier,
            )
            plan.problems.append(Problem("status", "retired", sentence, RETIRED, "warning"))
            return
        take_step(self._work, item, DRAFT)
        sentence = text("“%(code)s” was retired and is a draft again.", code=item.identifier)
        plan.problems.append(Problem("status", "retired", sentence, RETIRED, "warning"))
        plan.outcome, plan.status_after = "updated", item.status

    def settle(self, late: Sequence[ProductInput]) -> None:
        """Let those of them give up what they hold that can all be taken together."""
        claimants: list[Claimant] = []
        for one in map(unpacked, late):
            item = self._work.find(one.identifier)
            new, problems = self._values(one, partial(self._own_values, item))
            if not any(problem.is_error for problem in problems):
                change = self._change(item, new)
                claimants.append(Claimant(item.id if item else None, change))
        settle(self._claims, claimants)

    def _judged(
        self, item: LoadedProduct | None, one: ProductInput, is_last: bool
    ) -> tuple[NewValues, list[Problem]]:
        """What would change, and everything that speaks against it. A claim that another product
        holds costs a row of a file only that value, but not while it may still be given up.
        """
        if is_last:
            return self._values(one, partial(self._claimed_values, item))
        new, problems = self._values(one, partial(self._own_values, item))
        return new, [*problems, *self._refusals(item, new, is_last=False)]

    @staticmethod
    def _values(one: ProductInput, plan_values: PlanValues) -> tuple[NewValues, list[Problem]]:
        if one.cell_by_cell:
            return plan_what_can_be_taken(one, plan_values)
        return plan_values(one)

    def _own_values(
        self, item: LoadedProduct | None, one: ProductInput
    ) -> tuple[NewValues, list[Problem]]:
        return _new_values(self._work, item, one, self._origin)

    def _claimed_values(
        self, item: LoadedProduct | None, one: ProductInput
    ) -> tuple[NewValues, list[Problem]]:
        new, problems = self._own_values(item, one)
        return new, [*problems, *self._refusals(item, new, is_last=True)]

    def _refusals(
        self, item: LoadedProduct | None, new: NewValues, is_last: bool
    ) -> Iterable[Problem]:
        """The claims that others hold."""
        own = {**item.values, **new} if item else new
        is_kept = is_last and self._origin.owner is None
        item_id = item.id if item else None
        return self._claims.refusals(item_id, self._change(item, new), own, is_kept=is_kept)

    def _change(self, item: LoadedProduct | None, new: NewValues) -> ClaimChange:
        parent = _parent_after(self._work, item, new)
        return self._claims.change(item, parent, new)


def _new_values(
    work: Workspace, item: LoadedProduct | None, one: ProductInput, origin: Origin
) -> tuple[NewValues, list[Problem]]:
    """What would change, and what speaks against it besides what other products hold."""
    values, kept = chosen.keep_facts(work, item, one.values, origin)
    one = _saying(one, values)
    problems = [
        *kept,
        *rules.check_name(work, item, one),
        *rules.check_addresses(work.structure, work.store, one.values),
        *rules.check_structural(work, item, one.values),
    ]
    wrong = [problem.address for problem in problems if problem.is_error]
    if "identifier" in wrong:
        return {}, problems
    # Whatever else speaks against the input is told in the same round.
    one = _saying(one, without(one.values, wrong))
    parent = _parent_after(work, item, one.values)
    if one.kind == "model":
        unfit = list(variants.check_axes_below(work, item, parent, one.values))
        problems.extend(unfit)
        one = _saying(one, without(one.values, [problem.address for problem in unfit]))
    values, kept = chosen.keep_lists(work, item, parent, one.values, origin)
    problems.extend(kept)
    one = _saying(one, values)
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
        problems.extend(variants.check_axes_above(work, item, parent, new))
        after = {**item.values, **new} if item else new
        problems.extend(variants.check_axes(work, item, parent, after, origin))
    problems.extend(_conflicts(work.session, item, one, origin, new))
    if new and not policy.may_write_everything(work.store, origin):
        problems.extend(_not_allowed(work, item, parent, new, origin))
    return new, problems


def _saying(one: ProductInput, values: ReadValues) -> ProductInput:
    """The input with these values, which are nearly always those that it has."""
    return one if values is one.values else replace(one, values=values)


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
    work: Workspace, item: LoadedProduct | None, values: Mapping[str, Value]
) -> LoadedProduct | None:
    """The model of a product when these values have changed."""
    if "parent" in values:
        named = values["parent"]
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
        item.remember(address, _value_of(work, item, address))
        if address in STRUCTURAL:
            _set_structural(work, item, address, value)
            continue
        _put(item.values, address, value)
        if item.published is not None and _is_fact(work, address):
            _put(item.published, address, value)


def _is_fact(work: Workspace, address: str) -> bool:
    attribute = work.structure.attribute_at.get(address)
    return address == "enabled" or (attribute is not None and attribute.fact)


def _value_of(work: Workspace, item: LoadedProduct, address: str) -> Value:
    if address not in STRUCTURAL:
        return item.values.get(address)
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
