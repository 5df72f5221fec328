"""Looking for what cannot be, and clearing away what nothing names."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from media import maintenance as media
from media.storage import Storage
from pim.db import Database
from pim.errors import Text, text
from pim.feeds import maintenance as feeds
from pim.jobs.models import Job
from pim.products import consistency as products
from pim.products.maintenance import is_current, reindex

SHOWN = 20
"""Of one kind; a hub with ten thousand faults of one kind has one fault."""


def check(database: Database, storage: Storage) -> list[Text]:
    """A sentence for everything that is wrong; empty when all is well. Reads one snapshot and
    changes nothing.
    """
    with database.reading() as session:
        damage = list(_damage(session))
        if damage:
            return damage  # whatever else is read from a damaged file would mislead
        kinds = (
            _files(session, storage),
            _feeds(session, storage),
            _products(session),
            _jobs(session),
        )
        return [one for kind in kinds for one in kind]


def repair(database: Database, storage: Storage, now: datetime) -> None:
    """Rebuild the index and remove files that nothing has named for a day. Invents nothing: a
    lost picture stays lost.
    """
    with database.writing() as session:
        media.collect(session, storage, now)
        feeds.collect(session, storage, now)
    reindex(database)


def _some(found: Iterable[Text]) -> Iterator[Text]:
    """The first of a kind, and how many more."""
    remaining = iter(found)
    yield from islice(remaining, SHOWN)
    more = sum(1 for _ in remaining)
    if more:
        yield text("… and %(count)s more of this kind.", count=more)


def _damage(session: Session) -> Iterator[Text]:
    """SQLite's own checks; PostgreSQL keeps its keys itself and has no such check."""
    if session.connection().dialect.name != "sqlite":
        return
    try:
        found = list(session.scalars(sql("PRAGMA integrity_check(20)")))
    except DatabaseError as error:  # so damaged that the check itself cannot go on
        found = [str(error.orig)]
    if found != ["ok"]:
        yield from (text("The database file is damaged: %(reason)s", reason=one) for one in found)
        return
    rows = session.execute(sql("PRAGMA foreign_key_check"))
    yield from _some(
        text(
            "Table %(table)s: row %(row)s points to a row that does not exist.",
            table=row[0],
            row=row[1],
        )
        for row in rows
    )


def _files(session: Session, storage: Storage) -> Iterator[Text]:
    found = media.check(session, storage)
    yield from _some(
        text(
            "Picture %(code)s: its file %(key)s is missing or has another size.", code=code, key=key
        )
        for code, key in found
    )


def _feeds(session: Session, storage: Storage) -> Iterator[Text]:
    for code in feeds.broken(session, storage):
        yield text(
            "Feed %(code)s: its file is missing or not what was built. Rebuild it: pim feeds run"
            " %(code)s --full",
            code=code,
        )


def _products(session: Session) -> Iterator[Text]:
    """The index is held against the products only where it can be: with whole families and what the
    structure knows.
    """
    orphans = products.orphans(session)
    yield from _some(
        text(
            "Product %(code)s: the model it belongs to is not there, or of another family.",
            code=code,
        )
        for code in orphans
    )
    yield from _some(
        text("Asset %(code)s: there are texts about it, but it is not there.", code=code)
        for code in products.without_asset(session)
    )
    misfits = list(products.misfits(session))
    yield from _some(_misfit(code, what) for code, what in misfits)
    if not is_current(session):
        yield text(
            "The index is from before the last change of structure. Rebuild it: pim check --repair"
        )
    elif not orphans and not misfits:
        yield from _some(
            text("Product %(code)s: %(fault)s", code=code, fault=fault)
            for code, fault in products.unlike_model(session)
        )
        wrong = products.out_of_step(session)
        yield from _some(
            text(
                "Product %(code)s: the index disagrees. Rebuild it: pim check --repair",
                code=code,
            )
            for code in wrong
        )
        strangers = products.strangers(session)
        if strangers:
            yield text(
                "The index knows %(count)s products that do not exist. Rebuild it: pim check"
                " --repair",
                count=len(strangers),
            )


def _misfit(code: str, what: str) -> Text:
    if not what:
        return text(
            "Product %(code)s: what is stored of it cannot be read. Put back a backup.", code=code
        )
    return text(
        "Product %(code)s: the structure does not know “%(what)s”, which it holds.",
        code=code,
        what=what,
    )


def _jobs(session: Session) -> Iterator[Text]:
    """A job that runs has a token and a lease; without them no worker would ever take it up
    again.
    """
    nobodys = (
        select(Job)
        .where(Job.state == "running", or_(Job.lease_until.is_(None), Job.token.is_(None)))
        .order_by(Job.id)
    )
    yield from _some(
        text("Job %(id)s (%(kind)s) runs, but nobody runs it.", id=job.id, kind=job.kind)
        for job in session.scalars(nobodys)
    )
