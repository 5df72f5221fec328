"""What changes made of products: each change keeps what it found, so what it left is what the next
one found, or what is there now.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.db import current
from pim.products.models import Change, Product, StoredRecord
from pim.products.removal import NAMED, removed

FACTS = ("family", "family_variant", "enabled", "status")


def present(record: Product | StoredRecord) -> dict[str, Any]:
    """The own values and facts of a product or another record as they are, by address."""
    return record.values | {name: getattr(record, name) for name in FACTS if hasattr(record, name)}


def found_by(change: Change) -> dict[str, Any]:
    """What a change found at the addresses that it changed; the status too, where it moved."""
    if change.status_before is None:
        return dict(change.old)
    return change.old | {"status": change.status_before}


def unpublished_addresses(product: Product) -> list[str]:
    """The addresses at which the working values differ from the published ones."""
    published = product.published or {}
    addresses = published.keys() | product.values.keys()
    return sorted(one for one in addresses if published.get(one) != product.values.get(one))


@dataclass(frozen=True)
class RunChange:
    """A change that an import run made. ``after``: the record as the change left it. ``is_gone``:
    whether the record is there no more; then it has only its name.
    """

    change: Change
    record: Product | StoredRecord
    after: dict[str, Any]
    is_gone: bool


def changes_of_run(
    session: Session, run: str, after: int, limit: int, *, is_new: bool | None = None
) -> list[RunChange]:
    """The changes of an import run in the order of its file. ``after``: the id of the change to go
    on behind; 0 for the first page. ``is_new``: only what the run made, or only what it changed.
    """
    wanted = select(Change).where(Change.reference == run, Change.id > after)
    if is_new is not None:
        wanted = wanted.where((Change.version == 1) == is_new)
    changes = session.scalars(wanted.order_by(Change.id).limit(limit)).all()
    ids = {one.product_id for one in changes}
    by_id: dict[int, Product | StoredRecord] = {}
    for table in (Product, StoredRecord):
        records: Iterable[Product | StoredRecord] = session.scalars(
            select(table).where(table.id.in_(ids))
        )
        by_id |= {one.id: one for one in records}
    gone = removed(session, sorted(ids - by_id.keys()))
    left = _left_by(session, changes, by_id, gone)
    known: dict[int, Product | StoredRecord] = {**by_id, **gone}
    return [
        RunChange(one, known[one.product_id], left[one.id], one.product_id in gone)
        for one in changes
    ]


def _left_by(
    session: Session,
    changes: Sequence[Change],
    records: Mapping[int, Product | StoredRecord],
    gone: Mapping[int, Product],
) -> dict[int, dict[str, Any]]:
    """Change id -> the record after it: what it is now, with everything taken back that came
    later.
    """
    if not changes:
        return {}
    documents = {record_id: present(record) for record_id, record in records.items()}
    documents |= {record_id: {} for record_id in gone}
    wanted = {one.id for one in changes}
    since = (
        select(Change)
        .where(Change.product_id.in_(documents), Change.id >= min(wanted))
        .order_by(Change.id.desc())
    )
    found: dict[int, dict[str, Any]] = {}
    for change in session.scalars(since):
        document = documents[change.product_id]
        if change.id in wanted:
            found[change.id] = dict(document)
        found_before = found_by(change)
        document.update({one: found_before[one] for one in found_before if one not in NAMED})
    return found


def latest_change(session: Session) -> int:
    """The number of the latest change of any record: later ones have greater numbers."""
    return current(session, "change")


def changed_since(
    session: Session, ids: Collection[int], moment: int, reference: str
) -> frozenset[int]:
    """The ids of those of these products that somebody changed after a moment
    (:func:`latest_change`); what the run with this reference does is nobody's change.
    """
    is_other = or_(Change.reference.is_(None), Change.reference != reference)
    found = select(Change.product_id).where(
        in_values(session, Change.product_id, ids), Change.id > moment, is_other
    )
    return frozenset(session.scalars(found))
