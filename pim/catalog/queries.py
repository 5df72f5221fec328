"""Reading the structure, built once per version and process."""

from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from pim.catalog.build import build_structure
from pim.catalog.document import Items
from pim.catalog.models import StructureItem
from pim.db import current
from pim.structure import Structure

_built: WeakKeyDictionary[Pool, Structure] = WeakKeyDictionary()


def items(session: Session) -> Items:
    """The stored structure, flat, in the order people gave it."""
    rows = session.execute(select(StructureItem.kind, StructureItem.code, StructureItem.definition).order_by(StructureItem.position))
    return {(kind, code): definition for kind, code, definition in rows}


def structure(session: Session) -> Structure:
    """The structure as of this session's transaction."""
    version = current(session, "structure")
    pool = session.connection().engine.pool
    built = _built.get(pool)
    if built is None or built.version != version:
        built = build_structure(items(session), version)
        _built[pool] = built
    return built


def forget(session: Session) -> None:
    """Build the structure anew next time: for a transaction that changed it and is rolled back."""
    _built.pop(session.connection().engine.pool, None)
