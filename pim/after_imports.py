"""Feeds that are built after an import: prices and stock reach partners a minute after the ERP's
file, whenever that comes.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pim.feeds.jobs import BUILD_FEED, FeedArguments, subject_of
from pim.feeds.models import Feed
from pim.imports.models import ImportRun

LATELY = timedelta(days=7)
"""An import that ended earlier is not caught up with."""


def build_after_imports(session: Session, now: datetime) -> None:
    """Queue one build for the newest import of each profile that a feed follows. Whoever asks
    again, or at the same moment, finds that build in the queue.
    """
    following = select(Feed).where(Feed.after_import != "", Feed.paused.is_(False))
    for feed in session.scalars(following).all():
        run = session.scalar(_newest_run(feed.after_import, now - LATELY))
        if run is not None:
            subject = subject_of(feed.code)
            BUILD_FEED.enqueue(
                session,
                FeedArguments(feed.code),
                now,
                by=f"schedule {subject}",
                slot=f"{subject} after {run}",
            )


def _newest_run(profile: str, since: datetime) -> Select[str]:
    ended = select(ImportRun.id).where(
        ImportRun.profile == profile,
        ImportRun.state == "done",
        ImportRun.dry_run.is_(False),
        ImportRun.finished > since,
    )
    return ended.order_by(ImportRun.finished.desc()).limit(1)
