"""Which products a list shows: every filter is a list of ids, read from an index, and the lists are
merged while they are read.

Where one of them is short, its products are held against the other filters. Otherwise those that an
index has in the order of ids are merged, and a page costs what must be read to find its fifty.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from operator import attrgetter
from typing import Any

import orjson
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

from pim.attributes.operators import Operator, Sought
from pim.products import index_parts
from pim.products.conditions import Condition, field_of
from pim.products.id_lists import IdList, everything, of_column, of_terms, ordered
from pim.products.models import Product
from pim.products.workspace import key_of
from pim.search import query
from pim.structure.objects import Structure
from pim.workflow import RETIRED

SHORT = 20_000
"""A list of no more is short: each of its products is held against the other filters."""
FEW = 5000
"""So many are sorted in memory."""
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
    that is, is shown only where ``status``, ``identifiers`` or a condition asks for
    it. ``conditions``: all of them
    hold; :func:`pim.products.conditions.read` makes them.

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
    conditions: tuple[Condition, ...] = ()
    grouped: bool = True
    within: frozenset[str] | None = None
    identifiers: tuple[str, ...] = ()

    def hides_variants(self, structure: Structure) -> bool:
        """Whether a model stands for its variants: not where somebody names products, looks
        for words, or for something in which a variant may differ.
        """
        looks_inside = self.words.strip() or self.complete or self.incomplete or self.identifiers
        return (
            self.grouped
            and not looks_inside
            and not any(field_of(structure, one).looks_inside for one in self.conditions)
        )


def newest(
    session: Session, structure: Structure, filters: Filters, limit: int, below: int = END
) -> Sequence[int]:
    """The ids of the newest that match, of those below an id; newest first."""
    return Matching.of(session, structure, filters).newest(limit, below)


def next_above(
    session: Session, structure: Structure, filters: Filters, above: int, limit: int
) -> Sequence[int]:
    """The ids of the oldest that match, of those above an id; oldest first."""
    return Matching.of(session, structure, filters).next_above(above, limit)


def count(session: Session, structure: Structure, filters: Filters, limit: int) -> int:
    """How many match, counted up to ``limit``, which is no large number."""
    return len(newest(session, structure, filters, limit))


def all_ids(
    session: Session, structure: Structure, filters: Filters, chunk: int = 1000
) -> Iterator[Sequence[int]]:
    """The ids of all that match, oldest first, some at a time: for who works through millions."""
    matching, last = Matching.of(session, structure, filters), 0
    while found := matching.next_above(last, chunk):
        yield found
        last = found[-1]


def fingerprint(filters: Filters) -> str:
    """The same for equal filters, in every process: what a selection of all that match is known
    by.
    """
    told = {**vars(filters), "within": sorted(filters.within) if filters.within else None}
    told["conditions"] = sorted(map(str, filters.conditions))
    spelled = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    return blake2b(spelled, digest_size=16).hexdigest()


@dataclass(frozen=True)
class Matching:
    """Who matches is in all of these lists. ``short``: one of them that has few products, if there
    is one.
    """

    session: Session
    lists: Sequence[IdList]
    short: IdList | None

    @classmethod
    def of(cls, session: Session, structure: Structure, filters: Filters) -> "Matching":
        """The lists of these filters."""
        lists = list(_lists(session, structure, filters))
        if not any(map(_can_lead, lists)):
            lists.append(everything())
        short = (one for one in lists if is_short(session, one))
        return cls(session, lists, next(short, None))

    def also(self, one: IdList) -> "Matching":
        """Who is in one more list besides."""
        short = self.short
        if short is None and is_short(self.session, one):
            short = one
        return Matching(self.session, [*self.lists, one], short)

    def few(self) -> Sequence[int] | None:
        """All ids, if they are few; None otherwise."""
        found = self.newest(FEW + 1) if FEW >= 0 else ()
        return found if len(found) <= FEW else None

    def newest(self, limit: int, below: int = END) -> Sequence[int]:
        """The highest ids below one, downwards."""
        return self._ids(0, below, limit, oldest_first=False)

    def next_above(self, above: int, limit: int) -> Sequence[int]:
        """The lowest ids above one, upwards."""
        return self._ids(above, END, limit, oldest_first=True)

    def fits(self, number: Any, *, but: IdList | None = None) -> list[ColumnElement[bool]]:
        """Conditions: the product of this id is in all lists, except one that is seen to
        otherwise.
        """
        return [one.has(number) for one in self.lists if one is not but]

    def _ids(self, above: int, below: int, limit: int, *, oldest_first: bool) -> Sequence[int]:
        between = (above, below)
        is_sqlite = self.session.connection().dialect.name == "sqlite"
        has_words = any(one.is_words for one in self.lists if one is not self.short)
        if self.short is not None and not (is_sqlite and has_words):
            statement: Any = self._held_against(self.short, between)
        elif is_sqlite:
            statement = self._side_by_side(between)
        else:
            statement = self._planned(between)
        number: ColumnElement[int] = literal_column("1")
        by_id = number if oldest_first else number.desc()
        return self.session.scalars(statement.order_by(by_id).limit(limit)).all()

    def _held_against(self, short: IdList, between: tuple[int, int]) -> Select[int]:
        """The products of a short list, each looked up in the others."""
        (number,) = short.found.selected_columns
        others = self.fits(number, but=short)
        return _cut(short.found, between).where(*others).distinct()

    def _side_by_side(self, between: tuple[int, int]) -> CompoundSelect[int]:
        """SQLite reads ordered lists side by side and stops at the limit, if all stand on one
        level: brackets would make it sort. What no index has in the order of ids is looked up for
        each product of the last list.
        """
        inside: list[Select[int]] = []
        outside: list[Select[int]] = []
        others: list[IdList] = []
        for one in self.lists:
            ids = one.found if one is self.short else one.in_order
            if ids is None:
                others.append(one)
            else:
                (outside if one.is_without else inside).append(_cut(ids, between))
        *first, last = inside
        (number,) = last.selected_columns
        last = last.where(*(one.has(number) for one in others))
        for left_out in outside:
            last = last.suffix_with(query.Except(left_out))
        return intersect(*first, last)

    def _planned(self, between: tuple[int, int]) -> Select[int]:
        """PostgreSQL would read every list to its end, but it knows how long they are and begins
        with the right one. What rows say is asked of one row: it joins no table with itself.
        """
        in_rows = [
            one.condition for one in self.lists if one.condition is not None and not one.is_without
        ]
        lists = [one for one in self.lists if one.condition is None or one.is_without]
        if in_rows:
            lists.insert(0, ordered(select(Product.id).where(*in_rows)))
        first, *others = sorted(lists, key=attrgetter("is_without", "repeats"))
        (number,) = first.found.selected_columns
        statement = _cut(first.found, between)
        for one in others:
            inside = number.in_(one.found)
            statement = statement.where(one.has(number) if one.is_without else inside)
        return statement


def is_short(session: Session, one: IdList) -> bool:
    """Whether a list has few products; no more of it is read than that takes."""
    if one.is_long or one.is_without:
        return False
    some = one.found.limit(SHORT + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) <= SHORT


def _cut(ids: Select[int], between: tuple[int, int]) -> Select[int]:
    """Both edges are left out themselves: the engine begins to read there."""
    (number,) = ids.selected_columns
    return ids.where(number > between[0], number < between[1])


def _lists(session: Session, structure: Structure, filters: Filters) -> Iterator[IdList]:
    """Words come first, terms last: PostgreSQL begins with the first, which names no product
    twice.
    """
    words = query.with_words(session, filters.words)
    if words is not None:
        yield ordered(words, is_words=True)
    if filters.identifiers:
        yield of_column("key", {key_of(one) for one in filters.identifiers})
    if filters.family:
        yield of_column("family", [None if filters.family == NO_FAMILY else filters.family])
    if filters.status and filters.status != RETIRED:
        yield of_column("status", [filters.status])
    yield from _kinds(structure, filters)
    for address, term in _asked_terms(filters):
        yield of_terms(session, address, Sought((term,)))
    if filters.category:
        codes = sorted(structure.below(filters.category))
        yield of_terms(session, index_parts.CATEGORIES, Sought(tuple(codes)))
    if filters.within is not None:
        seen = tuple(sorted(filters.within))
        yield of_terms(session, index_parts.CATEGORIES, Sought(seen))
    for condition in filters.conditions:
        field = field_of(structure, condition)
        yield field.id_list(session, structure, condition.operator, condition.values)
    if not _asks_for_retired(filters):
        yield of_terms(session, index_parts.STATUS, Sought((RETIRED,), is_without=True))


def _kinds(structure: Structure, filters: Filters) -> Iterator[IdList]:
    """Whether models are listed, or their variants, or both."""
    tells_gaps = (field_of(structure, one).is_own_gap for one in filters.conditions)
    if filters.incomplete or any(tells_gaps):
        return
    if not filters.grouped and not filters.identifiers:
        yield replace(of_column("kind", ["product"]), is_long=True)
    elif filters.hides_variants(structure):
        yield replace(of_column("parent_id", [None]), is_long=True)


def _can_lead(one: IdList) -> bool:
    """Whether a list names whoever may match, each once and in order."""
    return one.in_order is not None and not one.is_without and not one.repeats


def _asked_terms(filters: Filters) -> Iterator[tuple[str, str]]:
    if filters.status == RETIRED:
        yield index_parts.STATUS, RETIRED
    if filters.incomplete:
        yield index_parts.GAPS, filters.incomplete
    if filters.complete:
        yield "complete", filters.complete
    yield from filters.terms


def _asks_for_retired(filters: Filters) -> bool:
    by_condition = any(
        one.field == "_status" and one.operator is Operator.ONE_OF and RETIRED in one.values
        for one in filters.conditions
    )
    return filters.status == RETIRED or bool(filters.identifiers) or by_condition
