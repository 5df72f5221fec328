"""In which order a list shows its products, and reading a page of that order.

Only what an index has in order can be sorted by: a sortable attribute, the name, the identifier,
the family, the status, whether something is missing, and the last change. What has no value comes
last, whichever way the list is sorted.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Select, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from pim.attributes.operators import Sought
from pim.bulk import in_values
from pim.errors import Invalid, text
from pim.products import index_parts
from pim.products.id_lists import IdList, of_column, of_terms
from pim.products.matching import END, Matching
from pim.products.models import Product
from pim.search.models import Term
from pim.structure.objects import PRODUCT, Structure
from pim.workflow import STATUSES

PARAMETER = "sort"
"""The parameter of an address that holds a sort."""
IDENTIFIER, CHANGED, STATUS, FAMILY = "_identifier", "_changed", "_status", "_family"
COMPLETE, NAME = "_complete-", "_name-"
"""Before a scope, and before a locale."""


@dataclass(frozen=True)
class Sort:
    """``field``: an address of a sortable attribute, or one of the fields beside the attributes."""

    field: str
    descending: bool = False

    def __str__(self) -> str:
        """As an address says it: ``-price-EUR``."""
        return f"-{self.field}" if self.descending else self.field


def read(structure: Structure, spelling: str) -> Sort:
    """The sort of an address; :class:`Invalid`, under the spelling, where lists have no such
    order.
    """
    sort = Sort(spelling.removeprefix("-"), spelling.startswith("-"))
    if order_of(structure, sort.field) is None:
        problem = text("Lists cannot be sorted by “%(field)s”.", field=sort.field)
        raise Invalid({spelling: [problem]})
    return sort


def sortable(structure: Structure) -> Iterator[str]:
    """Everything that lists can be sorted by."""
    yield from (IDENTIFIER, CHANGED, STATUS, FAMILY)
    yield from (COMPLETE + scope.code for scope in structure.scopes)
    yield from (NAME + locale for locale in structure.locales)
    for address, attribute in structure.filterable_at.items():
        if attribute.type.is_sortable:
            yield address


def order_of(structure: Structure, field: str) -> "Order | None":
    """The order of a field; None where lists cannot be sorted by it."""
    match field:
        case "_identifier":
            return ColumnOrder("key")
        case "_changed":
            return ColumnOrder("updated")
        case "_status":
            return _ranked_column("status", STATUSES, may_be_empty=False)
        case "_family":
            return _ranked_column(
                "family", tuple(structure.families_of(PRODUCT)), may_be_empty=True
            )
    for scope in structure.scopes:
        if field == COMPLETE + scope.code:
            return _completeness(scope.code)
    if field.removeprefix(NAME) in structure.locales:
        return TermOrder(index_parts.NAMES + field.removeprefix(NAME))
    attribute = structure.filterable_at.get(field)
    if attribute is None or not attribute.type.is_sortable:
        return None
    ranked = attribute.type.ranked_terms()
    return TermOrder(field) if ranked is None else _ranked_terms(field, ranked)


Edge = tuple[Any, int]
"""Where a product stands in an order: its key there, and its id."""


class Order(Protocol):
    """An order that an index has."""

    def keys(self, session: Session, ids: Collection[int]) -> Mapping[int, Any]:
        """Id -> key, of those of these products that have a value."""

    def walk(self, matching: Matching, after: Edge | None, limit: int, *, up: bool) -> list[int]:
        """The next that match, have a value, and stand behind a place; all where it is None."""

    def without_value(self, session: Session) -> IdList | None:
        """Who has no value; None where everybody has one."""


@dataclass(frozen=True)
class TermOrder:
    """By the terms at an address."""

    address: str

    def keys(self, session: Session, ids: Collection[int]) -> Mapping[int, Any]:
        found = select(Term.product_id, Term.term).where(
            Term.address == self.address, in_values(session, Term.product_id, ids)
        )
        return dict(session.execute(found).all())

    def walk(self, matching: Matching, after: Edge | None, limit: int, *, up: bool) -> list[int]:
        entry = aliased(Term)
        here: Select[Any] = select(entry.product_id).where(entry.address == self.address)
        return _walk(matching, here, (entry.term, entry.product_id), after, limit, up=up)

    def without_value(self, session: Session) -> IdList | None:
        return of_terms(session, self.address, Sought(is_without=True))


@dataclass(frozen=True)
class ColumnOrder:
    """By a column that every product has, and that has an index with the id behind it."""

    column: str

    def keys(self, session: Session, ids: Collection[int]) -> Mapping[int, Any]:
        own = getattr(Product, self.column)
        found = select(Product.id, own).where(in_values(session, Product.id, ids))
        return dict(session.execute(found).all())

    def walk(self, matching: Matching, after: Edge | None, limit: int, *, up: bool) -> list[int]:
        product = aliased(Product)
        place = (getattr(product, self.column), product.id)
        return _walk(matching, select(product.id), place, after, limit, up=up)

    def without_value(self, session: Session) -> IdList | None:
        return None


@dataclass(frozen=True)
class RankedOrder:
    """By a few values in an order of their own: ``groups`` gives the products of each, ``ranks``
    the number of its group for some products.
    """

    groups: Sequence[Callable[[Session], IdList]]
    ranks: Callable[[Session, Collection[int]], Mapping[int, int]]
    nobody: Callable[[Session], IdList] | None = None

    def keys(self, session: Session, ids: Collection[int]) -> Mapping[int, Any]:
        return self.ranks(session, ids)

    def walk(self, matching: Matching, after: Edge | None, limit: int, *, up: bool) -> list[int]:
        """The rest of the group of the place, then the groups behind it, until there are enough."""
        found: list[int] = []
        place, edge = after if after is not None else (None, None)
        for number in self._groups_from(place, up=up):
            group = matching.also(self.groups[number](matching.session))
            behind = edge if number == place else None
            found += _by_id(group, behind, limit - len(found), up=up)
            if len(found) >= limit:
                break
        return found

    def _groups_from(self, place: int | None, *, up: bool) -> Sequence[int]:
        """The numbers of this group and of those behind it, of all groups where it is None."""
        if up:
            return range(place or 0, len(self.groups))
        last = len(self.groups) - 1 if place is None else place
        return range(last, -1, -1)

    def without_value(self, session: Session) -> IdList | None:
        return None if self.nobody is None else self.nobody(session)


def _with_value(column: str, value: str | None) -> Callable[[Session], IdList]:
    return lambda _session: of_column(column, [value])


def _with_terms(address: str, sought: Sought) -> Callable[[Session], IdList]:
    return lambda session: of_terms(session, address, sought)


def _ranked_column(column: str, values: Sequence[str], *, may_be_empty: bool) -> RankedOrder:
    rank = {value: number for number, value in enumerate(values)}

    def ranks(session: Session, ids: Collection[int]) -> Mapping[int, int]:
        own = ColumnOrder(column).keys(session, ids)
        return {number: rank[value] for number, value in own.items() if value in rank}

    nobody = _with_value(column, None) if may_be_empty else None
    return RankedOrder([_with_value(column, value) for value in values], ranks, nobody)


def _ranked_terms(address: str, terms: Sequence[str]) -> RankedOrder:
    rank = {term: number for number, term in enumerate(terms)}

    def ranks(session: Session, ids: Collection[int]) -> Mapping[int, int]:
        own = TermOrder(address).keys(session, ids)
        return {number: rank[term] for number, term in own.items() if term in rank}

    groups = [_with_terms(address, Sought((term,))) for term in terms]
    return RankedOrder(groups, ranks, _with_terms(address, Sought(tuple(terms), is_without=True)))


def _completeness(scope: str) -> RankedOrder:
    """What lacks something first."""

    def ranks(session: Session, ids: Collection[int]) -> Mapping[int, int]:
        complete = select(Term.product_id).where(
            Term.address == "complete",
            Term.term == scope,
            in_values(session, Term.product_id, ids),
        )
        found = set(session.scalars(complete))
        return {number: int(number in found) for number in ids}

    groups = [
        _with_terms("complete", Sought((scope,), is_without=True)),
        _with_terms("complete", Sought((scope,))),
    ]
    return RankedOrder(groups, ranks)


@dataclass(frozen=True)
class SortedPage:
    """``ids`` in their order, and whether there are more at either end. ``total``: how many match,
    None where they are more than were counted.
    """

    ids: Sequence[int]
    has_before: bool
    has_behind: bool
    total: int | None


def page(
    matching: Matching,
    order: Order,
    size: int,
    *,
    descending: bool = False,
    after: int | None = None,
    before: int | None = None,
) -> SortedPage:
    """A page behind, or before, the product of an id. Few products are sorted here; of many the
    order is walked until the page is full.
    """
    few = matching.few()
    listed = _Listed(matching, order, up=not descending)
    if few is not None:
        return _cut_out(listed.sorted(few, after or before), size, after, before, len(few))
    found = listed.before(before, size + 1) if before else listed.behind(after, size + 1)
    shown, is_more = found[:size], len(found) > size
    if before is not None:
        return SortedPage(shown[::-1], is_more, True, None)
    return SortedPage(shown, after is not None, is_more, None)


def in_order(
    session: Session, structure: Structure, ids: Collection[int], sort: Sort | None
) -> list[int]:
    """These products as a list with this sort shows them; None for the newest first."""
    if sort is None:
        return sorted(ids, reverse=True)
    order = order_of(structure, sort.field)
    assert order is not None, "read() refuses it"
    return _sorted(session, order, ids, up=not sort.descending)


def _sorted(session: Session, order: Order, ids: Collection[int], *, up: bool) -> list[int]:
    """Those without a value come last."""
    keys = order.keys(session, ids)
    with_key = sorted(((keys[one], one) for one in keys), reverse=not up)
    without = sorted(set(ids) - keys.keys(), reverse=not up)
    return [*(number for _, number in with_key), *without]


@dataclass(frozen=True)
class _Listed:
    """What matches, in an order; ``up``: the lowest first."""

    matching: Matching
    order: Order
    up: bool

    def sorted(self, ids: Collection[int], edge: int | None) -> list[int]:
        """These products and that of the edge."""
        numbers = set(ids) if edge is None else {*ids, edge}
        return _sorted(self.matching.session, self.order, numbers, up=self.up)

    def behind(self, edge: int | None, limit: int) -> list[int]:
        """The next behind a product; from the beginning where it is None."""
        place = self._place(edge)
        if (
            edge is not None and place is None
        ):  # it stands among those without a value, which are last
            return list(self._without_value(edge, limit, up=self.up))
        found = self.order.walk(self.matching, place, limit, up=self.up)
        return [*found, *self._without_value(None, limit - len(found), up=self.up)]

    def before(self, edge: int, limit: int) -> list[int]:
        """The last before a product, backwards."""
        place = self._place(edge)
        if place is not None:
            return self.order.walk(self.matching, place, limit, up=not self.up)
        found = self._without_value(edge, limit, up=not self.up)
        rest = limit - len(found)
        return [*found, *self.order.walk(self.matching, None, rest, up=not self.up)]

    def _place(self, edge: int | None) -> Edge | None:
        if edge is None:
            return None
        key = self.order.keys(self.matching.session, [edge]).get(edge)
        return None if key is None else (key, edge)

    def _without_value(self, edge: int | None, limit: int, *, up: bool) -> Sequence[int]:
        nobody = self.order.without_value(self.matching.session)
        if nobody is None or limit <= 0:
            return ()
        return _by_id(self.matching.also(nobody), edge, limit, up=up)


def _cut_out(
    listed: Sequence[int], size: int, after: int | None, before: int | None, total: int
) -> SortedPage:
    """The page of a whole list, in which the product of the edge stands too."""
    if before is not None:
        end = listed.index(before)
        first = max(0, end - size)
        return SortedPage(listed[first:end], first > 0, True, total)
    first = 0 if after is None else listed.index(after) + 1
    return SortedPage(
        listed[first : first + size], after is not None, len(listed) > first + size, total
    )


def _by_id(matching: Matching, edge: int | None, limit: int, *, up: bool) -> Sequence[int]:
    if up:
        return matching.next_above(edge or 0, limit)
    return matching.newest(limit, END if edge is None else edge)


def _walk(
    matching: Matching,
    here: Select[Any],
    place: tuple[Any, Any],
    after: Edge | None,
    limit: int,
    *,
    up: bool,
) -> list[int]:
    """``place``: the columns of a key and of an id, in which an index is sorted."""
    if limit <= 0:
        return []
    key, number = place
    if after is not None:
        edge = tuple_(literal(after[0], key.type), literal(after[1], number.type))
        here = here.where(tuple_(*place) > edge if up else tuple_(*place) < edge)
    in_order = place if up else (key.desc(), number.desc())
    walked = here.where(*matching.fits(number)).order_by(*in_order).limit(limit)
    return list(matching.session.scalars(walked))
