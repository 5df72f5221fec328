"""Taking an import run back."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select

from pim.db import Database
from pim.imports.models import SourceRow
from pim.products import revert
from pim.products.change import Origin, WriteResult
from pim.products.models import Change, Product


def take_back(
    database: Database, run_id: str, origin: Origin, clock: Callable[[], datetime]
) -> list[WriteResult]:
    """:func:`pim.products.revert.revert_run`. No row of these products counts as unchanged from now
    on, of whatever profile: what it made of them is there no more.
    """
    with database.writing() as session:
        of_run = select(Change.product_id).where(Change.reference == run_id)
        keys = select(Product.key).where(Product.id.in_(of_run))
        session.execute(delete(SourceRow).where(SourceRow.key.in_(keys)))
    return revert.revert_run(database, run_id, origin, clock)
