"""What a page of products needs of their families: inherited values for labels, variants for
pictures and progress.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.listing import merge
from pim.products.models import Product
from pim.search.models import Term
from pim.values import Document
from pim.workflow import RETIRED

COLUMNS = (
    Product.id,
    Product.identifier,
    Product.kind,
    Product.parent_id,
    Product.root_id,
    Product.status,
    Product.values,
)


@dataclass(frozen=True, slots=True)
class VariantProgress:
    """How many of a model's variants are complete in a scope; retired ones are not counted."""

    complete: int
    variants: int


def documents(session: Session, rows: Sequence[Row[Any] | Product]) -> dict[int, Document]:
    """Product id -> its working values with what it inherits. ``rows`` need id, parent_id, root_id
    and values.
    """
    known = {row.id: row for row in rows}
    above = {
        number
        for row in rows
        if row.parent_id is not None
        for number in (row.parent_id, row.root_id)
    } - known.keys()
    known |= (
        {row.id: row for row in session.execute(select(*COLUMNS).where(Product.id.in_(above)))}
        if above
        else {}
    )
    return {row.id: merge(reversed([one.values for one in _upwards(known, row)])) for row in rows}


def _upwards(known: dict[int, Any], row: Any) -> list[Any]:
    found = [row]
    while found[-1].parent_id is not None:
        found.append(known[found[-1].parent_id])
    return found


def below(session: Session, roots: Sequence[int]) -> Sequence[Any]:
    """Everything below these top models, oldest first."""
    chosen = (
        select(*COLUMNS)
        .where(Product.root_id.in_(roots), Product.id != Product.root_id)
        .order_by(Product.id)
    )
    return session.execute(chosen).all() if roots else ()


def below_models(session: Session, ids: Collection[int]) -> frozenset[int]:
    """The ids of what stands below the models among these products, be it one of them or not. What
    was retired below a model that is not stays where it is, out of sight.
    """
    named = (Product.id, Product.parent_id, Product.root_id, Product.status)
    is_model = (in_values(session, Product.id, ids), Product.kind == "model")
    known = {one.id: one for one in session.execute(select(*named).where(*is_model))}
    roots = {model.root_id for model in known.values()}
    found: set[int] = set()
    if roots:
        is_below = (in_values(session, Product.root_id, roots), Product.parent_id.is_not(None))
        for one in session.execute(select(*named).where(*is_below).order_by(Product.id)):
            above = known.get(one.parent_id or 0)
            if above is not None and (one.status != RETIRED or above.status == RETIRED):
                known[one.id] = one
                found.add(one.id)
    return frozenset(found)


def complete_among(session: Session, roots: Sequence[int], scope: str) -> frozenset[int]:
    """The ids of what is complete in a scope, of everything in these families."""
    indexed = exists().where(
        Term.address == "complete", Term.term == scope, Term.product_id == Product.id
    )
    chosen = select(Product.id).where(Product.root_id.in_(roots), indexed)
    return frozenset(session.scalars(chosen)) if roots else frozenset()


def progress(relatives: Sequence[Row[Any]], complete: frozenset[int]) -> dict[int, VariantProgress]:
    """Model id -> progress of the products below it, at any depth. A model does not count what is
    retired below it, or stands there below a retired model.
    """
    by_id = {one.id: one for one in relatives}
    found: dict[int, VariantProgress] = {}
    for one in relatives:
        if one.kind != "product":
            continue
        below: Row[Any] | None = one
        while below is not None and below.status != RETIRED and below.parent_id is not None:
            so_far = found.get(below.parent_id, VariantProgress(0, 0))
            found[below.parent_id] = VariantProgress(
                so_far.complete + (one.id in complete), so_far.variants + 1
            )
            below = by_id.get(below.parent_id)
    return found
