"""Taking back what an import run or one change did: the undo log read backwards, written as a new
change.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.db import Database
from pim.errors import text
from pim.problems import Problem
from pim.products import policy, publishing, queries, removal, service
from pim.products.change import (
    Origin,
    ProductInput,
    RecordKind,
    WriteResult,
    waits_for_others,
)
from pim.products.chosen import Choices, address_of
from pim.products.models import Change, Product, UndoneRun
from pim.products.steps import return_to
from pim.products.stores import PRODUCTS, STORES, RecordStore
from pim.products.storing import store_planned
from pim.products.workspace import LoadedProduct, Workspace
from pim.structure import queries as catalog
from pim.values import Document, ReadValues
from pim.workflow import APPROVED, DRAFT, RETIRED

BATCH = 500
"""Products that are taken back in one transaction."""
HISTORY = 200
"""Changes among which one can be taken back by itself: those that the page shows."""


def products_of(session: Session, reference: str) -> Sequence[int]:
    """Ids of the products that this run changed, ascending."""
    return session.scalars(
        select(Change.product_id)
        .where(Change.reference == reference)
        .distinct()
        .order_by(Change.product_id)
    ).all()


def made_by(session: Session, reference: str) -> Collection[str]:
    """The names of those who made the changes with this reference."""
    wanted = select(Change.actor).where(Change.reference == reference).distinct()
    return session.scalars(wanted).all()


def was_approval(session: Session, reference: str) -> bool:
    """Whether the changes with this reference published something."""
    wanted = select(Change.id).where(Change.reference == reference, Change.is_approval)
    return session.scalar(wanted.limit(1)) is not None


def _taken_back(session: Session, reference: str) -> set[int]:
    """Ids of the products of this run of which somebody has taken something back since."""
    last_of_run = (
        select(Change.product_id, func.max(Change.id).label("id"))
        .where(Change.reference == reference)
        .group_by(Change.product_id)
        .subquery()
    )
    is_since = (Change.product_id == last_of_run.c.product_id, Change.id > last_of_run.c.id)
    reverted = select(Change.product_id).where(*is_since, Change.source == "revert")
    return set(session.scalars(reverted))


def revert_run(
    database: Database,
    reference: str,
    source: Origin,
    clock: Callable[[], datetime],
    undone: Collection[str] = (),
    is_again: bool = False,
) -> list[WriteResult]:
    """:func:`revert` for everything a run changed, in batches of their own; one that is killed is
    taken up by doing it again. Values that change places come back together, behind the others, and
    models go behind what stood below them. ``is_again``: it was done before, and what it did then
    is left alone, whatever became of it since.
    """
    with database.reading() as session:
        undone = {*undone, *_undone_among(session, reference)}
        ids = products_of(session, reference)
        if is_again:
            done = _taken_back(session, reference)
            ids = [one for one in ids if one not in done]
    results: dict[int, WriteResult] = {}
    newest_first = ids[::-1]
    for start in range(0, len(ids), BATCH):
        part = newest_first[start : start + BATCH]
        with database.writing_batch() as session:
            results |= revert(session, reference, part, source, clock(), undone, is_part=True)
    late = [number for number, one in results.items() if waits_for_others(one.problems)]
    if late:
        with database.writing_batch() as session:
            results |= revert(session, reference, late, source, clock(), undone)
    if any(not one.is_refused for one in results.values()):
        with database.writing() as session:
            session.merge(UndoneRun(reference=reference, at=clock()))
    return [results[number] for number in sorted(results)]


def _undone_among(session: Session, reference: str) -> Sequence[str]:
    """The runs that have to do with the same products, or with models and variants of them, and
    were taken back.
    """
    changed = select(Change.product_id).where(Change.reference == reference)
    roots = select(Product.root_id).where(Product.id.in_(changed))
    relatives = select(Product.id).where(Product.root_id.in_(roots))
    is_near = or_(Change.product_id.in_(changed), Change.product_id.in_(relatives))
    others = (
        UndoneRun.reference != reference,
        UndoneRun.reference.in_(select(Change.reference).where(is_near)),
    )
    return session.scalars(select(UndoneRun.reference).where(*others)).all()


def revert(
    session: Session,
    reference: str,
    ids: Sequence[int],
    source: Origin,
    now: datetime,
    undone: Collection[str] = (),
    is_part: bool = False,
) -> dict[int, WriteResult]:
    """Give these products (or other records) the values they had before the run with this
    reference.

    The results are by id. A value that somebody changed since is left as it is, and listed. A
    product that the run created is gone again where nobody else touched it or put something below
    it, otherwise it is retired; another record that it created is emptied. Doing it again changes
    nothing. ``source`` should own everything (owner None).

    ``undone``: the references of runs that were taken back before. What they wrote does not come
    back, and what they or an undo did is nobody's work. A model that one of them made, and that had
    to stay because these products stand below it, goes when they do.
    """
    models = _models_above(session, ids) if undone else ()
    results: dict[int, WriteResult] = {}
    for store in STORES.values():
        undos = _undos(session, store, ids, reference, undone)
        results |= _take_back(session, store, undos, source, now, is_part)
    left = [
        one
        for one in _undos(session, PRODUCTS, models, reference, undone)
        if one.was_created and one.is_untouched and one.id not in results
    ]
    tried = _take_back(session, PRODUCTS, left, source, now, is_part=True)
    return results | {number: one for number, one in tried.items() if one.outcome == "removed"}


def _models_above(session: Session, ids: Sequence[int]) -> list[int]:
    """Ids of the models that these products stand below, at whatever height."""
    found: list[int] = []
    level = ids
    while level:
        above = select(Product.parent_id).where(in_values(session, Product.id, level))
        level = [one for one in session.scalars(above.distinct()) if one is not None]
        found += level
    return found


def _undos(
    session: Session,
    store: RecordStore,
    ids: Sequence[int],
    reference: str,
    undone: Collection[str],
) -> "list[_Undo]":
    """What taking the run back means for those of these records that are in this store."""
    record_id = store.column("id")
    named = select(record_id, store.column("identifier"), store.column("kind"))
    records = session.execute(named.where(record_id.in_(ids), *store.own)).all()
    changes = _changes(session, ids) if records else {}
    return [_undo(row, changes.get(row.id, ()), reference, undone) for row in records]


@dataclass(frozen=True)
class _Undo:
    """What taking a run back means for one record. ``restored``: address -> the value before the
    run; ``chosen``: who had chosen it by hand, by place. ``later``: address -> the change that
    somebody made there since. ``was_created``: whether the run made it. ``is_untouched``: whether
    nobody else had to do with it. ``steps``: those of the workflow that it took it, the latest
    first, where nobody has taken it a step since.
    """

    id: int
    identifier: str
    kind: RecordKind
    restored: Mapping[str, Any]
    chosen: Choices
    later: Mapping[str, Change]
    was_created: bool
    is_untouched: bool
    steps: Sequence[Change]

    @property
    def status_before(self) -> str | None:
        """The status that the run took it from."""
        return self.steps[-1].status_before if self.steps else None

    def published_before(self, now: Document | None) -> Document | None:
        """What channels saw before the run approved it, None for nothing. What somebody changed
        since, a fact, stays as it is.
        """
        before = now
        for step in self.steps:
            if not step.is_approval:
                continue
            if step.published_before is None:
                return None
            changed = {
                address: value
                for address, value in step.published_before.items()
                if address not in self.later
            }
            now_seen = {**(before or {}), **changed}
            before = {one: value for one, value in now_seen.items() if value is not None}
        return before


def _take_back(
    session: Session,
    store: RecordStore,
    undos: Sequence[_Undo],
    source: Origin,
    now: datetime,
    is_part: bool = False,
) -> dict[int, WriteResult]:
    created = [one for one in undos if one.was_created and store.has_workflow]
    restored = [one for one in undos if not (one.was_created and store.has_workflow)]
    results = [
        *_restore(session, store, restored, source, now, is_part),
        *_remove(session, created, source, now, is_part),
    ]
    number_of = {one.identifier: one.id for one in undos}
    return {number_of[one.identifier]: one for one in results}


def _restore(
    session: Session,
    store: RecordStore,
    undos: Sequence[_Undo],
    source: Origin,
    now: datetime,
    is_part: bool = False,
) -> list[WriteResult]:
    """Give back the values that stood there before, and the status; a record without a workflow
    that the run made cannot be retired, so it is emptied.
    """
    undos = [_emptied(session, store, one) if one.was_created else one for one in undos]
    edits = [
        ProductInput(one.identifier, ReadValues(one.restored), one.kind, chosen=one.chosen)
        for one in undos
    ]
    results = service.write(session, edits, source, now, store, is_part)
    for result, one in zip(results, undos, strict=True):
        result.problems.extend(_later(address, change) for address, change in one.later.items())
    taken = {one.identifier for one in results if not one.is_refused}
    stepped = _step_back(session, [one for one in undos if one.identifier in taken], source, now)
    for result in results:
        if result.identifier in stepped.taken and result.outcome == "unchanged":
            result.outcome = "updated"
        if result.identifier in stepped.staying:
            result.problems.append(_stays_published(result.identifier))
    return results


def _stays_published(identifier: str) -> Problem:
    sentence = text(
        "“%(code)s” stays approved: channels see other variants of it, which need it.",
        code=identifier,
    )
    return Problem("status", "needed by variants", sentence, "", "kept")


@dataclass(frozen=True)
class _SteppedBack:
    """Identifiers: ``taken``, of those that have their former status again; ``staying``, of models
    that do not, because channels see other variants of them.
    """

    taken: Collection[str] = ()
    staying: Collection[str] = ()


def _step_back(
    session: Session, undos: Sequence[_Undo], source: Origin, now: datetime
) -> _SteppedBack:
    """Give products their former status. One that was approved is so only where it holds exactly
    what channels see: nothing is published by an undo, and what the run had published channels see
    no more.
    """
    stepped = {one.identifier: one for one in undos if one.status_before}
    if not stepped:
        return _SteppedBack()
    work = Workspace(session, catalog.structure(session), now)
    work.load(stepped)
    taken, staying = [], []
    for item in filter(None, map(work.find, stepped)):
        one = stepped[item.identifier]
        published = one.published_before(item.published)
        status = one.status_before
        if published is None and _is_needed(work, item, stepped):
            staying.append(item.identifier)
            continue
        if status == APPROVED and published != item.values:
            status = DRAFT  # somebody changed it since: it is approved again by a person
        if status is not None and (item.status, item.published) != (status, published):
            return_to(work, item, status, published)
            taken.append(item.identifier)
    store_planned(work, source)
    return _SteppedBack(taken, staying)


def _is_needed(work: Workspace, model: LoadedProduct, stepped: Collection[str]) -> bool:
    """Whether channels see something below a model that this undo does not take from them: without
    their model they would lose it.
    """
    return any(
        one.kind == "product" and one.published is not None and one.identifier not in stepped
        for one in work.descendants(model)
    )


def _remove(
    session: Session,
    undos: Sequence[_Undo],
    source: Origin,
    now: datetime,
    is_part: bool = False,
) -> list[WriteResult]:
    """Remove what a run created, or retire it where somebody else has to do with it. In a part of
    the run, a model waits for what stands below it.
    """
    if not undos:
        return []
    work = Workspace(session, catalog.structure(session), now)
    work.load(one.identifier for one in undos)
    untouched = {one.identifier for one in undos if one.is_untouched}
    items = [item for one in undos if (item := work.find(one.identifier)) is not None]
    wanted = [item for item in items if item.identifier in untouched]
    refusals = {
        item.id: problem for item in wanted if (problem := _not_allowed(work, item, source))
    }
    allowed = {item.id for item in wanted} - refusals.keys()
    leaving = [
        item
        for item in wanted
        if item.id in allowed and all(one.id in allowed for one in work.descendants(item))
    ]
    removal.remove(work, leaving, source)
    results = [WriteResult(item.identifier, "removed", item.id) for item in leaving]
    if is_part:
        refusals |= dict.fromkeys(allowed - {item.id for item in leaving}, _MOVE_FIRST)
    results += [
        WriteResult(work.by_id[number].identifier, "refused", number, problems=[problem])
        for number, problem in refusals.items()
    ]
    done = {one.id for one in results}
    staying = [item.identifier for item in items if item.id not in done]
    return results + _retire(session, staying, source, now)


def _retire(
    session: Session, identifiers: Sequence[str], source: Origin, now: datetime
) -> list[WriteResult]:
    results = publishing.move(session, identifiers, RETIRED, source, now)
    for one in results:
        if one.outcome == "updated":
            one.outcome = "retired"
    return results


_MOVE_FIRST = Problem("parent", "parent", text("Move its variants first."))


def _not_allowed(work: Workspace, item: LoadedProduct, source: Origin) -> Problem | None:
    categories = policy.categories_of(work.merged(item))
    return next(policy.check_step(work.structure, source, RETIRED, categories), None)


def _emptied(session: Session, store: RecordStore, one: _Undo) -> _Undo:
    """A record without a workflow cannot be retired: what the run gave it is cleared."""
    is_it = (store.column("identifier") == one.identifier, *store.own)
    row = session.execute(
        select(store.column("values"), store.column("family")).where(*is_it)
    ).one()
    held = [*row.values, *(["family"] if row.family else [])]
    cleared = {address: None for address in held if address not in one.later}
    return replace(one, restored=cleared)


@dataclass(frozen=True)
class UndoneChange:
    """What became of taking one change back. ``addresses``: of the values that it gives back.
    ``status``: the one that the record has again, None where that stays.
    """

    result: WriteResult
    addresses: Collection[str]
    status: str | None


def revert_change(
    session: Session,
    store: RecordStore,
    record_id: int,
    change_id: int,
    source: Origin,
    now: datetime,
) -> UndoneChange:
    """:func:`revert` for a single change of one record. Nothing happens for a change that there is
    not, and for the one that made the record.
    """
    columns = [store.column(name) for name in ("id", "identifier", "kind")]
    record = session.execute(select(*columns).where(columns[0] == record_id, *store.own)).one()
    one = _undo_of_change(record, queries.history(session, record_id, HISTORY), change_id)
    [result] = _restore(session, store, [one], source, now)
    status = one.status_before
    if status is not None and not _has_status(session, record_id, status):
        status = None
    return UndoneChange(result, one.restored.keys(), status)


def _undo_of_change(record: Any, latest_first: Sequence[Change], change_id: int) -> _Undo:
    """What taking one change back means: what stood before it at every address that nobody changed
    since, and the status, where nobody has taken a step since.
    """
    restored: dict[str, Any] = {}
    chosen: Choices = {}
    steps: Sequence[Change] = ()
    ids = [change.id for change in latest_first]
    place = ids.index(change_id) if change_id in ids else None
    if place is not None and latest_first[place].version > 1:
        change, since = latest_first[place], latest_first[:place]
        changed_since = {address for one in since for address in one.old}
        restored = {at: old for at, old in change.old.items() if at not in changed_since}
        chosen = change.chosen_before or {}
        is_last_step = all(one.status_before is None for one in since)
        is_step = change.status_before is not None and not change.is_approval
        steps = [change] if is_step and is_last_step else ()
    return _Undo(
        id=record.id,
        identifier=record.identifier,
        kind=record.kind,
        restored=restored,
        chosen=chosen,
        later={},
        was_created=False,
        is_untouched=False,
        steps=steps,
    )


def _has_status(session: Session, product_id: int, status: str) -> bool:
    return session.scalar(select(Product.status).where(Product.id == product_id)) == status


def _changes(session: Session, ids: Sequence[int]) -> dict[int, list[Change]]:
    found: dict[int, list[Change]] = {}
    for change in session.scalars(
        select(Change).where(Change.product_id.in_(ids)).order_by(Change.id)
    ):
        found.setdefault(change.product_id, []).append(change)
    return found


def _undo(record: Any, changes: Sequence[Change], reference: str, undone: Collection[str]) -> _Undo:
    restored: dict[str, Any] = {}
    chosen: dict[str, str | None] = {}
    later: dict[str, Change] = {}
    was_created = False
    group = {reference, *undone}
    others = [one for one in changes if one.reference not in group and one.source != "revert"]
    for change in changes:
        if change.reference in group:
            is_own = change.reference == reference
            was_created = was_created or (change.version == 1 and (is_own or not others))
            for address in change.old.keys() & later.keys():
                # What somebody set in between is what there was before the run.
                del later[address]
                restored.pop(address, None)
                chosen = {at: who for at, who in chosen.items() if address_of(at) != address}
            restored = {**change.old, **restored}
            chosen = {**(change.chosen_before or {}), **chosen}
        else:
            is_of_run = (address for address in change.old if was_created or address in restored)
            later.update(dict.fromkeys(is_of_run, change))
    left = {address: value for address, value in restored.items() if address not in later}
    return _Undo(
        id=record.id,
        identifier=record.identifier,
        kind=record.kind,
        restored=left,
        chosen=chosen,
        later=later,
        was_created=was_created,
        is_untouched=not others,
        steps=_last_steps(changes, reference, group),
    )


def _last_steps(
    changes: Sequence[Change], reference: str, group: Collection[str]
) -> Sequence[Change]:
    """The steps of the workflow that a run took a record, the latest first; none where somebody has
    taken it another one since. Those of runs that were taken back before count as its own.
    """
    found: list[Change] = []
    for change in reversed(changes):
        if change.status_before is None or change.source == "revert":
            continue
        if change.reference not in group:
            break
        found.append(change)
    return found if any(one.reference == reference for one in found) else ()


def _later(address: str, change: Change) -> Problem:
    sentence = text(
        "Left as it is: %(who)s changed it since, on %(when)s.",
        who=change.actor,
        when=change.at,
    )
    return Problem(address, "changed since", sentence, "", "kept")
