"""Files and rows kept in step (P10): what `pim check` reports and what the collector clears
away.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from media.models import Asset, Rendition
from media.names import ORIGINALS, RENDITIONS
from media.presets import PRESETS
from media.queries import chunks
from media.storage import INCOMING, Storage

GRACE = timedelta(days=1)  # a file this young may belong to a row that is being written


def check(session: Session, storage: Storage) -> list[tuple[str, str]]:
    """(asset code, storage key) of every row whose file is missing or has another size than the row
    says.
    """
    sizes = {
        stored.key: stored.bytes
        for prefix in (ORIGINALS, RENDITIONS)
        for stored in storage.list(prefix)
    }
    return [(code, key) for code, key, size in _rows(session) if sizes.get(key) != size]


def _rows(session: Session) -> Iterator[tuple[str, str, int]]:
    yield from session.execute(
        select(Asset.code, Asset.storage_key, Asset.bytes).order_by(Asset.code)
    )
    renditions = select(Rendition.asset, Rendition.storage_key, Rendition.bytes).order_by(
        Rendition.asset, Rendition.preset
    )
    yield from session.execute(renditions)


def collect(session: Session, storage: Storage, now: datetime) -> list[str]:
    """Remove files older than a day that no row names; the keys removed.

    Rows of presets whose settings have changed since go too; their files go the next time, when the
    rows are surely gone.
    """
    removed: list[str] = []
    for prefix in (ORIGINALS, RENDITIONS, INCOMING):
        old = (stored.key for stored in storage.list(prefix) if stored.modified < now - GRACE)
        for keys in chunks(old):
            removed += [
                key
                for key in sorted(set(keys) - _named(session, keys))
                if _remove(storage, key, now)
            ]
    session.execute(
        delete(Rendition).where(
            Rendition.preset.not_in([preset.key for preset in PRESETS.values()])
        )
    )
    return removed


def _named(session: Session, keys: list[str]) -> set[str]:
    named = set(session.scalars(select(Asset.storage_key).where(Asset.storage_key.in_(keys))))
    return named | set(
        session.scalars(select(Rendition.storage_key).where(Rendition.storage_key.in_(keys)))
    )


def _remove(storage: Storage, key: str, now: datetime) -> bool:
    """Look again first: the same bytes may have come in since the list was read, which makes the
    file young.
    """
    found = storage.find(key)
    if found is None or found.modified >= now - GRACE:
        return False
    storage.delete(key)
    return True
