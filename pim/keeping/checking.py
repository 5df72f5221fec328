"""Looking for what cannot be, and clearing away what nothing names."""

from datetime import datetime

from media import upkeep as media
from media.storage import Storage
from pim.db import Database
from pim.errors import Text, text
from pim.products.upkeep import reindex


def check(database: Database, storage: Storage, now: datetime) -> list[Text]:
    """A sentence for everything that is wrong; empty when all is well."""
    with database.reading() as session:
        return [text("Picture %(code)s: its file %(key)s is missing or has another size.", code=code, key=key) for code, key in media.check(session, storage)]


def repair(database: Database, storage: Storage, now: datetime) -> None:
    """Build the index anew and remove files that nothing has named for a day."""
    with database.writing() as session:
        media.collect(session, storage, now)
    reindex(database)
