"""Which products a list shows: every filter is a list of ids in order, read from an index, and the
lists are merged while they are read.

A page therefore costs what must be read to find its fifty: no filter looks products up one by one
to see whether they fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    func,
    intersect,
    literal_column,
    select,
)
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.products.index_parts import GAPS, STATUS
from pim.products.models import Product
from pim.products.workspace import key_of
from pim.search import query
from pim.structure.objects import Structure
from pim.workflow import RETIRED

NEAR = 10_000
"""Where a list must be sorted, only so many products beside the page's edge are looked at first:
most lists fill a page there.
"""
NO_FAMILY = "-"
"""Asks for what has no family; no family has this code."""
END = 1 << 62
"""Above every id."""


@dataclass(frozen=True)
class Filters:
    """What a list shows. ``terms``: (address, the term that a product must have there).
    ``complete``: a scope. ``incomplete``: a scope in which something is missing: what lacks it on
    its own level is listed, be it a model or a product, and not once more for each variant that
    inherits the gap. ``family``: a code, or :data:`NO_FAMILY`. What is retired, or below a model
    that is, is shown only where ``status`` or ``identifiers`` asks for it.

    ``grouped``: models stand for their variants; otherwise what can be sold is listed. ``within``:
    only products in one of these categories, None for all (:func:`pim.products.policy.visible`).
    ``identifiers``: only these, in any case; models and variants each for themselves.
    """

    words: str = ""
    family: str | None = None
    status: str | None = None
    complete: str | None = None
    incomplete: str | None = None
    category: str | None = None
    terms: tuple[tuple[str, str], ...] = ()
    grouped: bool = True
    within: frozenset[str] | None = None
    identifiers: tuple[str, ...] = ()

    @property
    def hides_variants(self) -> bool:
        """Whether a model stands for its variants: not where somebody names products, looks for
        words, or for what is complete or not, which a variant may be by itself.
        """
        looks_inside = self.words.strip() or self.complete or self.incomplete or self.identifiers
        return self.grouped and not looks_inside


@dataclass(frozen=True)
class IndexedMark:
    """A term at an address of the index, by which products are left out of a list."""

    address: str
    term: str


@dataclass(frozen=True)
class Lists:
    """Who matches is in all of ``inside``, and the index does not say ``outside`` of it.

    ``is_sorted``: one of them must be read to its end and sorted before it gives its first.
    """

    inside: Sequence[Select[int]]
    outside: IndexedMark | None
    is_sorted: bool


def newest(
    session: Session, structure: Structure, filters: Filters, limit: int, below: int = END
) -> Sequence[int]:
    """The ids of the newest that match, of those below an id; newest first."""
    lists = _lists(session, structure, filters)
    if not lists.is_sorted:
        return _merged(session, lists, (0, below), limit)
    last = session.scalar(select(func.max(Product.id))) or 0
    edge = max(0, min(below, last + 1) - NEAR)
    near = _merged(session, lists, (edge, below), limit)
    return (
        near
        if len(near) == limit
        else [*near, *_merged(session, lists, (0, edge + 1), limit - len(near))]
    )


def next_above(
    session: Session, structure: Structure, filters: Filters, above: int, limit: int
) -> Sequence[int]:
    """The ids of the oldest that match, of those above an id; oldest first."""
    lists = _lists(session, structure, filters)
    if not lists.is_sorted:
        return _merged(session, lists, (above, END), limit, oldest_first=True)
    edge = above + NEAR
    near = _merged(session, lists, (above, edge), limit, oldest_first=True)
    if len(near) == limit:
        return near
    return [*near, *_merged(session, lists, (edge - 1, END), limit - len(near), oldest_first=True)]


def count(session: Session, structure: Structure, filters: Filters, limit: int) -> int:
    """How many match, counted up to ``limit``, which is no large number."""
    return len(newest(session, structure, filters, limit))


def _lists(session: Session, structure: Structure, filters: Filters) -> Lists:
    """Words come first, terms last: PostgreSQL begins with the first, which names no product
    twice.
    """
    words = query.with_words(session, filters.words)
    codes = sorted(structure.below(filters.category)) if filters.category else []
    inside = [] if words is None else [words]
    if filters.identifiers:
        keys = {key_of(one) for one in filters.identifiers}
        inside.append(_products(in_values(session, Product.key, keys)))
    if filters.family:
        family = None if filters.family == NO_FAMILY else filters.family
        inside.append(_products(Product.family == family))
    if filters.status == RETIRED:
        inside.append(query.with_term(STATUS, [RETIRED]))
    elif filters.status:
        inside.append(_products(Product.status == filters.status))
    if filters.incomplete:
        inside.append(query.with_term(GAPS, [filters.incomplete]))
    elif not filters.grouped and not filters.identifiers:
        inside.append(_products(Product.kind == "product"))
    elif filters.hides_variants:
        inside.append(_products(Product.parent_id.is_(None)))
    inside += [query.with_term("complete", [filters.complete])] if filters.complete else []
    inside += [query.with_term(address, [term]) for address, term in filters.terms]
    inside += [query.with_term("categories", codes)] if filters.category else []
    if filters.within is not None:
        inside.append(query.with_term("categories", sorted(filters.within)))
    is_sorted = len(codes) > 1 or len(filters.within or ()) > 1
    asks_for_retired = filters.status == RETIRED or bool(filters.identifiers)
    outside = None if asks_for_retired else IndexedMark(STATUS, RETIRED)
    return Lists(inside, outside, is_sorted)


def _products(condition: ColumnElement[bool]) -> Select[int]:
    return select(Product.id).where(condition)


def _merged(
    session: Session,
    lists: Lists,
    between: tuple[int, int],
    limit: int,
    *,
    oldest_first: bool = False,
) -> Sequence[int]:
    """Every list is cut at both edges, which are left out themselves: the engine begins to read
    there.
    """
    merge = _side_by_side if session.connection().dialect.name == "sqlite" else _planned
    above, below = between
    inside = [
        one.where(number > above, number < below)
        for one in lists.inside
        for number in one.selected_columns
    ]
    number: ColumnElement[int] = literal_column("1")
    statement = (
        merge(inside, lists.outside, between)
        .order_by(number if oldest_first else number.desc())
        .limit(limit)
    )
    return session.scalars(statement).all()


def _side_by_side(
    inside: Sequence[Select[int]], outside: IndexedMark | None, between: tuple[int, int]
) -> CompoundSelect[int]:
    """SQLite reads ordered lists side by side and stops at the limit, if all stand on one level:
    brackets would make it sort.
    """
    *others, last = inside
    if outside is not None:
        last = last.suffix_with(query.except_term(outside.address, outside.term, *between))
    return intersect(*others, last)


def _planned(
    inside: Sequence[Select[int]], outside: IndexedMark | None, _between: tuple[int, int]
) -> Select[int]:
    """PostgreSQL would read every list to its end, but it knows how long they are and begins with
    the right one.
    """
    first, *others = inside
    (number,) = first.selected_columns
    statement = first.where(*(number.in_(one) for one in others))
    if outside is None:
        return statement
    return statement.where(~query.has_term(number, outside.address, outside.term))
