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
    keys = {identifier: key_of(identifier) for identifier in identifiers}
    rows: Sequence[Any] = session.execute(
        select(*COLUMNS).where(Product.key.in_(set(keys.values())))
    ).all()
    known = documents(session, rows)
    found: dict[str, str] = {}
    for row in rows:
        label = label_of(structure, row.identifier, row.family, known[row.id], locale)
        if label != row.identifier:
            found[key_of(row.identifier)] = label
    return {identifier: found[key] for identifier, key in keys.items() if key in found}
