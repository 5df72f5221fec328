"""How many products of a list stand in each category, family and status, for the filters beside it.

Of a list with filters, the newest products are counted, up to :data:`MOST`: exactly where there are
no more, otherwise "more than". A list that filters by nothing is counted whole, and the figures are
kept.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from pim.bulk import in_values
from pim.db import current
from pim.products import index_parts, matching
from pim.products.matching import Filters, Matching
from pim.products.models import Product
from pim.search.models import Term
from pim.structure.objects import Structure
from pim.workflow import RETIRED

MOST = 3000
"""So many products of a list with filters are counted."""
NOTHING: Final = ""
"""The code of what has no category, or no family."""
PATIENCE: Final = 50
"""While a hub changes, figures that were kept are shown for so many times as long as it took to
count them."""
_BETWEEN_CODES: Final = ","


@dataclass(frozen=True)
class Facet:
    """Code -> how many products of the list have it, :data:`NOTHING` for those that have none; and
    how many there are in all. Not ``is_exact``: there are more, of any code.
    """

    counts: Mapping[str, int]
    total: int
    is_exact: bool


@dataclass(frozen=True)
class Facets:
    """Categories count with what is below them. Each facet is counted without the filter of its
    own, so that one sees what another choice would give.
    """

    categories: Facet
    families: Facet
    statuses: Facet


def counts(session: Session, structure: Structure, filters: Filters) -> Facets:
    """The facets of a list."""
    if replace(filters, grouped=True, within=None) == Filters():
        return _kept_facets(session, structure, filters)
    seen: dict[Filters, _Counted] = {}

    def newest(own: str, **without: Any) -> _Counted:
        left = tuple(one for one in filters.conditions if one.field != own)
        wanted = replace(filters, conditions=left, **without)
        if wanted not in seen:
            seen[wanted] = _newest(session, structure, wanted)
        return seen[wanted]

    return Facets(
        newest("_category", category=None).categories(structure),
        newest("_family", family=None).families(),
        newest("_status", status=None).statuses(),
    )


@dataclass(frozen=True)
class _Counted:
    """Some products: how many there are of each combination of codes."""

    total: int
    is_exact: bool
    by_categories: Mapping[tuple[str, ...], int]
    by_family: Mapping[str | None, int]
    by_status: Mapping[str, int]

    def categories(self, structure: Structure) -> Facet:
        """A product in two categories below a third one counts there once."""
        found: Counter[str] = Counter()
        for codes, number in self.by_categories.items():
            for code in _with_those_above(structure, codes):
                found[code] += number
        found[NOTHING] = self.total - sum(self.by_categories.values())
        return Facet(+found, self.total, self.is_exact)

    def families(self) -> Facet:
        counted = {code or NOTHING: number for code, number in self.by_family.items()}
        return Facet(counted, self.total, self.is_exact)

    def statuses(self) -> Facet:
        return Facet(dict(self.by_status), self.total, self.is_exact)


def _with_those_above(structure: Structure, codes: Iterable[str]) -> set[str]:
    """A category that the structure does not know any more stands below none."""
    above: set[str] = set()
    for code in codes:
        above.update(structure.path(code) or (code,))
    return above


def _newest(session: Session, structure: Structure, filters: Filters) -> _Counted:
    found = matching.newest(session, structure, filters, MOST + 1)
    ids = found[:MOST]
    in_category = in_values(session, Term.product_id, ids)
    return _counted(
        session,
        [in_category],
        [in_values(session, Product.id, ids)],
        is_exact=len(found) <= MOST,
    )


def _whole(session: Session, structure: Structure, filters: Filters) -> _Counted:
    all_of = Matching.of(session, structure, filters)
    return _counted(session, all_of.fits(Term.product_id), all_of.fits(Product.id), is_exact=True)


def _counted(
    session: Session,
    fits_entry: Sequence[ColumnElement[bool]],
    fits_product: Sequence[ColumnElement[bool]],
    *,
    is_exact: bool,
) -> _Counted:
    by_categories = _by_categories(session, fits_entry)
    by_family: Counter[str | None] = Counter()
    by_status: Counter[str] = Counter()
    columns = (Product.family, Product.status)
    per_column = select(*columns, func.count()).where(*fits_product).group_by(*columns)
    for family, status, number in session.execute(per_column):
        by_family[family] += number
        by_status[status] += number
    return _Counted(by_status.total(), is_exact, by_categories, by_family, by_status)


def count_by_categories(session: Session) -> Mapping[tuple[str, ...], int]:
    """Of what is sold and not retired: the codes of the categories that products have together, in
    any order -> how many have just these.
    """
    sold = select(Product.id).where(Product.kind == "product", Product.status != RETIRED)
    return _by_categories(session, [Term.product_id.in_(sold)])


def _by_categories(
    session: Session, fits_entry: Sequence[ColumnElement[bool]]
) -> Counter[tuple[str, ...]]:
    """The codes that products have together -> how many have just these. The database puts them
    together and counts, so that there is a row for each combination and not one for each product;
    it puts them together in any order.
    """
    own = (Term.address == index_parts.CATEGORIES, *fits_entry)
    codes = func.aggregate_strings(Term.term, _BETWEEN_CODES).label("codes")
    together = select(Term.product_id, codes).where(*own).group_by(Term.product_id).subquery()
    per_codes = select(together.c.codes, func.count()).group_by(together.c.codes)
    counted: Counter[tuple[str, ...]] = Counter()
    for spelled, number in session.execute(per_codes):
        counted[tuple(sorted(spelled.split(_BETWEEN_CODES)))] += number
    return counted


@dataclass(frozen=True)
class _Kept:
    """Facets of the state that ``seq`` and ``version`` name. ``until``: so long they are good
    enough in another state too, as ``time.monotonic`` tells it.
    """

    seq: int
    version: int
    until: float
    facets: Facets

    def are_good_enough(self, seq: int, version: int, now: float) -> bool:
        """Whether they may be shown for this state: never those of another structure, whose
        families and categories may be others.
        """
        if self.version != version:
            return False
        return self.seq == seq or now < self.until


@dataclass(frozen=True)
class _Figures:
    """The kept facets of one database."""

    of: dict[Filters, _Kept] = field(default_factory=dict)


_kept: WeakKeyDictionary[Pool, _Figures] = WeakKeyDictionary()


def _kept_facets(session: Session, structure: Structure, filters: Filters) -> Facets:
    figures = _kept.setdefault(session.connection().engine.pool, _Figures())
    seq, start = current(session, "seq"), time.monotonic()
    known = figures.of.get(filters)
    if known is not None and known.are_good_enough(seq, structure.version, start):
        return known.facets
    whole = _whole(session, structure, filters)
    facets = Facets(whole.categories(structure), whole.families(), whole.statuses())
    end = time.monotonic()
    until = end + PATIENCE * (end - start)
    figures.of[filters] = _Kept(seq, structure.version, until, facets)
    return facets
