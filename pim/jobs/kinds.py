"""What a kind of job is: how it runs, and how people are told of it. Each package has its own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from pim.config import Settings
from pim.errors import Conflict, Text, ngettext, text
from pim.jobs import service
from pim.jobs.context import JobContext
from pim.jobs.models import Job

Arguments = TypeVar("Arguments")


class JobTools(Protocol):
    """What a job works with besides the database. ``storage``: a :class:`media.storage.Storage`."""

    @property
    def settings(self) -> Settings: ...
    @property
    def storage(self) -> Any: ...


@dataclass(frozen=True)
class JobPage:
    """The page that shows what a job is about: an endpoint of the web and its arguments."""

    endpoint: str
    arguments: Mapping[str, Any]


class JobKind(Generic[Arguments]):
    """One kind of work. ``arguments`` is a frozen dataclass that JSON can hold.

    ``permission``: what somebody needs to ask for it, to repeat it and to stop it.
    """

    name: ClassVar[str]
    label: ClassVar[Text]
    permission: ClassVar[str]
    arguments: type[Arguments]

    def run(
        self, tools: JobTools, context: JobContext, arguments: Arguments
    ) -> Mapping[str, Any] | None:
        """Do the work. What it returns (JSON or None) is kept as the job's result."""
        raise NotImplementedError

    def unit(self, number: int) -> Text:
        """What its progress counts, as it is called where there are so many."""
        return ngettext("step", "steps", number)

    def tidy(self, session: Session, now: datetime) -> None:
        """Put an end to what jobs of this kind left open. Called when a job has ended, in the same
        transaction, and every few seconds; so it must be quick where there is nothing to do.
        """

    def tend(self, session: Session, now: datetime) -> None:
        """Queue what is due though nobody asked for it. Called every few seconds where jobs are
        run, so it must be quick where there is nothing to do.
        """

    def subject(self, arguments: Arguments) -> str:
        """What the work is about, so that its jobs are found again: ``feed:google_nl``."""
        return ""

    def turn(self, arguments: Arguments) -> str:
        """What jobs have in common that must not run at the same time, "" where there is none:
        they run in the order in which they were queued.
        """
        return ""

    def title(self, arguments: Arguments, names: Mapping[str, str]) -> Text:
        """What this one job is called; ``names``: subject -> what people call it."""
        return self.label

    def outcome(self, result: Mapping[str, Any]) -> Text | None:
        """What a job that is done did, in words."""
        return None

    def page(self, job_id: int, arguments: Arguments) -> JobPage | None:
        """Where people see what it is about."""
        return None

    def read(self, stored: Mapping[str, Any]) -> Arguments:
        """The arguments of a stored job; :class:`Conflict` where another version stored them."""
        try:
            return self.arguments(**stored)
        except TypeError:
            raise Conflict(
                text("Another version of Etalage asked for this work. Ask for it again.")
            ) from None

    def enqueue(
        self,
        session: Session,
        arguments: Arguments,
        now: datetime,
        *,
        by: str | None = None,
        slot: str | None = None,
    ) -> Job:
        """Queue a job of this kind, as :func:`pim.jobs.service.enqueue` does."""
        stored = asdict(arguments)  # type: ignore[call-overload]
        subject, turn = self.subject(arguments), self.turn(arguments)
        return service.enqueue(
            session, self.name, stored, now, slot, by=by, subject=subject, turn=turn
        )
