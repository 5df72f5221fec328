"""The job that works out quality warnings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pim.accounts.permissions import Permission
from pim.errors import Text, text
from pim.jobs import queries as jobs
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind, JobTools
from pim.jobs.models import ACTIVE, Job
from pim.quality import following

PAUSE = timedelta(minutes=1)
"""Between two jobs, so that somebody who saves product after product asks for one a minute."""

AFTER_FAILURE = timedelta(hours=1)


@dataclass(frozen=True)
class QualityArguments:
    pass


class FollowQuality(JobKind[QualityArguments]):
    """Whenever products have changed."""

    name: ClassVar[str] = "quality"
    label: ClassVar[Text] = text("Quality of the products")
    permission: ClassVar[str] = Permission.PRODUCTS_EDIT
    arguments = QualityArguments

    def run(
        self, tools: JobTools, context: JobContext, arguments: QualityArguments
    ) -> Mapping[str, Any]:
        following.follow(context.database, context.progress, context.guard)
        return {}

    def subject(self, arguments: QualityArguments) -> str:
        return self.name

    def turn(self, arguments: QualityArguments) -> str:
        return self.name

    def tend(self, session: Session, now: datetime) -> None:
        """Only the last of these jobs is kept: each would say the same."""
        if _rests(jobs.last_of(session, self.name), now) or not following.is_behind(session):
            return
        session.execute(delete(Job).where(Job.kind == self.name, Job.state == "done"))
        self.enqueue(session, QualityArguments(), now)


def _rests(last: Job | None, now: datetime) -> bool:
    if last is None:
        return False
    pause = AFTER_FAILURE if last.state == "failed" else PAUSE
    return last.state in ACTIVE or now - last.created < pause


FOLLOW_QUALITY = FollowQuality()
