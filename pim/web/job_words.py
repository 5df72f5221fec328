"""What a job is called, where its result is, and who asked for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from pim.errors import Text, text
from pim.feeds.models import Feed
from pim.jobs.models import ACTIVE, Job
from pim.jobs.queries import time_left

KINDS: Mapping[str, Text] = {
    "import": text("Import"),
    "revert": text("Undo"),
    "feed": text("Feed"),
    "renditions": text("Picture sizes"),
    "approve": text("Approval"),
    "reindex": text("Index of the product list"),
}


@dataclass(frozen=True)
class JobView:
    """A job as pages show it. ``unit``: what is counted. ``by``: None where a schedule asked.
    ``outcome``: what a job that is done did.
    """

    job: Job
    title: Text
    kind: Text
    url: str
    unit: Text
    by: str | None
    left: timedelta | None
    outcome: Text | None

    @property
    def is_active(self) -> bool:
        return self.job.state in ACTIVE

    @property
    def share(self) -> float | None:
        """0.0 to 1.0; None where the end is not known."""
        return (
            min(1.0, self.job.progress_done / self.job.progress_total)
            if self.job.progress_total
            else None
        )


def views(jobs: Iterable[Job], feeds: Iterable[Feed], now: datetime) -> list[JobView]:
    labels = {feed.code: feed.label for feed in feeds}
    return [view(job, labels, now) for job in jobs]


def view(job: Job, labels: Mapping[str, str], now: datetime) -> JobView:
    """``labels``: feed code -> label."""
    kind = KINDS.get(job.kind) or text("%(kind)s", kind=job.kind)
    by = (
        None
        if job.requested_by is None or job.requested_by.startswith("schedule ")
        else job.requested_by
    )
    unit = _UNITS.get(job.kind, text("steps"))
    return JobView(
        job,
        _title(job, labels, kind),
        kind,
        _url(job),
        unit,
        by,
        time_left(job, now),
        _outcome(job),
    )


_UNITS: Mapping[str, Text] = {
    "import": text("rows"),
    "feed": text("products"),
    "renditions": text("pictures"),
    "approve": text("products"),
    "reindex": text("products"),
}


def _title(job: Job, labels: Mapping[str, str], kind: Text) -> Text:
    if job.kind == "import":
        name = job.args.get("filename", "")
        return (
            text("Trial run of %(name)s", name=name)
            if job.args.get("dry_run")
            else text("Import of %(name)s", name=name)
        )
    if job.kind == "revert":
        return text("Undoing the import of %(name)s", name=job.args.get("filename", ""))
    if job.kind == "feed":
        code = job.args.get("code", "")
        return text("%(label)s", label=labels.get(code, code))
    return kind


def _outcome(job: Job) -> Text | None:
    found = job.result
    if job.state != "done" or not found:
        return None
    if job.kind == "import":
        parts = {name: found[name] for name in ("created", "updated", "refused")}
        return text("%(created)s new, %(updated)s changed, %(refused)s refused", **parts)
    if job.kind == "feed" and found["state"] == "held":
        return text(
            "held, not published: %(items)s items, %(excluded)s left out",
            items=found["items"],
            excluded=found["excluded"],
        )
    if job.kind == "feed":
        return text(
            "%(items)s items, %(excluded)s left out",
            items=found["items"],
            excluded=found["excluded"],
        )
    if job.kind == "revert":
        return text(
            "%(restored)s products restored, %(kept)s values left as they were",
            restored=found["restored"],
            kept=found["kept"],
        )
    return None


def _url(job: Job) -> str:
    if job.kind == "import":
        return url_for("imports.follow", job_id=job.id)
    if job.kind == "revert":
        return url_for("imports.show", run_id=job.args.get("run", ""))
    if job.kind == "feed":
        return url_for("feeds.show", code=job.args.get("code", ""))
    return ""
