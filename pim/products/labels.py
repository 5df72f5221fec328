"""What people call some products: for pages that know only their identifiers."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.listing import label_of
from pim.products.models import Product
from pim.products.relatives import documents
from pim.products.workspace import key_of
from pim.structure.objects import Structure

COLUMNS = (
    Product.id,
    Product.identifier,
    Product.family,
    Product.parent_id,
    Product.root_id,
    Product.values,
)


def labels(
    session: Session, structure: Structure, identifiers: Iterable[str], locale: str
) -> dict[str, str]:
    """Identifier -> label in this locale; a product without one, or that is gone, is absent. A
    page's worth of identifiers at most.
    """
    rows: Sequence[Any] = session.execute(
        select(*COLUMNS).where(Product.key.in_({key_of(one) for one in identifiers}))
    ).all()
    known = documents(session, rows)
    found = {
        row.identifier: label_of(structure, row.identifier, row.family, known[row.id], locale)
        for row in rows
    }
    return {identifier: label for identifier, label in found.items() if label != identifier}
