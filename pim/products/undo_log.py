"""What taking something back means for a record: its changes read backwards."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.products.change import RecordKind
from pim.products.chosen import Choices, address_of
from pim.products.models import Change
from pim.values import Document


@dataclass(frozen=True)
class RecordUndo:
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


def changes_of(session: Session, ids: Sequence[int]) -> dict[int, list[Change]]:
    """Id of a record -> all its changes, the first one first."""
    found: dict[int, list[Change]] = {}
    for change in session.scalars(
        select(Change).where(Change.product_id.in_(ids)).order_by(Change.id)
    ):
        found.setdefault(change.product_id, []).append(change)
    return found


def undo_of_run(
    record: Any, changes: Sequence[Change], reference: str, undone: Collection[str]
) -> RecordUndo:
    """What taking a run back means for a record with these changes. ``undone``: the references of
    runs that were taken back before: what they wrote does not come back.
    """
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
    return RecordUndo(
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


def undo_of_change(record: Any, latest_first: Sequence[Change], change_id: int) -> RecordUndo:
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
    return RecordUndo(
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
