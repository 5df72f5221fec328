"""Reading products: one with all it inherits, a page of a list, what was changed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.errors import NotFound, text
from pim.listing import merge
from pim.products import matching, sorting
from pim.products.matching import Filters, Matching
from pim.products.models import Change, Product
from pim.products.sorting import Sort
from pim.products.workspace import key_of
from pim.structure.objects import Structure
from pim.values import Document
from pim.workflow import DRAFT, RETIRED, REVIEW

PAGE = 50
MOST = 2000
"""A list is counted no further: counting must not cost more than showing. The dashboard has the
whole figures.
"""
IDS_AT_ONCE = 10_000
AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class ProductDetail:
    """One product with its models (top first) and, for a model, its direct variants."""

    product: Product
    ancestors: Sequence[Product]
    children: Sequence[Product]

    @property
    def document(self) -> Document:
        """Working values with what is inherited."""
        return merge([*(one.values for one in self.ancestors), self.product.values])

    @property
    def inherited(self) -> Document:
        """Address -> value that comes from a model."""
        return merge(one.values for one in self.ancestors)

    @property
    def published(self) -> Document | None:
        """What channels see: None before the first approval of the product or of a model
        above it.
        """
        chain = [*self.ancestors, self.product]
        if any(one.published is None for one in chain):
            return None
        return merge(one.published or {} for one in chain)

    @property
    def family_variant(self) -> str | None:
        """The family variant of the top model."""
        return (self.ancestors[0] if self.ancestors else self.product).family_variant

    def holder(self, structure: Structure, address: str) -> str:
        """Identifier of the record on whose level a value has its place: the product itself or one
        of its models.
        """
        attribute = structure.attribute_at.get(address)
        chain = [*self.ancestors, self.product]
        if attribute is None:
            return self.product.identifier
        level = structure.level_number(self.family_variant, attribute.code)
        return chain[min(level, len(chain) - 1)].identifier

    def depth(self) -> int | None:
        """How far below the top a model stands; None for a product, which must fill everything."""
        return len(self.ancestors) if self.product.kind == "model" else None


def get(session: Session, identifier: str) -> ProductDetail:
    """A product by identifier, in any case; :class:`NotFound`."""
    product = session.scalar(select(Product).where(Product.key == key_of(identifier)))
    if product is None:
        raise NotFound(text("There is no product “%(code)s”.", code=identifier))
    ancestors: list[Product] = []
    parent = product.parent_id
    while parent is not None:
        ancestors.insert(0, session.get_one(Product, parent))
        parent = ancestors[0].parent_id
    children = session.scalars(
        select(Product).where(Product.parent_id == product.id).order_by(Product.id)
    ).all()
    return ProductDetail(product, ancestors, children)


def by_identifiers(session: Session, identifiers: Sequence[str]) -> dict[str, Product]:
    """Identifier -> product, for a page's worth of identifiers as they are spelled."""
    found = session.scalars(select(Product).where(Product.identifier.in_(identifiers)))
    return {product.identifier: product for product in found}


def ids_of(session: Session, identifiers: Sequence[str]) -> dict[str, int]:
    """Identifier, spelled as here -> id, of those that are there."""
    found: dict[str, int] = {}
    for start in range(0, len(identifiers), IDS_AT_ONCE):
        keys = map(key_of, identifiers[start : start + IDS_AT_ONCE])
        those = in_values(session, Product.key, keys)
        rows = session.execute(select(Product.identifier, Product.id).where(those))
        found |= dict(rows.all())
    return found


def newest_until(session: Session, moment: datetime) -> int:
    """The id of the newest product that was there at a moment, 0 where there was none."""
    newest = select(Product.id).where(Product.created <= moment)
    return session.scalar(newest.order_by(Product.id.desc()).limit(1)) or 0


