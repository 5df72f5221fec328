"""A job as pages show it: what it is called, where its result is, and who asked for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from pim.accounts.permissions import Permission
from pim.errors import Conflict, Text, ngettext, text
from pim.feeds.jobs import subject_of
from pim.feeds.models import Feed
from pim.job_kinds import KINDS
from pim.jobs.kinds import JobKind
from pim.jobs.models import ACTIVE, Job
from pim.jobs.queries import time_left


@dataclass(frozen=True)
class JobView:
    """``unit``: what is counted. ``by``: None where a schedule asked. ``outcome``: what a job that
    is done did. ``permission``: what it takes to stop or repeat it.
    """

    job: Job
    title: Text
    kind: Text
    url: str
    unit: Text
    by: str | None
    left: timedelta | None
    outcome: Text | None
    permission: str

    @property
    def is_active(self) -> bool:
        return self.job.state in ACTIVE

    @property
    def share(self) -> float | None:
        """0.0 to 1.0; None where the end is not known."""
        if not self.job.progress_total:
            return None
        return min(1.0, self.job.progress_done / self.job.progress_total)


def views(jobs: Iterable[Job], feeds: Iterable[Feed], now: datetime) -> list[JobView]:
    names = {subject_of(feed.code): feed.label for feed in feeds}
    return [_view(job, names, now) for job in jobs]


def _view(job: Job, names: Mapping[str, str], now: datetime) -> JobView:
    """``names``: subject -> what people call it."""
    kind: JobKind[Any] | None = KINDS.get(job.kind)
    if kind is None:
        return _unknown(job, now)
    try:
        arguments = kind.read(job.args)
    except Conflict:  # another version stored them
        return replace(_unknown(job, now), permission=kind.permission)
    outcome = kind.outcome(job.result) if job.state == "done" and job.result else None
    found = kind.page(job.id, arguments)
    return JobView(
        job,
        kind.title(arguments, names),
        kind.label,
        url_for(found.endpoint, **found.arguments) if found else "",
        kind.unit(_counted(job)),
        _by(job),
        time_left(job, now),
        outcome,
        kind.permission,
    )


def _unknown(job: Job, now: datetime) -> JobView:
    """A job of another version: only its name is known."""
    name = text("%(kind)s", kind=job.kind)
    left = time_left(job, now)
    unit = ngettext("step", "steps", _counted(job))
    return JobView(job, name, name, "", unit, _by(job), left, None, Permission.JOBS_CANCEL)


def _counted(job: Job) -> int:
    """The number beside which the unit stands."""
    return job.progress_total or job.progress_done


def _by(job: Job) -> str | None:
    asked = job.requested_by
    return None if asked is None or asked.startswith("schedule ") else asked
