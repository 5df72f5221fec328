"""A hub into which files go in by profiles, and from which they are taken back."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from pim.accounts.principals import COMMAND_LINE
from pim.db import Database
from pim.imports.models import ImportProblem, ImportRun
from pim.imports.profiles import read_profile
from pim.imports.run import import_products
from pim.products import revert
from pim.products.change import Origin, WriteResult
from tests.support.hub import HubDriver

UNDO = Origin.by(COMMAND_LINE.for_owner(None), "revert")


class ImportingHub(HubDriver):
    """``folder``: where the files are written; ``structure``: of the shop."""

    def __init__(
        self, database: Database, clock: Callable, folder: Path, structure: Mapping[str, Any]
    ) -> None:
        super().__init__(database, clock)
        self.folder = folder
        self.restructure(structure)

    def file(self, lines: Sequence[str], profile: str, **options: Any) -> ImportRun:
        """Import lines of a file, the header first."""
        path = self.folder / "articles.csv"
        path.write_text("\n".join(lines) + "\n")
        return import_products(
            self.database, path, read_profile(profile), "anna", self.clock, **options
        )

    def undo(self, run: ImportRun) -> list[WriteResult]:
        return revert.revert_run(self.database, run.id, UNDO, self.clock)

    def report(self, run: ImportRun) -> list[tuple[str, str, str]]:
        """(identifier, rule, severity) of the lines of a run's report."""
        columns = (ImportProblem.identifier, ImportProblem.rule, ImportProblem.severity)
        wanted = select(*columns).where(ImportProblem.run_id == run.id)
        with self.database.reading() as session:
            return [tuple(line) for line in session.execute(wanted.order_by(ImportProblem.number))]


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, refused."""
    return run.created, run.updated, run.unchanged, run.refused
