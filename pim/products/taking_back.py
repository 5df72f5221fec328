"""Taking back what was worked out (:mod:`pim.products.undo_log`), written as a new change: former
values and statuses are given back, and what was created is removed, retired or emptied.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.errors import text
from pim.problems import Problem
from pim.products import policy, publishing, removal, service
from pim.products.change import Origin, ProductInput, WriteResult
from pim.products.models import Change
from pim.products.steps import return_to
from pim.products.stores import RecordStore
from pim.products.storing import store_planned
from pim.products.undo_log import RecordUndo
from pim.products.workspace import LoadedProduct, Workspace
from pim.structure import queries as catalog
from pim.values import ReadValues
from pim.workflow import APPROVED, DRAFT, RETIRED


def take_back(
    session: Session,
    store: RecordStore,
    undos: Sequence[RecordUndo],
    source: Origin,
    now: datetime,
    is_part: bool = False,
) -> dict[int, WriteResult]:
    """Id -> what became of the record. ``is_part``: others of the same run follow, and what waits
    for them says so.
    """
    created = [one for one in undos if one.was_created and store.has_workflow]
    restored = [one for one in undos if not (one.was_created and store.has_workflow)]
    results = [
        *restore(session, store, restored, source, now, is_part),
        *_remove(session, created, source, now, is_part),
    ]
    number_of = {one.identifier: one.id for one in undos}
    return {number_of[one.identifier]: one for one in results}


def restore(
    session: Session,
    store: RecordStore,
    undos: Sequence[RecordUndo],
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


def _later(address: str, change: Change) -> Problem:
    sentence = text(
        "Left as it is: %(who)s changed it since, on %(when)s.",
        who=change.actor,
        when=change.at,
    )
    return Problem(address, "changed since", sentence, "", "kept")


def _emptied(session: Session, store: RecordStore, one: RecordUndo) -> RecordUndo:
    """A record without a workflow cannot be retired: what the run gave it is cleared."""
    is_it = (store.column("identifier") == one.identifier, *store.own)
    row = session.execute(
        select(store.column("values"), store.column("family")).where(*is_it)
    ).one()
    held = [*row.values, *(["family"] if row.family else [])]
    cleared = {address: None for address in held if address not in one.later}
    return replace(one, restored=cleared)


@dataclass(frozen=True)
class _SteppedBack:
    """Identifiers: ``taken``, of those that have their former status again; ``staying``, of models
    that do not, because channels see other variants of them.
    """

    taken: Collection[str] = ()
    staying: Collection[str] = ()


def _step_back(
    session: Session, undos: Sequence[RecordUndo], source: Origin, now: datetime
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
    undos: Sequence[RecordUndo],
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
