"""Taking a file in, and taking a run back, behind the scenes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from pim.accounts.permissions import Permission
from pim.accounts.queries import actor_named
from pim.config import UPLOADS
from pim.errors import NotFound, Text, ngettext, text
from pim.imports.authority import authorized
from pim.imports.lifecycle import close_dead
from pim.imports.report import summary
from pim.imports.run import import_products
from pim.imports.undo import take_back
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind, JobPage, JobTools
from pim.products.change import Origin


@dataclass(frozen=True)
class ImportArguments:
    """``path``: of the stored upload, which is named by its hash, as seen from the data folder.
    ``profile``: its definition.

    ``filename``: as it was uploaded. ``actor``: who asked. ``dry_run``: a trial, which writes
    nothing.
    """

    path: str
    profile: dict[str, Any]
    filename: str
    actor: str
    dry_run: bool = False


class ImportFile(JobKind[ImportArguments]):
    """An uploaded file, in earnest or as a trial."""

    name: ClassVar[str] = "import"
    label: ClassVar[Text] = text("Import")
    permission: ClassVar[str] = Permission.IMPORTS_RUN
    arguments = ImportArguments

    def unit(self, number: int) -> Text:
        return ngettext("row", "rows", number)

    def run(
        self, tools: JobTools, context: JobContext, arguments: ImportArguments
    ) -> Mapping[str, Any]:
        def progress(done: int, total: int, sentence: str) -> None:
            context.progress(done, total or None, sentence or None)

        path = _upload(tools.settings.home, arguments)
        with context.database.reading() as session:
            principal = actor_named(session, arguments.actor)
            profile, notes = authorized(session, arguments.profile, principal)
        run = import_products(
            context.database,
            path,
            profile,
            arguments.actor,
            context.clock,
            filename=arguments.filename,
            dry_run=arguments.dry_run,
            principal=principal,
            notes=notes,
            job=context,
            progress=progress,
        )
        return dict(summary(run, ""))

    def tidy(self, session: Session, now: datetime) -> None:
        """Runs end with their jobs."""
        close_dead(session, now)

    def subject(self, arguments: ImportArguments) -> str:
        return file_subject(Path(arguments.path).stem)

    def turn(self, arguments: ImportArguments) -> str:
        """Files of one profile come in one after the other, or rows of yesterday's could be written
        over those of today's. A trial writes nothing and waits for nobody.
        """
        return "" if arguments.dry_run else f"profile:{arguments.profile.get('code', '')}"

    def title(self, arguments: ImportArguments, names: Mapping[str, str]) -> Text:
        if arguments.dry_run:
            return text("Trial run of %(name)s", name=arguments.filename)
        return text("Import of %(name)s", name=arguments.filename)

    def outcome(self, result: Mapping[str, Any]) -> Text:
        counts = {name: result[name] for name in ("created", "updated", "refused")}
        if result.get("left_out"):
            return ngettext(
                "%(created)s new, %(updated)s changed, %(refused)s refused, %(num)s value left out",
                "%(created)s new, %(updated)s changed, %(refused)s refused, %(num)s values left"
                " out",
                result["left_out"],
                **counts,
            )
        return text("%(created)s new, %(updated)s changed, %(refused)s refused", **counts)

    def page(self, job_id: int, arguments: ImportArguments) -> JobPage:
        return JobPage("imports.follow", {"job_id": job_id})


def _upload(home: Path, arguments: ImportArguments) -> Path:
    """Where the file is now: the hub may have been put back in another folder since. (A whole path
    was stored once, and is taken where it still leads to the file.)
    """
    for path in (home / arguments.path, home / UPLOADS / Path(arguments.path).name):
        if path.is_file():
            return path
    raise NotFound(
        text("The file %(name)s is not kept any more. Upload it again.", name=arguments.filename)
    )


@dataclass(frozen=True)
class RevertArguments:
    """``run``: the import run that is taken back. ``filename``: of its file."""

    run: str
    filename: str
    actor: str


class RevertRun(JobKind[RevertArguments]):
    """What a run changed gets its old values back."""

    name: ClassVar[str] = "revert"
    label: ClassVar[Text] = text("Undo")
    permission: ClassVar[str] = Permission.IMPORTS_REVERT
    arguments = RevertArguments

    def run(
        self, tools: JobTools, context: JobContext, arguments: RevertArguments
    ) -> Mapping[str, Any]:
        with context.database.reading() as session:
            principal = actor_named(session, arguments.actor)
        origin = Origin.by(principal.for_owner(None), "revert")
        results = take_back(context.database, arguments.run, origin, context.clock)
        return {
            "restored": sum(one.outcome == "updated" for one in results),
            "removed": sum(one.outcome == "removed" for one in results),
            "retired": sum(one.outcome == "retired" for one in results),
            "kept": sum(len(one.problems) for one in results),
        }

    def subject(self, arguments: RevertArguments) -> str:
        return run_subject(arguments.run)

    def title(self, arguments: RevertArguments, names: Mapping[str, str]) -> Text:
        return text("Undoing the import of %(name)s", name=arguments.filename)

    def outcome(self, result: Mapping[str, Any]) -> Text:
        return text(
            "%(restored)s, %(removed)s gone again, %(retired)s retired, %(kept)s",
            restored=ngettext(
                "%(num)s product as it was before",
                "%(num)s products as they were before",
                result["restored"],
            ),
            removed=result.get("removed", 0),
            retired=result.get("retired", 0),
            kept=ngettext(
                "%(num)s value left as it is", "%(num)s values left as they are", result["kept"]
            ),
        )

    def page(self, job_id: int, arguments: RevertArguments) -> JobPage:
        return JobPage("imports.show", {"run_id": arguments.run})


IMPORT_FILE = ImportFile()
REVERT_RUN = RevertRun()


def file_subject(sha256: str) -> str:
    """The subject of the imports of one file."""
    return f"file:{sha256}"


def run_subject(run_id: str) -> str:
    """The subject of the attempts to take a run back."""
    return f"run:{run_id}"