def by_ids(session: Session, ids: Sequence[int]) -> Sequence[Product]:
    """A page's worth of products in the order of their ids as given; those that are gone are
    absent.
    """
    found = {one.id: one for one in session.scalars(select(Product).where(Product.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


@dataclass(frozen=True)
class Page:
    """One page. ``older``: the id to continue after, None on the last page;
    ``newer``: the same towards the front.

    ``total``: how many the whole list has, counted to one above :data:`MOST`; None on a later page,
    which has not read so far.
    """

    rows: Sequence[AnyRow]
    older: int | None
    newer: int | None
    total: int | None


LISTED = (
    Product.id,
    Product.identifier,
    Product.kind,
    Product.parent_id,
    Product.root_id,
    Product.family,
    Product.status,
    Product.enabled,
    Product.version,
    Product.values,
    Product.updated,
    Product.published_at,
)


def page(
    session: Session,
    structure: Structure,
    filters: Filters,
    after: int | None = None,
    before: int | None = None,
    size: int = PAGE,
    sort: Sort | None = None,
) -> Page:
    """A keyset page: its cost does not depend on how far one has leafed. ``after``/``before``: the
    id at its edge. ``sort``: None shows the newest first.
    """
    if sort is not None:
        return _sorted_page(session, structure, filters, sort, after, before, size)
    if before is not None:
        found = matching.next_above(session, structure, filters, before, size + 1)
        return _page(session, found[:size][::-1], True, len(found) > size)
    if after is not None:
        found = matching.newest(session, structure, filters, size + 1, below=after)
        return _page(session, found[:size], len(found) > size, True)
    found = matching.newest(session, structure, filters, max(size, MOST) + 1)
    return _page(session, found[:size], len(found) > size, False, min(len(found), MOST + 1))


def some(session: Session, structure: Structure, filters: Filters, limit: int) -> Sequence[AnyRow]:
    """The newest that match, and nothing about how many more there are."""
    shown = matching.newest(session, structure, filters, limit)
    return _page(session, shown, False, False).rows


def _sorted_page(
    session: Session,
    structure: Structure,
    filters: Filters,
    sort: Sort,
    after: int | None,
    before: int | None,
    size: int,
) -> Page:
    order = sorting.order_of(structure, sort.field)
    assert order is not None, "sorting.read() refuses it"
    found = sorting.page(
        Matching.of(session, structure, filters),
        order,
        size,
        descending=sort.descending,
        after=after,
        before=before,
    )
    total = MOST + 1 if found.total is None else min(found.total, MOST + 1)
    return _page(session, found.ids, found.has_behind, found.has_before, total)


def _page(
    session: Session, shown: Sequence[int], is_older: bool, is_newer: bool, total: int | None = None
) -> Page:
    place = {number: where for where, number in enumerate(shown)}
    listed = session.execute(select(*LISTED).where(Product.id.in_(shown))).all() if shown else []
    rows = sorted(listed, key=lambda row: place[row.id])
    return Page(
        rows,
        shown[-1] if shown and is_older else None,
        shown[0] if shown and is_newer else None,
        total,
    )


def history(session: Session, product_id: int, limit: int = 50) -> Sequence[Change]:
    """The latest changes first."""
    return session.scalars(
        select(Change)
        .where(Change.product_id == product_id)
        .order_by(Change.id.desc())
        .limit(limit)
    ).all()


def last_actors(session: Session, products: Sequence[int]) -> dict[int, str]:
    """Product id -> who changed it last, of a page's worth of products."""
    latest = (
        select(func.max(Change.id))
        .where(Change.product_id.in_(products), Change.record_kind == "product")
        .group_by(Change.product_id)
    )
    found = select(Change.product_id, Change.actor).where(Change.id.in_(latest))
    return dict(session.execute(found).all())


def rows_below(session: Session, model: Product | AnyRow) -> Sequence[AnyRow]:
    """The variants and models right below a model, oldest first, as lists show them; what was
    retired below a model that is not is out of sight.
    """
    wanted = select(*LISTED).where(Product.parent_id == model.id)
    if model.status != RETIRED:
        wanted = wanted.where(Product.status != RETIRED)
    return session.execute(wanted.order_by(Product.id)).all()


def rows_of_model(session: Session, top: Product) -> Sequence[AnyRow]:
    """Everything below a top model as lists show it: each model before what stands below it, and
    what was retired out of sight as in :func:`rows_below`.
    """
    found: list[AnyRow] = []
    waiting = list(reversed(rows_below(session, top)))
    while waiting:
        row = waiting.pop()
        found.append(row)
        if row.kind == "model":
            waiting += reversed(rows_below(session, row))
    return found


def rows_named(session: Session, identifiers: Sequence[str]) -> Sequence[AnyRow]:
    """Some products as lists show them."""
    return session.execute(select(*LISTED).where(Product.identifier.in_(identifiers))).all()


def family_variants(session: Session, roots: Collection[int]) -> dict[int, str | None]:
    """Id -> family variant, of top models and of products without a model, which have none."""
    found = select(Product.id, Product.family_variant).where(Product.id.in_(roots))
    return dict(session.execute(found).all())


def has_products(session: Session) -> bool:
    """Whether there is any product or model at all, retired ones included."""
    return session.scalar(select(Product.id).limit(1)) is not None


def count_top_products(session: Session) -> int:
    """How many products have none above them."""
    return session.scalar(select(func.count()).where(Product.parent_id.is_(None))) or 0


def with_status(session: Session, status: str) -> Sequence[str]:
    """Identifiers of what has a status, models first."""
    chosen = select(Product.identifier).where(Product.status == status)
    return session.scalars(chosen.order_by(Product.kind, Product.id)).all()


def unpublished(session: Session) -> Iterator[str]:
    """Identifiers of what is not retired and not approved as it stands, models first: what an
    approval of everything looks at.
    """
    statement = (
        select(Product.identifier)
        .where(Product.status.in_((DRAFT, REVIEW)))
        .order_by(Product.kind, Product.id)
    )
    yield from session.scalars(statement)
