"""The figures of the whole assortment: counted once after every change, not at every view."""

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.pool import Pool

from pim.db import current
from pim.products import maintenance
from pim.products.models import Product
from pim.search.models import Term


@dataclass(frozen=True)
class Counts:
    """``complete``: scope -> products complete there, of ``products`` that can be sold."""

    products: int
    models: int
    statuses: Mapping[str, int]
    complete: Mapping[str, int]


_State = tuple[int, int, tuple[tuple[str, int | None], ...]]
"""What the figures depend on: the last change, the structure, and how far the index is built."""

_kept: WeakKeyDictionary[Pool, tuple[_State, Counts]] = WeakKeyDictionary()


def counts(session: Session) -> Counts:
    """The figures as of this session's transaction; counted again only after something changed."""
    pool = session.connection().engine.pool
    state = _state(session)
    kept = _kept.get(pool)
    if kept is not None and kept[0] == state:
        return kept[1]
    found = _count(session)
    _kept[pool] = state, found
    return found


def _state(session: Session) -> _State:
    behind = tuple((part.part, part.cursor) for part in maintenance.outdated(session))
    return current(session, "seq"), current(session, "structure"), behind


def _count(session: Session) -> Counts:
    kinds = _by(session, Product.kind)
    complete = (
        select(Term.term, func.count())
        .join(Product, Product.id == Term.product_id)
        .where(Term.address == "complete", Product.kind == "product")
        .group_by(Term.term)
    )
    return Counts(
        kinds.get("product", 0),
        kinds.get("model", 0),
        _by(session, Product.status, Product.kind == "product"),
        dict(session.execute(complete).all()),
    )


def _by(
    session: Session, column: InstrumentedAttribute[str], *conditions: ColumnElement[bool]
) -> dict[str, int]:
    """Value of a column -> how many products have it."""
    grouped = select(column, func.count()).where(*conditions).group_by(column)
    return dict(session.execute(grouped).all())
