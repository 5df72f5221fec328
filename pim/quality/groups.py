"""Which facts of a group stand out, said in SQL: a group may have as many members as the shop has
products.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, false, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.products.models import Product
from pim.quality.facts import STEPS
from pim.quality.figures import warnings_changed
from pim.quality.models import QualityDismissal, QualityFact, QualityWarning
from pim.quality_kinds import OUTLIER

LEAST_VALUES = 8
"""A family with fewer values of a measurement says nothing about what is usual in it."""
TIMES_USUAL = 6
"""So many times the usual distance from the middle (the median of all distances) is out of line."""
LEAST_FACTOR = 4
"""What is less than so many times as large or small as the middle is in line all the same."""
_LEAST_STEPS = STEPS * (LEAST_FACTOR.bit_length() - 1)


@dataclass(frozen=True)
class UsualSizes:
    """What is usual for a measurement in a family, in steps: the middle, and how far from it a
    value may be.
    """

    middle: int
    farthest: int


def usual_sizes(counted: Sequence[tuple[int, int]]) -> UsualSizes | None:
    """``counted``: (size, how many have it). None where they are too few. Pure."""
    if sum(number for _, number in counted) < LEAST_VALUES:
        return None
    middle = _median(counted)
    distance = _median([(abs(size - middle), number) for size, number in counted])
    return UsualSizes(middle, max(TIMES_USUAL * distance, _LEAST_STEPS))


def _median(counted: Sequence[tuple[int, int]]) -> int:
    """The lower one, so that it is a value that there is."""
    half = (sum(number for _, number in counted) + 1) // 2
    passed = 0
    for size, number in sorted(counted):
        passed += number
        if passed >= half:
            return size
    raise AssertionError("there are values")


def settle(session: Session, changed: Iterable[tuple[str, str]]) -> None:
    """Bring the warnings of these groups, by kind and key, in step with their facts."""
    groups = set(changed)
    of_sizes = sorted(key for kind, key in groups if kind == OUTLIER)
    others = sorted(key for kind, key in groups if kind != OUTLIER)
    if others:
        shared = _shared(session, others)
        _settle(session, others, in_values(session, QualityFact.group_key, shared))
    for key in of_sizes:
        _settle(session, [key], _out_of_line(session, key))


def _settle(session: Session, keys: Sequence[str], stands_out: ColumnElement[bool]) -> None:
    """``stands_out``: of a fact in one of these groups, that there is a warning of it."""
    warning, fact = QualityWarning, QualityFact
    is_right = exists().where(
        fact.product_id == warning.product_id,
        fact.kind == warning.kind,
        fact.address == warning.address,
        stands_out,
    )
    in_groups = in_values(session, warning.group_key, keys)
    gone: Any = session.execute(delete(warning).where(in_groups, ~is_right))
    is_there = exists().where(
        warning.product_id == fact.product_id,
        warning.kind == fact.kind,
        warning.address == fact.address,
    )
    new = select(
        fact.product_id, fact.kind, fact.address, fact.digest, fact.group_key, literal("[]")
    ).where(
        in_values(session, fact.group_key, keys),
        stands_out,
        ~is_there,
        ~_is_dismissed(),
        exists().where(Product.id == fact.product_id),
    )
    names = ["product_id", "kind", "address", "digest", "group_key", "detail"]
    is_sqlite = session.connection().dialect.name == "sqlite"
    insert = sqlite.insert(warning) if is_sqlite else postgresql.insert(warning)
    # Somebody who saves a product at the same moment may have seen the same.
    come: Any = session.execute(insert.from_select(names, new).on_conflict_do_nothing())
    if gone.rowcount or come.rowcount:
        warnings_changed(session)


def _is_dismissed() -> ColumnElement[bool]:
    said, fact = QualityDismissal, QualityFact
    return exists().where(
        said.product_id == fact.product_id,
        said.kind == fact.kind,
        said.address == fact.address,
        said.digest == fact.digest,
    )


def _shared(session: Session, keys: Sequence[str]) -> Sequence[str]:
    """The names and pictures that more than one model with its variants has."""
    fact = QualityFact
    found = select(fact.group_key).where(in_values(session, fact.group_key, keys))
    is_shared = func.min(fact.root_id) != func.max(fact.root_id)
    return session.scalars(found.group_by(fact.group_key).having(is_shared)).all()


def _out_of_line(session: Session, key: str) -> ColumnElement[bool]:
    usual = usual_sizes_of(session, key)
    if usual is None:
        return false()
    size = QualityFact.number
    return or_(size < usual.middle - usual.farthest, size > usual.middle + usual.farthest)


def usual_sizes_of(session: Session, key: str) -> UsualSizes | None:
    """What is usual in the group of a measurement."""
    fact = QualityFact
    counted = select(fact.number, func.count()).where(fact.group_key == key).group_by(fact.number)
    return usual_sizes([(size, number) for size, number in session.execute(counted)])
