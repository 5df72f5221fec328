"""Feeds and their files kept in step: what `pim check` reports and what the collector clears
away.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from media.storage import Storage
from pim.feeds.files import keys_of
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
    path = storage.local_path(build.path)
    if path is None:
        return (
            storage.exists(build.path)
            and sha256(storage.get(build.path)).hexdigest() == build.sha256
        )
    digest = sha256()
    if not path.is_file():
        return False
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest() == build.sha256


def collect(session: Session, storage: Storage, now: datetime) -> list[str]:
    """Remove files older than a day that belong to no build; the keys removed. A build's files:
    itself, its report, index and .gz.
    """
    named = {key for build in session.scalars(select(FeedBuild)) for key in keys_of(build)}
    old = [
        stored.key
        for stored in storage.list(FEEDS)
        if stored.modified < now - GRACE and stored.key not in named
    ]
    for key in old:
        storage.delete(key)
    return old
