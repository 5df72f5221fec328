"""Making files of many products, and reading those that come back, behind the scenes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pim.accounts.permissions import Permission
from pim.accounts.queries import actor_named
from pim.errors import Text, ngettext, text
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind, JobPage, JobTools
from pim.spreadsheets import bring_back, service


def export_subject(export_id: str) -> str:
    """What the job that makes a file is about."""
    return f"sheet-export:{export_id}"


@dataclass(frozen=True)
class ExportArguments:
    """``export``: which one. ``number``: of its products."""

    export: str
    number: int


class ExportProducts(JobKind[ExportArguments]):
    """A file of more products than somebody waits for."""

    name: ClassVar[str] = "sheet_export"
    label: ClassVar[Text] = text("Export of products")
    permission: ClassVar[str] = Permission.PRODUCTS_VIEW
    arguments = ExportArguments

    def run(
        self, tools: JobTools, context: JobContext, arguments: ExportArguments
    ) -> Mapping[str, Any]:
        with context.database.reading() as session:
            asked = service.get(session, arguments.export)
        service.make(context.database, tools.settings.home, asked, context.progress)
        with context.database.writing() as session:
            context.guard(session)
            service.get(session, arguments.export).finished = context.clock()
        return {"products": arguments.number}

    def unit(self, number: int) -> Text:
        return ngettext("product", "products", number)

    def page(self, job_id: int, arguments: ExportArguments) -> JobPage:
        return JobPage("products.export_page", {"export_id": arguments.export})

    def subject(self, arguments: ExportArguments) -> str:
        return export_subject(arguments.export)

    def title(self, arguments: ExportArguments, names: Mapping[str, str]) -> Text:
        return ngettext("Export of %(num)s product", "Export of %(num)s products", arguments.number)

    def outcome(self, result: Mapping[str, Any]) -> Text:
        return text("The file is ready")


def reading_subject(edit_id: str) -> str:
    """What the job that reads a file is about."""
    return f"sheet:{edit_id}"


@dataclass(frozen=True)
class ReadArguments:
    """``edit``: the bulk edit that the file becomes. ``path``: of the file, in the data folder."""

    edit: str
    path: str
    filename: str
    actor: str


class ReadSheet(JobKind[ReadArguments]):
    """What was changed in a file that is larger than somebody waits for."""

    name: ClassVar[str] = "sheet_reading"
    label: ClassVar[Text] = text("Reading of a spreadsheet")
    permission: ClassVar[str] = Permission.PRODUCTS_EDIT
    arguments = ReadArguments

    def run(
        self, tools: JobTools, context: JobContext, arguments: ReadArguments
    ) -> Mapping[str, Any]:
        with context.database.reading() as session:
            principal = actor_named(session, arguments.actor)
        path = tools.settings.home / arguments.path
        number = bring_back.read_file(
            context.database, arguments.edit, path, principal, context.progress
        )
        return {"products": number}

    def unit(self, number: int) -> Text:
        return ngettext("row", "rows", number)

    def page(self, job_id: int, arguments: ReadArguments) -> JobPage:
        return JobPage("products.preview_bulk_edit", {"edit_id": arguments.edit})

    def subject(self, arguments: ReadArguments) -> str:
        return reading_subject(arguments.edit)

    def title(self, arguments: ReadArguments, names: Mapping[str, str]) -> Text:
        return text("What was changed in “%(file)s”", file=arguments.filename)

    def outcome(self, result: Mapping[str, Any]) -> Text:
        return ngettext(
            "Something was changed of %(num)s product",
            "Something was changed of %(num)s products",
            result["products"],
        )


EXPORT_PRODUCTS = ExportProducts()
READ_SHEET = ReadSheet()
