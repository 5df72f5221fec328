"""Learning from a file behind the scenes: some seconds, and for many columns longer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pim.accounts.permissions import Permission
from pim.errors import Text, ngettext, text
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind, JobPage, JobTools
from pim.todays_file import store


def learning_subject(code: str) -> str:
    """What the job that reads a feed's file is about."""
    return f"todays_file:{code}"


@dataclass(frozen=True)
class LearnArguments:
    """``code``: of the feed. ``path``: of the file, in the data folder."""

    code: str
    path: str
    filename: str


class LearnFromFile(JobKind[LearnArguments]):
    """What the file of a channel tells about the feed that is to take its place."""

    name: ClassVar[str] = "todays_file"
    label: ClassVar[Text] = text("Reading of a channel's file")
    permission: ClassVar[str] = Permission.FEEDS_CONFIGURE
    arguments = LearnArguments

    def run(
        self, tools: JobTools, context: JobContext, arguments: LearnArguments
    ) -> Mapping[str, Any]:
        settings = tools.settings
        number = store.learn(
            context.database,
            arguments.code,
            settings.home / arguments.path,
            settings.base_url,
            context.clock,
            context.progress,
        )
        return {"columns": number}

    def unit(self, number: int) -> Text:
        return ngettext("column", "columns", number)

    def page(self, job_id: int, arguments: LearnArguments) -> JobPage:
        return JobPage("feeds.show_file", {"code": arguments.code})

    def subject(self, arguments: LearnArguments) -> str:
        return learning_subject(arguments.code)

    def title(self, arguments: LearnArguments, names: Mapping[str, str]) -> Text:
        return text("What “%(file)s” is made of", file=arguments.filename)

    def outcome(self, result: Mapping[str, Any]) -> Text:
        return ngettext(
            "A rule was found for %(num)s column",
            "Rules were found for %(num)s columns",
            result["columns"],
        )


LEARN_FROM_FILE = LearnFromFile()
