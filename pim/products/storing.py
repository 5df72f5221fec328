"""Writing what was planned in a workspace."""

from pim.products import indexing
from pim.products.change import Origin
from pim.products.workspace import LoadedProduct, Workspace


def store_planned(work: Workspace, origin: Origin) -> None:
    """Write the touched products, their change records, outbox rows and index entries.

    Whoever inherits from them moves forward in the change sequence.
    """
    touched = work.touched
    known = {item.id for item in touched}
    heirs: dict[int, LoadedProduct] = {}
    for item in touched:
        if item.kind == "model":
            heirs |= {one.id: one for one in work.descendants(item) if one.id not in known}
    work.write(list(heirs.values()), origin)
    indexing.update(work.session, work, [*touched, *heirs.values()])
