"""The work on products that is done behind the scenes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pim.accounts.permissions import Permission
from pim.errors import Text, ngettext, text
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind, JobTools
from pim.products.maintenance import rebuild_index


@dataclass(frozen=True)
class ReindexArguments:
    pass


class Reindex(JobKind[ReindexArguments]):
    """After a change of the structure in a large shop."""

    name: ClassVar[str] = "reindex"
    label: ClassVar[Text] = text("Index of the product list")
    permission: ClassVar[str] = Permission.CATALOG_EDIT
    arguments = ReindexArguments

    def unit(self, number: int) -> Text:
        return ngettext("product", "products", number)

    def run(
        self, tools: JobTools, context: JobContext, arguments: ReindexArguments
    ) -> Mapping[str, Any]:
        rebuild_index(context.database, context.progress, context.guard)
        return {}

    def subject(self, arguments: ReindexArguments) -> str:
        return "index"


REINDEX = Reindex()
