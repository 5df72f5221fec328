"""Batches that were read, into the write path; and what came of each row, for the report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pim.bulk import upsert_rows
from pim.imports.batch_reader import ReadBatch, RowComplaint, SentRow
from pim.imports.models import SourceRow
from pim.imports.report import Lines, Tally
from pim.problems import Problem
from pim.products import service
from pim.products.change import Origin, ProductPlan, WriteResult
from pim.products.stores import PRODUCTS, RecordStore
from pim.products.workspace import PlannedFile
from pim.structure.objects import Structure


@dataclass(frozen=True, slots=True)
class Trial:
    """A whole file being planned. ``structure``: as it would be then; None for the stored one."""

    planned: PlannedFile
    structure: Structure | None = None


@dataclass(slots=True)
class BatchWriter:
    """Writes what the rows of one run say; the tally and the report follow.

    ``memory``: the profile under which row hashes are remembered. ``columns``: address -> column.
    ``store``: of which kind of record the rows are.
    """

    origin: Origin
    memory: str
    columns: Mapping[str, str]
    tally: Tally
    lines: Lines
    store: RecordStore = PRODUCTS

    def note(self, file: str, problems: Iterable[Problem]) -> None:
        """What is said of a file as a whole; stored with its first batch."""
        for problem in problems:
            self._report(RowComplaint(file, 0, "", "", problem))

    def write(self, session: Session, batch: ReadBatch, now: datetime) -> None:
        """Apply one batch."""
        self._count_reading(batch)
        if not batch.sent:
            return
        edits = [one.edit for one in batch.sent]
        results = service.write(session, edits, self.origin, now, self.store)
        self._count_writing(batch.sent, results)
        taken = [
            (one.key, one.digest, result.version)
            for one, result in zip(batch.sent, results, strict=True)
            if one.is_clean and not result.problems
        ]
        _remember(session, self.memory, taken)

    def plan(self, session: Session, batch: ReadBatch, now: datetime, trial: Trial) -> None:
        """Plan one batch, which only reads."""
        self._count_reading(batch)
        edits = [one.edit for one in batch.sent]
        plans = service.plan(
            session, edits, self.origin, now, trial.planned, trial.structure, self.store
        )
        self._count_writing(batch.sent, plans)

    def _count_reading(self, batch: ReadBatch) -> None:
        self.tally.rows += batch.rows
        self.tally.unchanged += batch.unchanged
        self.tally.refused += batch.refused
        for complaint in batch.complaints:
            self._report(complaint)

    def _count_writing(
        self, sent: Sequence[SentRow], results: Sequence[WriteResult | ProductPlan]
    ) -> None:
        self.tally.count(result.outcome for result in results)
        for one, result in zip(sent, results, strict=True):
            for problem in result.problems:
                column = self.columns.get(problem.address, "")
                line = one.edit.row or 0
                self._report(RowComplaint(one.file, line, one.edit.identifier, column, problem))

    def _report(self, complaint: RowComplaint) -> None:
        self.tally.note(complaint.problem)
        self.lines.add(*complaint)


def _remember(session: Session, memory: str, taken: Sequence[tuple[str, int, int]]) -> None:
    """Keep (key, hash, the product's version) of rows that came in and about which nothing is to
    be said: what is wrong with a row is told again when it comes again.
    """
    if taken:
        columns = dict(zip(("key", "hash", "version"), zip(*taken, strict=True), strict=True))
        upsert_rows(session, SourceRow, columns, {"profile": memory})
