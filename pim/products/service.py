"""The one write path. A form, an API call, a CSV row and a bulk edit all end here, as a batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.db import allocate
from pim.errors import text
from pim.problems import Problem
from pim.products import indexing, rules
from pim.products.change import Origin, ProductInput, WriteResult
from pim.products.models import Change
from pim.products.unique import UniqueValues
from pim.products.workspace import LoadedProduct, Workspace, key_of
from pim.structure import queries as catalog
from pim.structure.objects import STRUCTURAL
from pim.values import Document, Value, is_empty
from pim.workflow import APPROVED, DRAFT

Plan = dict[str, Value]
"""Address -> new value (None: cleared), only where it differs."""


def edit(
    session: Session, batch: Sequence[ProductInput], source: Origin, now: datetime
) -> list[WriteResult]:
    """Validate, compare, write what differs: one result per edit, in order.

    Values are typed already (``pim.row_reader`` reads them). An edit is applied whole or, when one
    of its problems is a refusal, not at all. Nothing is recorded when nothing changes.
    """
    work = Workspace(session, catalog.structure(session), now)
    work.load(name for one in batch for name in (one.identifier, one.values.get("parent")) if name)
    taken = UniqueValues(session, work.structure, batch)
    numbers = _number_new(session, work, batch)
    results = [_apply(work, one, source, taken, numbers) for one in batch]
    finish(session, work, source)
    for result in results:
        if result.id is not None:
            result.version = work.by_id[result.id].version
    return results


def finish(session: Session, work: Workspace, source: Origin) -> None:
    """Write the touched items and their index entries; whoever inherits from them moves forward in
    the change sequence.
    """
    touched = work.touched
    known = {item.id for item in touched}
    heirs = {
        one.id: one
        for item in touched
        if item.kind == "model"
        for one in work.descendants(item)
        if one.id not in known
    }
    work.write(list(heirs.values()), source)
    indexing.update(session, work, [*touched, *heirs.values()])


def _number_new(session: Session, work: Workspace, batch: Sequence[ProductInput]) -> dict[str, int]:
    new = list(
        dict.fromkeys(key_of(one.identifier) for one in batch if work.find(one.identifier) is None)
    )
    last = allocate(session, "product", len(new)) if new else 0
    return dict(zip(new, range(last - len(new) + 1, last + 1), strict=True))


def _apply(
    work: Workspace,
    one: ProductInput,
    source: Origin,
    taken: UniqueValues,
    numbers: Mapping[str, int],
) -> WriteResult:
    item = work.find(one.identifier)
    result = WriteResult(one.identifier, id=item.id if item else None)
    plan = _plan(work, item, one, source, taken, result.problems)
    if result.problems and any(problem.is_error for problem in result.problems):
        result.outcome = "refused"
        return result
    if item is None:
        item = _create(work, one, plan, numbers[key_of(one.identifier)])
        result.outcome = "created"
    elif plan:
        indexing.remember(work, item)
        item.row = one.row
        work.touch(item)
        _carry_out(work, item, plan)
        result.outcome = "updated"
    result.id = item.id
    taken.note(item.id, plan)
    return result


def _plan(
    work: Workspace,
    item: LoadedProduct | None,
    one: ProductInput,
    source: Origin,
    taken: UniqueValues,
    problems: list[Problem],
) -> Plan:
    """What would change, with everything that speaks against it."""
    problems.extend(rules.check_name(work.structure, item, one))
    problems.extend(rules.check_addresses(work.structure, one.values))
    problems.extend(rules.check_structural(work, item, one.values))
    if problems:
        return {}
    parent = _parent_after(work, item, one)
    plan = _structural_plan(work, item, one, parent)
    if item is None and one.kind == "product" and work.structure.identifier is not None:
        plan[work.structure.identifier] = one.identifier
    if item is None and parent is None:
        plan |= _filled(
            work, one.values
        )  # nothing is there yet: nothing to compare with, nobody to ask
    else:
        plan |= _differences(work, item, parent, one.values, source, problems)
    if parent is not None:
        problems.extend(
            rules.check_axes(work, item, parent, {**item.values, **plan} if item else plan)
        )
    problems.extend(taken.check(item.id if item else None, plan, source))
    problems.extend(_conflicts(work.session, item, one, source, plan))
    return plan


def _filled(work: Workspace, values: Mapping[str, Value]) -> Plan:
    """The values of a product that is made of them; the identifier is set once, when the product is
    made, and not by a value.
    """
    filled = dict(values)
    empty = [address for address, value in values.items() if not value and is_empty(value)]
    for address in (*STRUCTURAL, work.structure.identifier or "", *empty):
        filled.pop(address, None)
    return filled


def _differences(
    work: Workspace,
    item: LoadedProduct | None,
    parent: LoadedProduct | None,
    values: Mapping[str, Value],
    source: Origin,
    problems: list[Problem],
) -> Plan:
    """What differs from what the product holds; a value equal to the inherited one is not
    stored.
    """
    own = item.values if item else {}
    inherited = work.merged(parent) if parent else {}
    plan: Plan = {}
    for address, value in values.items():
        if address in STRUCTURAL or address == work.structure.identifier:
            continue
        now = own.get(address)
        target = None if is_empty(value) or value == inherited.get(address) else value
        if target == now:
            continue
        attribute = work.structure.attribute_at.get(address)
        is_filled = now is not None or address in inherited
        if attribute is not None and is_filled and not rules.may_overwrite(attribute, source):
            problems.append(rules.kept(address, attribute, value))
        else:
            plan[address] = target
    return plan


def _parent_after(
    work: Workspace, item: LoadedProduct | None, one: ProductInput
) -> LoadedProduct | None:
    if "parent" in one.values:
        return work.find(one.values["parent"]) if one.values["parent"] else None
    return work.by_id[item.parent_id] if item and item.parent_id is not None else None


def _structural_plan(
    work: Workspace, item: LoadedProduct | None, one: ProductInput, parent: LoadedProduct | None
) -> Plan:
    wanted: Plan = {
        name: one.values[name] or None
        for name in ("family", "family_variant")
        if name in one.values
    }
    if "enabled" in one.values and one.values["enabled"] is not None:
        wanted["enabled"] = bool(one.values["enabled"])
    if parent is not None:
        wanted["family"] = parent.family
    elif wanted.get("family_variant"):
        wanted["family"] = work.structure.variants[wanted["family_variant"]].family
    plan = {
        name: value
        for name, value in wanted.items()
        if value != (getattr(item, name) if item else _FRESH[name])
    }
    if (parent.id if parent else None) != (item.parent_id if item else None):
        plan["parent"] = parent.identifier if parent else None
    return plan


_FRESH: Mapping[str, Value] = {"family": None, "family_variant": None, "enabled": True}


def _conflicts(
    session: Session, item: LoadedProduct | None, one: ProductInput, source: Origin, plan: Plan
) -> list[Problem]:
    """Addresses that somebody else changed since the version this edit was based on. One person
    never conflicts with themselves.
    """
    if item is None or one.base is None or item.version <= one.base:
        return []
    later = (
        select(Change)
        .where(
            Change.product_id == item.id, Change.version > one.base, Change.actor != source.actor
        )
        .order_by(Change.id)
    )
    changed = {address: change for change in session.scalars(later) for address in change.old}
    return [_conflict(item, address, changed[address]) for address in plan if address in changed]


def _conflict(item: LoadedProduct, address: str, change: Change) -> Problem:
    sentence = text(
        "%(who)s changed this on %(when)s to “%(theirs)s”. Save again to replace it.",
        who=change.actor,
        when=change.at,
        theirs=item.values.get(address, ""),
    )
    return Problem(address, "conflict", sentence)


def _create(work: Workspace, one: ProductInput, plan: Plan, number: int) -> LoadedProduct:
    """A product made of its plan; everything was empty, so there is nothing to remember: the first
    version says so by being the first.
    """
    item = work.create(number, one.identifier, one.kind)
    item.row = one.row
    for address in STRUCTURAL:
        if address in plan:
            _set_structural(work, item, address, plan.pop(address))
    item.values = plan
    return item


def _carry_out(work: Workspace, item: LoadedProduct, plan: Plan) -> None:
    if item.status == APPROVED and not all(_is_fact(work, address) for address in plan):
        item.remember("status", item.status)
        item.status = DRAFT
    for address, value in plan.items():
        if address in STRUCTURAL:
            before = (
                work.by_id[item.parent_id].identifier
                if address == "parent" and item.parent_id is not None
                else None
            )
            item.remember(address, before if address == "parent" else getattr(item, address))
            _set_structural(work, item, address, value)
        else:
            item.remember(address, item.values.get(address))
            _put(item.values, address, value)
            if item.published is not None and _is_fact(work, address):
                _put(item.published, address, value)


def _is_fact(work: Workspace, address: str) -> bool:
    attribute = work.structure.attribute_at.get(address)
    return address == "enabled" or (attribute is not None and attribute.fact)


def _set_structural(work: Workspace, item: LoadedProduct, address: str, value: Any) -> None:
    if address == "parent":
        work.adopt(item, work.find(value) if value else None)
    else:
        setattr(item, address, value)


def _put(document: Document, address: str, value: Value) -> None:
    if value is None:
        document.pop(address, None)
    else:
        document[address] = value
