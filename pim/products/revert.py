"""Taking back what an import run or one change did: the undo log read backwards, written as a new
change.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.db import Database
from pim.errors import text
from pim.problems import Problem
from pim.products import publishing, queries, service
from pim.products.change import Origin, ProductInput, WriteResult
from pim.products.models import Change, Product
from pim.values import ReadValues
from pim.workflow import RETIRED

BATCH = 500
"""Products that are taken back in one transaction."""
HISTORY = 200
"""Changes among which one can be taken back by itself: those that the page shows."""


def products_of(session: Session, reference: str) -> Sequence[int]:
    """Ids of the products that this run changed, ascending."""
    return session.scalars(
        select(Change.product_id)
        .where(Change.reference == reference)
        .distinct()
        .order_by(Change.product_id)
    ).all()


def revert_run(
    database: Database, reference: str, source: Origin, clock: Callable[[], datetime]
) -> list[WriteResult]:
    """:func:`revert` for everything a run changed, in batches of their own; one that is killed is
    taken up by doing it again.
    """
    with database.reading() as session:
        ids = products_of(session, reference)
    results: list[WriteResult] = []
    for start in range(0, len(ids), BATCH):
        with database.writing() as session:
            results += revert(session, reference, ids[start : start + BATCH], source, clock())
    return results


def revert(
    session: Session, reference: str, ids: Sequence[int], source: Origin, now: datetime
) -> list[WriteResult]:
    """Give these products the values they had before the run with this reference.

    A value that somebody changed since is left as it is, and listed. A product that the run created
    is retired, not deleted. Doing it again changes nothing. ``source`` should own everything (owner
    None).
    """
    changes = _changes(session, ids)
    products = {
        row.id: row
        for row in session.execute(
            select(Product.id, Product.identifier, Product.kind).where(Product.id.in_(ids))
        )
    }
    edits: list[ProductInput] = []
    kept: list[list[Problem]] = []
    created: list[str] = []
    for number, product in products.items():
        restored, later, is_new = _undone(changes.get(number, ()), reference)
        if is_new:
            created.append(product.identifier)
            continue
        edits.append(ProductInput(product.identifier, ReadValues(restored), product.kind))
        kept.append([_later(address, change) for address, change in later.items()])
    results = service.write(session, edits, source, now)
    for result, problems in zip(results, kept, strict=True):
        result.problems.extend(problems)
    return results + publishing.move(session, created, RETIRED, source, now)


def values_before(session: Session, product_id: int, change_id: int) -> ReadValues:
    """What stood before one change, at every address that nobody changed since; nothing for a
    change that there is not.
    """
    changed_since: set[str] = set()
    for change in queries.history(session, product_id, HISTORY):
        if change.id == change_id and change.version > 1:
            before = {
                address: value
                for address, value in change.old.items()
                if address not in changed_since
            }
            return ReadValues(before)
        changed_since.update(change.old)
    return ReadValues({})


def _changes(session: Session, ids: Sequence[int]) -> dict[int, list[Change]]:
    found: dict[int, list[Change]] = {}
    for change in session.scalars(
        select(Change).where(Change.product_id.in_(ids)).order_by(Change.id)
    ):
        found.setdefault(change.product_id, []).append(change)
    return found


def _undone(
    changes: Sequence[Change], reference: str
) -> tuple[dict[str, Any], Mapping[str, Change], bool]:
    """(address -> the value before the run, address -> the change somebody made there since, did
    the run create the product).
    """
    restored: dict[str, Any] = {}
    later: dict[str, Change] = {}
    for change in changes:
        if change.reference == reference:
            if change.version == 1:
                return {}, {}, True
            for address, before in change.old.items():
                restored.setdefault(address, before)
                later.pop(address, None)
        else:
            later.update({address: change for address in change.old if address in restored})
    return (
        {address: value for address, value in restored.items() if address not in later},
        later,
        False,
    )


def _later(address: str, change: Change) -> Problem:
    sentence = text(
        "Left as it is: %(who)s changed it since, on %(when)s.",
        who=change.actor,
        when=f"{change.at:%Y-%m-%d}",
    )
    return Problem(address, "changed since", sentence, "", "skipped")
