"""Feeds and their files kept in step: what `pim check` reports and what the collector clears
away.
"""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from media.storage import Storage
from pim.feeds.files import keys_of, zipped_key
from pim.feeds.models import Feed, FeedBuild

FEEDS = "feeds/"
GRACE = timedelta(days=1)  # a file this young may belong to a build that is being concluded
BLOCK = 1 << 20


def broken(session: Session, storage: Storage) -> Sequence[str]:
    """Codes of the feeds whose published build is gone, or its file is missing or is not what was
    built.
    """
    published = select(Feed.code, FeedBuild).outerjoin(FeedBuild, FeedBuild.id == Feed.published)
    rows = session.execute(published.where(Feed.published.is_not(None)).order_by(Feed.code))
    return [
        code
        for code, build in rows
        if build is None or build.feed != code or not is_whole(storage, build)
    ]


def is_whole(storage: Storage, build: FeedBuild) -> bool:
    """Whether a build's file is there and is, byte for byte, what was built."""
    return storage.sha256(build.path) == build.sha256


def broken_zips(session: Session, storage: Storage) -> Iterator[tuple[str, str]]:
    """(code, key) of the feeds whose published file is served zipped, and unzips to another one."""
    published = select(FeedBuild).join(Feed, Feed.published == FeedBuild.id).order_by(Feed.code)
    for build in session.scalars(published):
        key = zipped_key(build.path)
        if storage.exists(key) and _unzipped_sha256(storage.get(key)) != build.sha256:
            yield build.feed, key


def _unzipped_sha256(data: bytes) -> str:
    """ "" for what cannot be unzipped."""
    digest = sha256()
    try:
        with gzip.open(BytesIO(data)) as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except (OSError, EOFError, zlib.error):
        return ""
    return digest.hexdigest()


def forget_broken_zips(session: Session, storage: Storage) -> None:
    """They are made again when they are next asked for."""
    for _, key in list(broken_zips(session, storage)):
        storage.delete(key)


def orphans(session: Session, storage: Storage, now: datetime) -> list[str]:
    """The keys of files older than a day that belong to no build. A build's files: itself, its
    report, index and .gz.
    """
    named = {key for build in session.scalars(select(FeedBuild)) for key in keys_of(build)}
    return [
        stored.key
        for stored in storage.list(FEEDS)
        if stored.modified < now - GRACE and stored.key not in named
    ]


def collect(session: Session, storage: Storage, now: datetime) -> list[str]:
    """Remove :func:`orphans`; the keys removed."""
    old = orphans(session, storage, now)
    for key in old:
        storage.delete(key)
    return old
