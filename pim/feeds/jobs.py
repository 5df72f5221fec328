"""Building a feed behind the scenes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pim.accounts.permissions import Permission
from pim.errors import Text, ngettext, text
from pim.feeds.published_index import follow
from pim.feeds.run import run_feed, summary
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind, JobPage, JobTools


@dataclass(frozen=True)
class FeedArguments:
    """``code``: of the feed. ``full``: every product is rendered, also what did not change."""

    code: str
    full: bool = False


class BuildFeed(JobKind[FeedArguments]):
    """By schedule, or because somebody asked."""

    name: ClassVar[str] = "feed"
    label: ClassVar[Text] = text("Feed")
    permission: ClassVar[str] = Permission.FEEDS_RUN
    arguments = FeedArguments

    def unit(self, number: int) -> Text:
        return ngettext("product", "products", number)

    def run(
        self, tools: JobTools, context: JobContext, arguments: FeedArguments
    ) -> Mapping[str, Any]:
        settings, storage = tools.settings, tools.storage
        built = run_feed(
            context.database,
            storage,
            storage.scratch(settings.home),
            arguments.code,
            settings.base_url,
            context.clock,
            full=arguments.full,
            step=lambda done, total: context.progress(done, total or None),
            guard=context.guard,
        )
        return summary(built, storage)

    def subject(self, arguments: FeedArguments) -> str:
        return subject_of(arguments.code)

    def title(self, arguments: FeedArguments, names: Mapping[str, str]) -> Text:
        return text("%(label)s", label=names.get(self.subject(arguments), arguments.code))

    def outcome(self, result: Mapping[str, Any]) -> Text:
        items, excluded = result["items"], result["excluded"]
        if result["state"] == "held":
            return ngettext(
                "held, not published: %(num)s item, %(excluded)s left out",
                "held, not published: %(num)s items, %(excluded)s left out",
                items,
                excluded=excluded,
            )
        return ngettext(
            "%(num)s item, %(excluded)s left out",
            "%(num)s items, %(excluded)s left out",
            items,
            excluded=excluded,
        )

    def page(self, job_id: int, arguments: FeedArguments) -> JobPage:
        return JobPage("feeds.show", {"code": arguments.code})


@dataclass(frozen=True)
class FollowArguments:
    """``code``: of the feed."""

    code: str


class FollowFeed(JobKind[FollowArguments]):
    """After somebody released a build or went back to one: lists of products know it then."""

    name: ClassVar[str] = "follow_feed"
    label: ClassVar[Text] = text("Products of a feed")
    permission: ClassVar[str] = Permission.FEEDS_RELEASE
    arguments = FollowArguments

    def run(
        self, tools: JobTools, context: JobContext, arguments: FollowArguments
    ) -> Mapping[str, Any]:
        follow(context.database, tools.storage, arguments.code)
        return {}

    def page(self, job_id: int, arguments: FollowArguments) -> JobPage:
        return JobPage("feeds.show", {"code": arguments.code})


BUILD_FEED = BuildFeed()
FOLLOW_FEED = FollowFeed()


def subject_of(code: str) -> str:
    """The subject of a feed's jobs; also the code of its schedule."""
    return f"feed:{code}"
