"""Taking a product out of the hub, as if it had never been made; its history stays.

An undo does so with what nobody else has touched, and a person with what no channel ever saw. The
last change of its history holds all that it was, its identifier too.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pim import outbox
from pim.bulk import in_values, insert_rows
from pim.db import allocate
from pim.outbox import OutboxEvent
from pim.products import feed_index, indexing
from pim.products.change import Origin
from pim.products.models import Change, Product
from pim.products.workspace import LoadedProduct, Workspace
from pim.search import index

NAMED: Final = ("identifier", "kind")
"""What the last change of a product holds besides its values, at addresses that no value has."""
HELD: Final = ("family", "family_variant", "enabled")


def remove(work: Workspace, items: Sequence[LoadedProduct], origin: Origin) -> None:
    """Remove these products, below which nothing else may stand. The workspace must hold them."""
    session, ids = work.session, [item.id for item in items]
    _record(work, items, origin)
    entries = [
        (address, term, item.id)
        for item in items
        for address, term in indexing.expected(work, item)[0]
    ]
    index.change_terms(session, [], entries)
    index.remove_words(session, ids)
    feed_index.forget_products(session, ids)
    children_first = sorted(items, key=lambda item: len(work.ancestors(item)), reverse=True)
    for item in children_first:
        session.execute(delete(Product).where(Product.id == item.id))


def _record(work: Workspace, items: Sequence[LoadedProduct], origin: Origin) -> None:
    last = allocate(work.session, "change", len(items))
    columns = {
        "id": range(last - len(items) + 1, last + 1),
        "product_id": [item.id for item in items],
        "version": [item.version + 1 for item in items],
        "old": [_all_of(item) for item in items],
    }
    same = {"at": work.now, "source": origin.kind, "actor": origin.actor}
    insert_rows(work.session, Change, columns, {**same, "reference": origin.reference})
    last = allocate(work.session, "seq", len(items))
    events = [
        OutboxEvent(f"{item.kind}.removed", item.kind, str(item.id), seq)
        for seq, item in enumerate(items, start=last - len(items) + 1)
    ]
    outbox.record(work.session, events, work.now)


def _all_of(item: LoadedProduct) -> dict[str, object]:
    facts = {name: getattr(item, name) for name in (*NAMED, *HELD)}
    return {**item.values, **facts}


def removed(session: Session, ids: Sequence[int]) -> dict[int, Product]:
    """Those of these products that were removed, by id: what can still be said of them. They are in
    no session.
    """
    if not ids:
        return {}
    of_ids = in_values(session, Change.product_id, ids)
    last_ones = select(Change).where(of_ids).order_by(Change.id)
    return {
        change.product_id: Product(
            id=change.product_id,
            values={},
            **{name: change.old[name] for name in NAMED},
        )
        for change in session.scalars(last_ones)
        if all(name in change.old for name in NAMED)
    }
