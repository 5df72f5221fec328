"""Changing the structure: compare, show, apply."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from pim.db import allocate, current
from pim.definitions import DefinitionDifference, differences_within
from pim.errors import Invalid
from pim.structure import moves, queries
from pim.structure.document import Entries, EntryKey, read
from pim.structure.merge import merge, whole
from pim.structure.models import StructureItem
from pim.structure.objects import Structure
from pim.structure.parse import build_structure, faults

Verb = Literal["add", "change", "move", "remove"]


@dataclass(frozen=True)
class StructureChange:
    """One difference; ``before`` and ``after`` are definitions, None where there is none.

    "move": the things of a kind stand in another order (``code``: within this attribute or
    category); ``before`` and ``after`` say of each that moved behind which one it stood and stands.
    """

    verb: Verb
    kind: str
    code: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def differences(self) -> list[DefinitionDifference]:
        """What differs within a thing that was there and stays."""
        if self.before is None or self.after is None:
            return []
        return list(differences_within(self.before, self.after))


def compare(
    session: Session, document: Mapping[str, Any], prune: bool = False
) -> list[StructureChange]:
    """What :func:`apply` would do with this document; :class:`Invalid` when the result would not
    hold together.
    """
    return _compare(queries.items(session), entries_of(document), prune)


def preview(session: Session, document: Mapping[str, Any], prune: bool = False) -> Structure:
    """The structure as :func:`apply` would leave it."""
    before, wanted = queries.items(session), entries_of(document)
    version = current(session, "structure") + bool(_compare(before, wanted, prune))
    return build_structure(_after(before, wanted, prune), version)


def apply(
    session: Session, document: Mapping[str, Any], prune: bool = False
) -> list[StructureChange]:
    """Make the stored structure say what the document says. What the document leaves out stays
    (:mod:`pim.structure.merge`), unless ``prune``: then the document is the whole structure.

    Knows nothing of products: :func:`pim.products.restructure.apply` also looks after them.
    """
    before, wanted = queries.items(session), entries_of(document)
    changes = _compare(before, wanted, prune)
    if changes:
        _store(session, _after(before, wanted, prune))
    return changes


def left_out(session: Session, document: Mapping[str, Any]) -> list[StructureChange]:
    """What only ``prune`` would take away: the document does not name it, so it stays."""
    named = entries_of(document)
    return list(_differences(merge(queries.items(session), named), whole(named)))


def entries_of(document: Mapping[str, Any]) -> Entries:
    """The document's items; where its shape is wrong, :class:`Invalid` also says what is wrong with
    what could be read.
    """
    items, wrong = read(document)
    if wrong:
        raise Invalid({**faults(items), **wrong})
    return items


def _compare(before: Entries, wanted: Entries, prune: bool) -> list[StructureChange]:
    after = _after(before, wanted, prune)
    build_structure(after, version=0)
    return differences(before, after)


def _after(before: Entries, wanted: Entries, prune: bool) -> Entries:
    return whole(wanted) if prune else merge(before, wanted)


def differences(before: Entries, after: Entries) -> list[StructureChange]:
    """What turns one structure into another."""
    return [*_differences(before, after), *_moves(before, after)]


def _differences(before: Entries, after: Entries) -> Iterator[StructureChange]:
    for item in dict.fromkeys([*after, *before]):
        old, new = before.get(item), after.get(item)
        if old != new:
            yield StructureChange(_verb(old, new), *item, before=old, after=new)


def _verb(old: object, new: object) -> Verb:
    if old is None:
        return "add"
    return "remove" if new is None else "change"


def _moves(earlier: Entries, later: Entries) -> Iterator[StructureChange]:
    old, new = _orders(earlier), _orders(later)
    for place in sorted(old.keys() & new.keys()):
        then, now = (
            [code for code in old[place] if code in new[place]],
            [code for code in new[place] if code in old[place]],
        )
        if then != now:
            codes = moves.moved(then, now)
            before, after = moves.behind(then, codes), moves.behind(now, codes)
            yield StructureChange("move", *place, before=before, after=after)


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
