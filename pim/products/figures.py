"""The figures of the assortment: counted once after every change, not at every view.

Each has the number of rows of the list that its page leads to, so what is retired is in none of
them but its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from pim.db import current
from pim.kept_figures import KeptFigures
from pim.products import maintenance
from pim.products.index_parts import GAPS, STATUS
from pim.products.models import Product
from pim.search.models import Term
from pim.search.query import with_term
from pim.workflow import RETIRED


@dataclass(frozen=True)
class Counts:
    """``products``: what can be sold, by ``statuses`` too. ``without_family``: those of them of
    which nothing is required, so that nobody can call them complete. ``complete``: scope -> those
    that are complete there. ``gaps``: scope -> the products and models that lack something there
    on their own level. ``retired``: what could be sold and is retired, or stands below a model
    that is.
    """

    products: int
    models: int
    statuses: Mapping[str, int]
    without_family: int
    complete: Mapping[str, int]
    gaps: Mapping[str, int]
    retired: int


ProductsState = tuple[int, int, tuple[tuple[str, int | None], ...]]
"""What figures of products depend on: the last change, the structure, and how far the index is
built.
"""
_Within = frozenset[str] | None
"""The categories whose products are counted; None for all products."""


_kept: KeptFigures[_Within, Counts] = KeptFigures()


def counts(session: Session, within: _Within = None) -> Counts:
    """The figures as of this session's transaction; counted again only after something changed.

    ``within``: only products in one of these categories, None for all
    (:func:`pim.products.policy.visible`).
    """
    return _kept.get(session, state(session), within, lambda: _count(session, within))


def state(session: Session) -> ProductsState:
    """The same as long as no product, nor what the index says of one, has changed."""
    behind = tuple((part.part, part.cursor) for part in maintenance.outdated(session))
    return current(session, "seq"), current(session, "structure"), behind


def _count(session: Session, within: _Within) -> Counts:
    is_counted = _in_sight(Product.id, within)
    is_retired = (*_visible(Product.id, within), _is_retired(Product.id))
    kinds = _by(session, Product.kind, *is_counted)
    return Counts(
        products=kinds.get("product", 0),
        models=kinds.get("model", 0),
        statuses=_by(session, Product.status, Product.kind == "product", *is_counted),
        without_family=_by(session, Product.kind, Product.family.is_(None), *is_counted).get(
            "product", 0
        ),
        complete=_complete(session, within),
        gaps=_gaps(session, within),
        retired=_by(session, Product.kind, *is_retired).get("product", 0),
    )


_ProductId = InstrumentedAttribute[int]


def _in_sight(product_id: _ProductId, within: _Within) -> Sequence[ColumnElement[bool]]:
    return (*_visible(product_id, within), ~_is_retired(product_id))


def _is_retired(product_id: _ProductId) -> ColumnElement[bool]:
    return product_id.in_(with_term(STATUS, [RETIRED]))


def _visible(product_id: _ProductId, within: _Within) -> Iterator[ColumnElement[bool]]:
    if within is not None:
        yield product_id.in_(with_term("categories", sorted(within)))


def _by(
    session: Session, column: InstrumentedAttribute[str], *conditions: ColumnElement[bool]
) -> dict[str, int]:
    """Value of a column -> how many products have it."""
    grouped = select(column, func.count()).where(*conditions).group_by(column)
    return dict(session.execute(grouped).all())


def _complete(session: Session, within: _Within) -> dict[str, int]:
    """Scope -> how many products are complete there; models are not counted."""
    entry = aliased(Term)
    is_product = (Product.id == entry.product_id) & (Product.kind == "product")
    counted = (
        select(entry.term, func.count())
        .join(Product, is_product)
        .where(entry.address == "complete", *_in_sight(Product.id, within))
        .group_by(entry.term)
    )
    return dict(session.execute(counted).all())


def _gaps(session: Session, within: _Within) -> dict[str, int]:
    """Scope -> how many products and models have a gap there."""
    entry = aliased(Term)
    counted = (
        select(entry.term, func.count())
        .where(entry.address == GAPS, *_in_sight(entry.product_id, within))
        .group_by(entry.term)
    )
    return dict(session.execute(counted).all())
