"""Making files of many products, behind the scenes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pim.accounts.permissions import Permission
from pim.errors import Text, ngettext, text
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind, JobPage, JobTools
from pim.spreadsheets import service


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


EXPORT_PRODUCTS = ExportProducts()
