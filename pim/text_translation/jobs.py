"""The work on translations that is done behind the scenes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from pim.accounts.permissions import Permission
from pim.errors import Text, ngettext, text
from pim.jobs import queries as jobs
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind, JobTools
from pim.jobs.models import ACTIVE
from pim.text_translation import following

REST = timedelta(minutes=10)
"""Between two times that a direction is followed by itself."""


@dataclass(frozen=True)
class MemoryArguments:
    source_locale: str
    target_locale: str


class FollowTexts(JobKind[MemoryArguments]):
    """When somebody begins to translate and the memory is behind."""

    name: ClassVar[str] = "translation-memory"
    label: ClassVar[Text] = text("Translation memory")
    permission: ClassVar[str] = Permission.PRODUCTS_EDIT
    arguments = MemoryArguments

    def unit(self, number: int) -> Text:
        return ngettext("change", "changes", number)

    def run(
        self, tools: JobTools, context: JobContext, arguments: MemoryArguments
    ) -> Mapping[str, Any]:
        added = following.follow(
            context.database,
            arguments.source_locale,
            arguments.target_locale,
            context.clock(),
            context.progress,
            context.guard,
        )
        return {"added": added}

    def tidy(self, session: Session, now: datetime) -> None:
        """What people translate is followed by itself, a few times an hour, so that lists and
        figures know what is outdated.
        """
        for source_locale, target_locale in following.directions(session):
            if following.is_behind(session, source_locale, target_locale):
                self._follow_again(session, MemoryArguments(source_locale, target_locale), now)

    def _follow_again(self, session: Session, arguments: MemoryArguments, now: datetime) -> None:
        last = jobs.last_of(session, self.subject(arguments))
        if last is None or (last.finished is not None and last.finished < now - REST):
            self.enqueue(session, arguments, now)

    def subject(self, arguments: MemoryArguments) -> str:
        return f"memory:{arguments.source_locale}:{arguments.target_locale}"

    def turn(self, arguments: MemoryArguments) -> str:
        return self.subject(arguments)

    def outcome(self, result: Mapping[str, Any]) -> Text | None:
        return ngettext("%(num)s translation more", "%(num)s translations more", result["added"])


FOLLOW_TEXTS = FollowTexts()


def follow_if_behind(
    session: Session, source_locale: str, target_locale: str, now: datetime, by: str
) -> None:
    """Queue the work where the memory is behind and nobody has asked for it yet."""
    arguments = MemoryArguments(source_locale, target_locale)
    last = jobs.last_of(session, FOLLOW_TEXTS.subject(arguments))
    is_queued = last is not None and last.state in ACTIVE
    if not is_queued and following.is_behind(session, source_locale, target_locale):
        FOLLOW_TEXTS.enqueue(session, arguments, now, by=by)
