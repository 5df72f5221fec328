"""Reading the structure, built once per version and process."""

from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from pim.db import current
from pim.structure.document import Entries, without_nulls
from pim.structure.models import StructureItem
from pim.structure.objects import Structure
from pim.structure.parse import build_structure

_built: WeakKeyDictionary[Pool, Structure] = WeakKeyDictionary()


def items(session: Session) -> Entries:
    """The stored structure, flat, in the order people gave it."""
    rows = session.execute(
        select(StructureItem.kind, StructureItem.code, StructureItem.definition).order_by(
            StructureItem.position
        )
    )
    return {(kind, code): without_nulls(definition) for kind, code, definition in rows}


def structure(session: Session) -> Structure:
    """The structure as of this session's transaction."""
    version = current(session, "structure")
    built = _mine(session) or _built.get(_pool(session))
    if built is None or built.version != version:
        built = build_structure(items(session), version)
        if _OWN in session.info:
            session.info[_OWN] = built
        else:
            _built[_pool(session)] = built
    return built


_OWN = "structure of a transaction that changed it"


def keep_to_itself(session: Session) -> None:
    """From here on the session builds the structure for itself: should it be rolled back, nobody
    else has seen it.
    """
    session.info[_OWN] = None


def _mine(session: Session) -> Structure | None:
    own: Structure | None = session.info.get(_OWN)
    return own


def _pool(session: Session) -> Pool:
    return session.connection().engine.pool
