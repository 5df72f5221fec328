"""Changing the structure: compare, show, apply."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from pim.attributes import all_types
from pim.db import allocate, current
from pim.errors import Invalid
from pim.structure import queries
from pim.structure.document import KINDS, Entries, EntryKey, read
from pim.structure.models import StructureItem
from pim.structure.objects import Structure
from pim.structure.parse import build_structure, faults

Verb = Literal["add", "change", "move", "remove"]


@dataclass(frozen=True)
class StructureChange:
    """One difference; ``before`` and ``after`` are definitions, None where there is none.

    "move": the things of a kind stand in another order (``code``: within this attribute or
    category); ``before`` and ``after`` hold that under ``order``.
    """

    verb: Verb
    kind: str
    code: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def compare(
    session: Session, document: Mapping[str, Any], prune: bool = False
) -> list[StructureChange]:
    """What :func:`apply` would do with this document; :class:`Invalid` when the result would not
    hold together.
    """
    return _compare(queries.items(session), _wanted(document), prune)


def preview(session: Session, document: Mapping[str, Any], prune: bool = False) -> Structure:
    """The structure as :func:`apply` would leave it."""
    before, wanted = queries.items(session), _wanted(document)
    version = current(session, "structure") + bool(_compare(before, wanted, prune))
    return build_structure(_merged(before, wanted, prune), version)


def apply(
    session: Session, document: Mapping[str, Any], prune: bool = False
) -> list[StructureChange]:
    """Make the stored structure say what the document says. What the document leaves out stays,
    unless ``prune``.

    Knows nothing of products: :func:`pim.products.restructure.apply` also looks after them.
    """
    before, wanted = queries.items(session), _wanted(document)
    changes = _compare(before, wanted, prune)
    if changes:
        _store(session, _merged(before, wanted, prune))
    return changes


def _wanted(document: Mapping[str, Any]) -> Entries:
    """The document's items; where its shape is wrong, :class:`Invalid` also says what is wrong with
    what could be read.
    """
    items, wrong = read(document)
    if wrong:
        raise Invalid({**faults(items), **wrong})
    return items


def _compare(before: Entries, wanted: Entries, prune: bool) -> list[StructureChange]:
    after = _merged(before, wanted, prune)
    build_structure(after, version=0)
    return [*_differences(before, after), *_moves(before, after)]


def _merged(before: Entries, wanted: Entries, prune: bool) -> Entries:
    """What the document leaves out keeps its place, behind what stood in front of it."""
    if prune:
        return wanted
    merged: Entries = {}
    for kind in KINDS:
        named = {item: definition for item, definition in wanted.items() if item[0] == kind}
        stored = {
            item: definition
            for item, definition in before.items()
            if item[0] == kind and not _is_pointless(item, wanted)
        }
        for item in _interleaved(list(named), list(stored)):
            merged[item] = named[item] if item in named else stored[item]
    return merged


def _is_pointless(item: EntryKey, wanted: Entries) -> bool:
    """An option whose attribute is to be no choice any more."""
    kind, code = item
    if kind != "options":
        return False
    attribute = wanted.get(("attributes", code.partition(":")[0]))
    if attribute is None:
        return False
    type_ = all_types().get(str(attribute.get("type")))
    return type_ is None or not type_.has_options


def _interleaved(wanted: list[EntryKey], before: list[EntryKey]) -> Iterator[EntryKey]:
    """The wanted ones in their order; each of the others behind the wanted one it stood behind."""
    behind: dict[EntryKey, list[EntryKey]] = {item: [] for item in wanted}
    front: list[EntryKey] = []
    followers = front
    for item in before:
        if item in behind:
            followers = behind[item]
        else:
            followers.append(item)
    yield from front
    for item in wanted:
        yield item
        yield from behind[item]


def _differences(before: Entries, after: Entries) -> Iterator[StructureChange]:
    for item in dict.fromkeys([*after, *before]):
        old, new = before.get(item), after.get(item)
        if old != new:
            yield StructureChange(_verb(old, new), *item, before=old, after=new)


def _verb(old: object, new: object) -> Verb:
    if old is None:
        return "add"
    return "remove" if new is None else "change"


def _moves(before: Entries, after: Entries) -> Iterator[StructureChange]:
    old, new = _orders(before), _orders(after)
    for place in sorted(old.keys() & new.keys()):
        then, now = (
            [code for code in old[place] if code in new[place]],
            [code for code in new[place] if code in old[place]],
        )
        if then != now:
            yield StructureChange("move", *place, before={"order": then}, after={"order": now})


def _orders(items: Entries) -> dict[EntryKey, list[str]]:
    """(kind, attribute or parent category or "") -> codes in the order people see."""
    found: dict[EntryKey, list[str]] = {}
    for (kind, code), definition in items.items():
        home = (
            code.partition(":")[0]
            if kind == "options"
            else definition.get("parent") or ""
            if kind == "categories"
            else ""
        )
        found.setdefault((kind, home), []).append(code)
    return found


def _store(session: Session, items: Entries) -> None:
    session.execute(delete(StructureItem))
    rows = [
        _row(item, position, definition)
        for position, (item, definition) in enumerate(items.items())
    ]
    if rows:
        session.execute(insert(StructureItem), rows)
    allocate(session, "structure", 1)
    queries.keep_to_itself(session)


def _row(item: EntryKey, position: int, definition: dict[str, Any]) -> dict[str, Any]:
    return {"kind": item[0], "code": item[1], "position": position, "definition": definition}
