"""Changing the structure: compare, show, apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from pim.catalog import queries
from pim.catalog.build import build_structure
from pim.catalog.document import Item, Items, flatten
from pim.catalog.models import StructureItem
from pim.db import allocate, current
from pim.structure import Structure


@dataclass(frozen=True)
class StructureChange:
    """One difference; ``before`` and ``after`` are definitions, None where there is none."""

    verb: Literal["add", "change", "remove"]
    kind: str
    code: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def compare(session: Session, document: Mapping[str, Any], prune: bool = False) -> list[StructureChange]:
    """What :func:`apply` would do with this document; :class:`~pim.errors.Invalid` when the result would not hold together."""
    before = queries.items(session)
    after = _merged(before, flatten(document), prune)
    build_structure(after, version=0)
    return _changes(before, after)


def preview(session: Session, document: Mapping[str, Any]) -> Structure:
    """The structure as :func:`apply` would leave it."""
    version = current(session, "structure") + bool(compare(session, document))
    return build_structure(_merged(queries.items(session), flatten(document), False), version)


def apply(session: Session, document: Mapping[str, Any], prune: bool = False) -> list[StructureChange]:
    """Make the stored structure say what the document says. What the document leaves out stays, unless ``prune``."""
    changes = compare(session, document, prune)
    if changes or prune:
        _store(session, _merged(queries.items(session), flatten(document), prune))
    return changes


def _merged(before: Items, wanted: Items, prune: bool) -> Items:
    return wanted if prune else wanted | {item: definition for item, definition in before.items() if item not in wanted}


def _changes(before: Items, after: Items) -> list[StructureChange]:
    changes = []
    for item in dict.fromkeys([*after, *before]):
        old, new = before.get(item), after.get(item)
        if old != new:
            changes.append(StructureChange(_verb(old, new), *item, before=old, after=new))
    return changes


def _verb(old: object, new: object) -> Literal["add", "change", "remove"]:
    if old is None:
        return "add"
    return "remove" if new is None else "change"


def _store(session: Session, items: Items) -> None:
    session.execute(delete(StructureItem))
    rows = [_row(item, position, definition) for position, (item, definition) in enumerate(items.items())]
    if rows:
        session.execute(insert(StructureItem), rows)
    allocate(session, "structure", 1)


def _row(item: Item, position: int, definition: dict[str, Any]) -> dict[str, Any]:
    return {"kind": item[0], "code": item[1], "position": position, "definition": definition}
