"""In which order products stand in a file: as somebody lists them, and what is below a model behind
it.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.bulk_edits import selection
from pim.products.models import Product


def with_variants(session: Session, ids: Sequence[int]) -> list[int]:
    """These products in their order, each once, and behind each model what stands below it, the
    oldest first.
    """
    along = selection.with_variants(session, ids).along
    rows = session.execute(
        select(Product.id, Product.parent_id)
        .where(in_values(session, Product.id, along))
        .order_by(Product.id)
    )
    below: dict[int | None, list[int]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row.id)
    everything = (one for number in ids for one in _downwards(number, below))
    return list(dict.fromkeys(everything))


def _downwards(number: int, below: Mapping[int | None, Sequence[int]]) -> Iterator[int]:
    yield number
    for one in below.get(number, ()):
        yield from _downwards(one, below)
