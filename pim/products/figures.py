"""The figures of the assortment: counted once after every change, not at every view.

Each has the number of rows of the list that its page leads to, so what is retired is in none of
them but its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased
from sqlalchemy.pool import Pool

from pim.db import current
from pim.products import maintenance
from pim.products.index_parts import STATUS
from pim.products.models import Product
from pim.search.models import Term
from pim.search.query import with_term
from pim.workflow import RETIRED


@dataclass(frozen=True)
class Counts:
    """``products``: what can be sold, by ``statuses`` too. ``complete``: scope -> those that are
    complete there. ``retired``: what could be sold and is retired, or stands below a model that is.
    """

    products: int
    models: int
    statuses: Mapping[str, int]
    complete: Mapping[str, int]
    retired: int


_State = tuple[int, int, tuple[tuple[str, int | None], ...]]
"""What the figures depend on: the last change, the structure, and how far the index is built."""
_Within = frozenset[str] | None
"""The categories whose products are counted; None for all products."""


@dataclass(frozen=True)
class _Kept:
    """The figures that were counted in one state."""

    state: _State
    counts: dict[_Within, Counts] = field(default_factory=dict)


_kept: WeakKeyDictionary[Pool, _Kept] = WeakKeyDictionary()


def counts(session: Session, within: _Within = None) -> Counts:
    """The figures as of this session's transaction; counted again only after something changed.

    ``within``: only products in one of these categories, None for all
    (:func:`pim.products.policy.visible`).
    """
    pool = session.connection().engine.pool
    state = _state(session)
    kept = _kept.get(pool)
    if kept is None or kept.state != state:
        kept = _kept[pool] = _Kept(state)
    if within not in kept.counts:
        kept.counts[within] = _count(session, within)
    return kept.counts[within]


def _state(session: Session) -> _State:
    behind = tuple((part.part, part.cursor) for part in maintenance.outdated(session))
    return current(session, "seq"), current(session, "structure"), behind


def _count(session: Session, within: _Within) -> Counts:
    is_retired = Product.id.in_(with_term(STATUS, [RETIRED]))
    visible = list(_visible(within))
    is_counted = (*visible, ~is_retired)
    kinds = _by(session, Product.kind, *is_counted)
    entry = aliased(Term)
    complete = (
        select(entry.term, func.count())
        .join(Product, Product.id == entry.product_id)
        .where(entry.address == "complete", Product.kind == "product", *is_counted)
        .group_by(entry.term)
    )
    retired = _by(session, Product.kind, *visible, is_retired)
    return Counts(
        kinds.get("product", 0),
        kinds.get("model", 0),
        _by(session, Product.status, Product.kind == "product", *is_counted),
        dict(session.execute(complete).all()),
        retired.get("product", 0),
    )


def _visible(within: _Within) -> Iterator[ColumnElement[bool]]:
    if within is not None:
        yield Product.id.in_(with_term("categories", sorted(within)))


def _by(
    session: Session, column: InstrumentedAttribute[str], *conditions: ColumnElement[bool]
) -> dict[str, int]:
    """Value of a column -> how many products have it."""
    grouped = select(column, func.count()).where(*conditions).group_by(column)
    return dict(session.execute(grouped).all())
