"""Which products name one: the other direction of associations and links."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from pim.bulk import in_values
from pim.products.index_parts import CATEGORIES, NAMED, named_at
from pim.products.models import Product
from pim.products.queries import LISTED, AnyRow
from pim.search.models import Term
from pim.structure.objects import Structure
from pim.workflow import RETIRED

MOST = 50
"""Products that are told of at one address."""


@dataclass(frozen=True)
class NamedBy:
    """``rows``: the products that name it at this address, as lists show them, at most
    :data:`MOST`; ``has_more``: whether there are others.
    """

    address: str
    rows: Sequence[AnyRow]
    has_more: bool


def named_by(
    session: Session, structure: Structure, key: str, within: frozenset[str] | None
) -> list[NamedBy]:
    """The products that name the one with this key, by address. What a variant has from its model
    is told of the model alone. ``within``: only products in one of these categories, None for all.
    """
    found = (
        NamedBy(address, rows[:MOST], len(rows) > MOST)
        for address in sorted(structure.naming_addresses)
        if (rows := _rows(session, structure, named_at(address, key), within))
    )
    return list(found)


def _rows(
    session: Session, structure: Structure, term: str, within: frozenset[str] | None
) -> Sequence[AnyRow]:
    above = aliased(Term)
    inherited = (
        select(above.product_id)
        .where(above.address == NAMED, above.term == term, above.product_id == Product.parent_id)
        .exists()
    )
    naming = (
        select(*LISTED)
        .join(Term, Term.product_id == Product.id)
        .where(Term.address == NAMED, Term.term == term, Product.status != RETIRED, ~inherited)
    )
    if within is not None:
        seen = select(Term.product_id).where(
            Term.address == CATEGORIES, in_values(session, Term.term, within)
        )
        naming = naming.where(Product.id.in_(seen))
    return session.execute(naming.order_by(Product.id).limit(MOST + 1)).all()
