"""What an import changed: product by product, each value from what to what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.products.labels import labels
from pim.products.models import Change, Product
from pim.structure.objects import Structure
from pim.web.products.history import Difference, asset_names, differences, present


@dataclass(frozen=True)
class Changed:
    """A product that a run changed. ``number``: of its change, to go on after. ``row``: the line of
    the file.
    """

    number: int
    identifier: str
    label: str
    row: int | None
    is_new: bool
    differences: list[Difference]


def changed_by(
    session: Session, structure: Structure, run: str, locale: str, after: int, limit: int
) -> list[Changed]:
    """In the order of the file."""
    wanted = (
        select(Change)
        .where(Change.reference == run, Change.id > after)
        .order_by(Change.id)
        .limit(limit)
    )
    changes = session.scalars(wanted).all()
    products = {
        one.id: one
        for one in session.scalars(
            select(Product).where(Product.id.in_({one.product_id for one in changes}))
        )
    }
    names = labels(session, structure, [one.identifier for one in products.values()], locale)
    afterwards = _afterwards(session, changes, products)
    files = asset_names(session, structure, [*(one.old for one in changes), *afterwards.values()])
    return [
        Changed(
            one.id,
            (product := products[one.product_id]).identifier,
            names.get(product.identifier, product.identifier),
            one.row,
            one.version == 1,
            differences(structure, files, one, afterwards[one.id]),
        )
        for one in changes
    ]


def _afterwards(
    session: Session, changes: Sequence[Change], products: dict[int, Product]
) -> dict[int, dict[str, Any]]:
    """Change id -> the product as it was after that change: what it is now, with everything taken
    back that came later.
    """
    now = {number: present(product) for number, product in products.items()}
    found: dict[int, dict[str, Any]] = {}
    ours = {one.id for one in changes}
    later = (
        select(Change)
        .where(Change.product_id.in_(products), Change.id >= min(ours, default=0))
        .order_by(Change.id.desc())
    )
    for change in session.scalars(later):
        if change.id in ours:
            found[change.id] = dict(now[change.product_id])
        now[change.product_id].update(change.old)
    return found
