"""How a feed stands now: what the list of feeds, its own pages and the dashboard say about it."""

from dataclasses import dataclass

from pim.feeds import queries, registry
from pim.feeds.contract import Exporter
from pim.feeds.jobs import subject_of
from pim.feeds.models import Feed, FeedBuild
from pim.jobs import queries as jobs
from pim.jobs import schedules
from pim.jobs.models import ACTIVE, Job, Schedule
from pim.labels import label
from pim.structure.objects import Structure
from pim.web.cron_words import in_words
from pim.web.job_words import JobView, views
from pim.web.page import language, now, session, tell


@dataclass(frozen=True)
class FeedGlance:
    """A feed with its state: what lists and the dashboard say about it.

    ``exporter``: None where nobody ships it any more. ``published``: the build that partners
    receive, ``last``: the newest one, ``warned``: the one that made the published file, where the
    gate has doubts about it that nobody has looked at. ``job``: the one that builds it now,
    ``failure``: the last one where that failed. ``when``: its schedule in words.
    """

    feed: Feed
    exporter: type[Exporter] | None
    channel: str
    published: FeedBuild | None
    last: FeedBuild | None
    warned: FeedBuild | None
    job: JobView | None
    failure: Job | None
    schedule: Schedule | None
    when: str

    @property
    def has_failed(self) -> bool:
        """The newest attempt made no build."""
        if self.failure is None:
            return False
        finished = self.failure.finished
        return self.last is None or finished is None or finished > self.last.finished

    @property
    def is_untouched(self) -> bool:
        """Nobody has built it yet, or tried to."""
        return self.published is None and self.last is None and not (self.job or self.failure)


def glance(structure: Structure, feed: Feed) -> FeedGlance:
    """The feed as it stands now."""
    job = last_job(feed.code)
    is_being_built = job is not None and job.state in ACTIVE
    has_failed = job is not None and job.state == "failed"
    schedule = schedules.get(session(), subject_of(feed.code))
    return FeedGlance(
        feed=feed,
        exporter=registry.all_exporters().get(feed.exporter),
        channel=_channel_label(structure, feed.channel),
        published=queries.published_build(session(), feed),
        last=queries.last_build(session(), feed.code),
        warned=queries.warned_build(session(), feed),
        job=views([job], [feed], now())[0] if job is not None and is_being_built else None,
        failure=job if has_failed else None,
        schedule=schedule,
        when=tell(in_words(schedule.cron, language())) if schedule else "",
    )


def _channel_label(structure: Structure, code: str) -> str:
    channel = structure.channels.get(code)
    return label(channel.labels, language(), code) if channel else code


def last_job(code: str) -> Job | None:
    return jobs.last_of(session(), subject_of(code))
