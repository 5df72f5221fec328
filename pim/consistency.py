"""Looking for what cannot be, and clearing away what nothing names."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from media import maintenance as media
from media.storage import Storage
from pim.clock import utc_now
from pim.db import Database
from pim.errors import Text, ngettext, text
from pim.feeds import maintenance as feeds
from pim.imports import lifecycle as imports
from pim.jobs import service as jobs
from pim.jobs.models import Job
from pim.products import consistency as products
from pim.products.maintenance import is_current, reindex

SHOWN = 20
"""Of one kind; a hub with ten thousand faults of one kind has one fault."""


def check(database: Database, storage: Storage, now: datetime | None = None) -> list[Text]:
    """A sentence for everything that is wrong; empty when all is well. Reads one snapshot and every
    file, and changes nothing. ``now``: what is younger may still be in work.
    """
    now = now or utc_now()
    with database.reading() as session:
        damage = list(_damage(session))
        if damage:
            return damage  # whatever else is read from a damaged file would mislead
        kinds = (
            _files(session, storage),
            _feeds(session, storage),
            _nobodys_files(session, storage, now),
            _products(session),
            _jobs(session),
            _runs(session, now),
        )
        return [one for kind in kinds for one in kind]


def repair(database: Database, storage: Storage, now: datetime) -> None:
    """Rebuild the index, end or free what nobody runs, and remove files that nothing has named for
    a day, or that are made again when they are asked for. Invents nothing: a lost picture stays
    lost.
    """
    with database.writing() as session:
        media.forget_broken_renditions(session, storage)
        feeds.forget_broken_zips(session, storage)
        media.collect(session, storage, now)
        feeds.collect(session, storage, now)
        jobs.free_nobodys(session, now)
        imports.close_dead(session, now)
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
    yield from _some(_broken_file(one) for one in media.check(session, storage))


def _broken_file(one: media.BrokenFile) -> Text:
    if one.preset:
        return text(
            "Picture %(code)s: its file %(key)s is missing or not what was drawn. Have it drawn"
            " again: pim check --repair",
            code=one.asset,
            key=one.key,
        )
    return text(
        "Picture %(code)s: its file %(key)s is missing or not what was taken in. Take in the"
        " picture again, or put back a backup.",
        code=one.asset,
        key=one.key,
    )


def _nobodys_files(session: Session, storage: Storage, now: datetime) -> Iterator[Text]:
    keys = [*media.orphans(session, storage, now), *feeds.orphans(session, storage, now)]
    if keys:
        yield ngettext(
            "Nothing names %(num)s file, %(key)s. Remove it: pim check --repair",
            "Nothing names %(num)s files, such as %(key)s. Remove them: pim check --repair",
            len(keys),
            key=keys[0],
        )


def _feeds(session: Session, storage: Storage) -> Iterator[Text]:
    for code in feeds.broken(session, storage):
        yield text(
            "Feed %(code)s: its file is missing or not what was built. Rebuild it: pim feeds run"
            " %(code)s --full",
            code=code,
        )

    for code, key in feeds.broken_zips(session, storage):
        yield text(
            "Feed %(code)s: its zipped file %(key)s is not what was built. Have it made again: pim"
            " check --repair",
            code=code,
            key=key,
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
    yield from _some(
        text(
            "Product %(code)s: what it holds at “%(address)s” is no value of that attribute.",
            code=code,
            address=address,
        )
        for code, address in products.broken_values(session)
    )
    if not is_current(session):
        yield text(
            "The index is from before the last change of structure. Rebuild it: pim check --repair"
        )
    elif not orphans and not misfits:
        yield from _some(
            text(
                "Product %(code)s: “%(address)s” names “%(other)s”, which is not there.",
                code=code,
                address=address,
                other=other,
            )
            for code, address, other in products.dangling(session)
        )
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
            yield ngettext(
                "The index knows %(num)s product that does not exist. Rebuild it: pim check"
                " --repair",
                "The index knows %(num)s products that do not exist. Rebuild it: pim check"
                " --repair",
                len(strangers),
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
    found = session.scalars(select(Job).where(jobs.nobodys()).order_by(Job.id))
    yield from _some(
        text(
            "Job %(id)s (%(kind)s) runs, but nobody runs it. Free it: pim check --repair",
            id=job.id,
            kind=job.kind,
        )
        for job in found
    )


def _runs(session: Session, now: datetime) -> Iterator[Text]:
    yield from _some(
        text(
            "The import of %(name)s runs, but nobody runs it. End it: pim check --repair",
            name=run.filename,
        )
        for run in imports.dead(session, now)
    )
