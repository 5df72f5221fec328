"""Products as they were at a moment: what they hold now, with every later change taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.listing import merge
from pim.products.history import found_by
from pim.products.models import Change, Product
from pim.products.removal import NAMED
from pim.structure.objects import PRODUCT
from pim.values import Document

FACTS = ("family", "enabled")
"""What a product holds beside its values, and no variant inherits."""
_COLUMNS = (
    *(Product.id, Product.parent_id, Product.root_id, Product.values),
    *(Product.family, Product.enabled),
)


@dataclass(frozen=True)
class PastDocument:
    """``values``: with what it inherited, and its own facts. ``is_older``: there was no such
    product yet.
    """

    values: Document
    is_older: bool


@dataclass(frozen=True)
class LaterChange:
    """Who changed a value last, and when."""

    actor: str
    at: datetime


def documents_at(
    session: Session, products: Iterable[Any], moments: Mapping[int, int]
) -> dict[int, PastDocument]:
    """Product id -> what it held. ``products``: rows with id, parent_id and root_id; ``moments``:
    id -> the latest change there was then (:func:`pim.products.history.latest_change`).
    """
    rows = _with_models(session, [one.id for one in products], products)
    changes = _changes(session, rows, min(moments.values(), default=0))
    found: dict[int, PastDocument] = {}
    for moment in set(moments.values()):
        own = _taken_back(rows, [one for one in changes if one.id > moment])
        new = {one.product_id for one in changes if one.id > moment and one.version == 1}
        for number, at in moments.items():
            if at == moment:
                found[number] = PastDocument(_merged(rows, own, number), number in new)
    return found


def later_changes(
    session: Session, products: Iterable[Any], moments: Mapping[int, int]
) -> dict[tuple[int, str], LaterChange]:
    """(product id, address) -> who changed it last since its moment, be it in a model above it."""
    rows = _with_models(session, [one.id for one in products], products)
    changes = _changes(session, rows, min(moments.values(), default=0))
    found: dict[tuple[int, str], LaterChange] = {}
    for number, moment in moments.items():
        chain = set(_upwards(rows, number))
        for change in changes:  # the latest first
            if change.product_id in chain and change.id > moment:
                for address in change.old:
                    found.setdefault((number, address), LaterChange(change.actor, change.at))
    return found


def _with_models(session: Session, ids: Sequence[int], products: Iterable[Any]) -> dict[int, Any]:
    """Their rows, and those of the models above them."""
    above = {
        number
        for one in products
        if one.parent_id is not None
        for number in (one.parent_id, one.root_id)
    }
    wanted = in_values(session, Product.id, {*ids, *above})
    return {row.id: row for row in session.execute(select(*_COLUMNS).where(wanted))}


def _changes(session: Session, rows: Mapping[int, Any], moment: int) -> Sequence[Change]:
    wanted = select(Change).where(
        in_values(session, Change.product_id, rows),
        Change.record_kind == PRODUCT,
        Change.id > moment,
    )
    return session.scalars(wanted.order_by(Change.id.desc())).all()


def _taken_back(rows: Mapping[int, Any], changes: Iterable[Change]) -> dict[int, Document]:
    """What each held itself before these changes, the latest of which comes first."""
    own = {
        number: {**row.values, **{name: getattr(row, name) for name in FACTS}}
        for number, row in rows.items()
    }
    for change in changes:
        before = found_by(change)
        own[change.product_id].update(
            {address: value for address, value in before.items() if address not in NAMED}
        )
    return {
        number: {address: value for address, value in document.items() if value is not None}
        for number, document in own.items()
    }


def _merged(rows: Mapping[int, Any], own: Mapping[int, Document], number: int) -> Document:
    *models, product = reversed(_upwards(rows, number))
    inherited = (
        {address: value for address, value in own[one].items() if address not in FACTS}
        for one in models
    )
    return merge([*inherited, own[product]])


def _upwards(rows: Mapping[int, Any], number: int) -> list[int]:
    found = [number]
    while (parent := rows[found[-1]].parent_id) is not None:
        found.append(parent)
    return found
