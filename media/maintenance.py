"""Files and rows kept in step (P10): what `pim check` reports and what the collector clears
away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, literal, select
from sqlalchemy.orm import Session

from media.models import Asset, Rendition
from media.names import ORIGINALS, RENDITIONS
from media.presets import PRESETS
from media.queries import chunks
from media.storage import INCOMING, Storage

GRACE = timedelta(days=1)  # a file this young may belong to a row that is being written


@dataclass(frozen=True)
class BrokenFile:
    """A row's file that is missing or is not what was stored. ``preset``: of a rendition, which can
    be drawn again; "" for an original.
    """

    asset: str
    preset: str
    key: str


def check(session: Session, storage: Storage) -> Iterator[BrokenFile]:
    """Every original and every rendition is read."""
    originals = select(Asset.code, literal(""), Asset.storage_key, Asset.bytes, Asset.sha256)
    renditions = select(
        Rendition.asset,
        Rendition.preset,
        Rendition.storage_key,
        Rendition.bytes,
        Rendition.sha256,
    )
    for rows in (
        originals.order_by(Asset.code),
        renditions.order_by(Rendition.asset, Rendition.preset),
    ):
        for code, preset, key, size, sha256 in session.execute(rows):
            if not _is_whole(storage, key, size, sha256):
                yield BrokenFile(code, preset, key)


def _is_whole(storage: Storage, key: str, size: int, sha256: str | None) -> bool:
    if sha256 is not None:
        return storage.sha256(key) == sha256
    found = storage.find(key)
    return found is not None and found.bytes == size


def forget_broken_renditions(session: Session, storage: Storage) -> None:
    """They are drawn again when they are next asked for."""
    for one in list(check(session, storage)):
        if one.preset:
            storage.delete(one.key)
            session.execute(
                delete(Rendition).where(
                    Rendition.asset == one.asset, Rendition.preset == one.preset
                )
            )


def orphans(session: Session, storage: Storage, now: datetime) -> Iterator[str]:
    """The keys of files older than a day that no row names."""
    for prefix in (ORIGINALS, RENDITIONS, INCOMING):
        old = (stored.key for stored in storage.list(prefix) if stored.modified < now - GRACE)
        for keys in chunks(old):
            yield from sorted(set(keys) - _named(session, keys))


def collect(session: Session, storage: Storage, now: datetime) -> list[str]:
    """Remove files older than a day that no row names; the keys removed.

    Rows of presets whose settings have changed since go too; their files go the next time, when the
    rows are surely gone.
    """
    found = list(orphans(session, storage, now))
    removed = [key for key in found if _remove(storage, key, now)]
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
