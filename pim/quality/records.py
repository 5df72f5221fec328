"""The products and models that are looked at, as the rules see them: own values only, so that a
value is judged once, where it stands, and not again at each variant that inherits it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from pim.products.models import Product
from pim.values import Document
from pim.workflow import RETIRED

_COLUMNS = (
    Product.id,
    Product.root_id,
    Product.parent_id,
    Product.family,
    Product.status,
    Product.values,
)


@dataclass(frozen=True)
class JudgedRecord:
    """A product or model with the values of its own level. ``is_retired``: itself, or a model above
    it.
    """

    id: int
    root_id: int
    family: str | None
    values: Document
    is_retired: bool


def records(session: Session, wanted: ColumnElement[bool]) -> Iterator[JudgedRecord]:
    """Those that meet a condition, which holds for whole models with all below them."""
    rows = {row.id: row for row in session.execute(select(*_COLUMNS).where(wanted))}
    for row in rows.values():
        levels = (row, *_above(rows, row))
        is_retired = any(one.status == RETIRED for one in levels)
        yield JudgedRecord(row.id, row.root_id, row.family, row.values, is_retired)


def _above(rows: dict[int, Any], row: Any) -> Sequence[Any]:
    found = []
    while row.parent_id in rows:
        row = rows[row.parent_id]
        found.append(row)
    return found


def digest(value: object) -> str:
    """The same for equal values: what a warning is of, and what somebody called right."""
    spelled = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return blake2b(spelled, digest_size=16).hexdigest()
