"""Every kind of job this version knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from media.storage import Storage
from pim.after_imports import build_after_imports
from pim.bulk_edits.jobs import CARRY_OUT, TRY_BULK_EDIT, UNDO_BULK_EDIT
from pim.config import Settings
from pim.feeds.delivery_jobs import DELIVER_FILE, TRY_TARGET
from pim.feeds.jobs import BUILD_FEED, FOLLOW_FEED
from pim.imports.jobs import IMPORT_FILE, REVERT_RUN
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind
from pim.jobs.runner import Handler
from pim.products.jobs import REINDEX
from pim.quality.jobs import FOLLOW_QUALITY
from pim.retention import TIDY
from pim.spreadsheets.jobs import EXPORT_PRODUCTS, READ_SHEET
from pim.text_translation.jobs import FOLLOW_TEXTS
from pim.todays_file.jobs import LEARN_FROM_FILE

KINDS: Mapping[str, JobKind[Any]] = {
    kind.name: kind
    for kind in (
        IMPORT_FILE,
        REVERT_RUN,
        CARRY_OUT,
        TRY_BULK_EDIT,
        UNDO_BULK_EDIT,
        EXPORT_PRODUCTS,
        READ_SHEET,
        BUILD_FEED,
        FOLLOW_FEED,
        DELIVER_FILE,
        TRY_TARGET,
        LEARN_FROM_FILE,
        REINDEX,
        FOLLOW_TEXTS,
        FOLLOW_QUALITY,
        TIDY,
    )
}


@dataclass(frozen=True)
class HubTools:
    """This hub's settings and storage, as jobs are given them."""

    settings: Settings
    storage: Storage


def handlers(settings: Settings, storage: Storage) -> Mapping[str, Handler]:
    """Name of a kind -> what the runner calls with a job's context and stored arguments."""
    tools = HubTools(settings, storage)
    return {name: _handler(kind, tools) for name, kind in KINDS.items()}


def tidy(session: Session, now: datetime) -> None:
    """What the runner calls when a job has ended, and every few seconds."""
    for kind in KINDS.values():
        kind.tidy(session, now)


def tend(session: Session, now: datetime) -> None:
    """What the runner calls every few seconds: queues what is due though nobody asked."""
    for kind in KINDS.values():
        kind.tend(session, now)
    build_after_imports(session, now)


def _handler(kind: JobKind[Any], tools: HubTools) -> Handler:
    def run(context: JobContext, **stored: Any) -> Mapping[str, Any] | None:
        return kind.run(tools, context, kind.read(stored))

    return run
