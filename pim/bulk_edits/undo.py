"""Taking a bulk edit back."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import update

from pim.bulk_edits.models import BulkEdit
from pim.db import Database
from pim.products import revert
from pim.products.change import Origin, WriteResult


def take_back(
    database: Database, edit_id: str, origin: Origin, clock: Callable[[], datetime]
) -> list[WriteResult]:
    """:func:`pim.products.revert.revert_run`: what somebody changed since stays. The edit remembers
    who took it back, unless nothing could be.
    """
    results = revert.revert_run(database, edit_id, origin, clock)
    if any(not one.is_refused for one in results):
        with database.writing() as session:
            still_there = (BulkEdit.id == edit_id, BulkEdit.undone.is_(None))
            noted = update(BulkEdit).where(*still_there)
            session.execute(noted.values(undone=clock(), undone_by=origin.actor))
    return results
