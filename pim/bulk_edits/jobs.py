"""Trying a bulk edit, carrying it out and taking it back, behind the scenes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from pim.accounts.permissions import Permission
from pim.accounts.queries import actor_named
from pim.bulk_edits import forecast, queries, service
from pim.bulk_edits.run import carry_out
from pim.bulk_edits.undo import take_back
from pim.errors import Text, ngettext, text
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind, JobPage, JobTools
from pim.products.change import Origin

PAGE = "products.bulk_edit"


def edit_subject(edit_id: str) -> str:
    """What the jobs that carry a bulk edit out are about."""
    return f"bulk:{edit_id}"


def trial_subject(edit_id: str, seen: str) -> str:
    """The same for trials of it with the steps that somebody saw (:func:`service.seen`)."""
    return f"bulk-trial:{edit_id}:{seen}"


def undo_subject(edit_id: str) -> str:
    """The same for taking it back."""
    return f"bulk-undo:{edit_id}"


@dataclass(frozen=True)
class BulkEditArguments:
    """``edit``: the bulk edit. ``actor``: who asked. ``number``: of its products. ``seen``: its
    steps when it was asked for.
    """

    edit: str
    actor: str
    number: int
    seen: str


class BulkEditJob(JobKind[BulkEditArguments]):
    """What all work on a bulk edit has in common: it counts products, and its page shows it."""

    permission: ClassVar[str] = Permission.PRODUCTS_EDIT
    arguments = BulkEditArguments

    def unit(self, number: int) -> Text:
        return ngettext("product", "products", number)

    def page(self, job_id: int, arguments: BulkEditArguments) -> JobPage:
        return JobPage(PAGE, {"edit_id": arguments.edit})


class CarryOutBulkEdit(BulkEditJob):
    """A bulk edit that somebody has confirmed."""

    name: ClassVar[str] = "bulk_edit"
    label: ClassVar[Text] = text("Bulk edit")

    def run(
        self, tools: JobTools, context: JobContext, arguments: BulkEditArguments
    ) -> Mapping[str, Any]:
        with context.database.reading() as session:
            principal = actor_named(session, arguments.actor)
        edit = carry_out(
            context.database,
            arguments.edit,
            principal,
            context.clock,
            job=context,
            progress=context.progress,
        )
        return {name: getattr(edit, name) for name in ("changed", "unchanged", "refused")}

    def tidy(self, session: Session, now: datetime) -> None:
        """A bulk edit ends with its job."""
        service.close_dead(session)

    def subject(self, arguments: BulkEditArguments) -> str:
        return edit_subject(arguments.edit)

    def title(self, arguments: BulkEditArguments, names: Mapping[str, str]) -> Text:
        return ngettext(
            "Bulk edit of %(num)s product", "Bulk edit of %(num)s products", arguments.number
        )

    def outcome(self, result: Mapping[str, Any]) -> Text:
        return text("%(changed)s changed, %(unchanged)s unchanged, %(refused)s refused", **result)


class TryBulkEdit(BulkEditJob):
    """What a bulk edit of many products would do; nothing is written but that."""

    name: ClassVar[str] = "bulk_trial"
    label: ClassVar[Text] = text("Preview of a bulk edit")

    def run(
        self, tools: JobTools, context: JobContext, arguments: BulkEditArguments
    ) -> Mapping[str, Any]:
        with context.database.reading() as session:
            principal = actor_named(session, arguments.actor)
            edit = queries.get(session, arguments.edit)
        found = forecast.of_all(
            context.database,
            edit,
            principal,
            tools.settings.base_url,
            context.clock,
            context.progress,
        )
        with context.database.writing() as session:
            context.guard(session)
            edit = queries.get(session, arguments.edit)
            # Otherwise somebody has changed the steps meanwhile.
            if service.seen(edit) == arguments.seen:
                edit.forecast = found.stored()
        return {"changed": found.tally.changed, "refused": found.tally.refused}

    def subject(self, arguments: BulkEditArguments) -> str:
        return trial_subject(arguments.edit, arguments.seen)

    def title(self, arguments: BulkEditArguments, names: Mapping[str, str]) -> Text:
        return ngettext(
            "Preview of a bulk edit of %(num)s product",
            "Preview of a bulk edit of %(num)s products",
            arguments.number,
        )

    def outcome(self, result: Mapping[str, Any]) -> Text:
        return text("%(changed)s would change, %(refused)s would be refused", **result)


class UndoBulkEdit(BulkEditJob):
    """What a bulk edit changed gets its old values back."""

    name: ClassVar[str] = "bulk_undo"
    label: ClassVar[Text] = text("Undo")
    permission: ClassVar[str] = Permission.PRODUCTS_REVERT

    def run(
        self, tools: JobTools, context: JobContext, arguments: BulkEditArguments
    ) -> Mapping[str, Any]:
        with context.database.reading() as session:
            principal = actor_named(session, arguments.actor)
        origin = Origin.by(principal.for_owner(None), "revert")
        results = take_back(context.database, arguments.edit, origin, context.clock)
        return {
            "restored": sum(one.outcome == "updated" for one in results),
            "kept": sum(bool(one.problems) for one in results),
        }

    def subject(self, arguments: BulkEditArguments) -> str:
        return undo_subject(arguments.edit)

    def title(self, arguments: BulkEditArguments, names: Mapping[str, str]) -> Text:
        return ngettext(
            "Undo of a bulk edit of %(num)s product",
            "Undo of a bulk edit of %(num)s products",
            arguments.number,
        )

    def outcome(self, result: Mapping[str, Any]) -> Text:
        return text(
            "%(restored)s restored, %(kept)s with something left as somebody changed it since",
            **result,
        )


CARRY_OUT = CarryOutBulkEdit()
TRY_BULK_EDIT = TryBulkEdit()
UNDO_BULK_EDIT = UndoBulkEdit()
