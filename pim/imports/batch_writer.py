"""Batches that were read, into the write path; and what came of each row, for the report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from pim.bulk import upsert_rows
from pim.db import JsonText
from pim.imports import late_rows, links
from pim.imports.batch_reader import ReadBatch, RowComplaint, SentRow
from pim.imports.links import MetLinks, NamedProduct
from pim.imports.models import SourceRow
from pim.imports.report import Lines, Tally
from pim.problems import Problem
from pim.products import service
from pim.products.change import Origin, ProductPlan, WriteResult, waits_for_others
from pim.products.stores import PRODUCTS, RecordStore
from pim.products.workspace import PlannedFile
from pim.structure import queries as catalog
from pim.structure.objects import Structure


@dataclass(slots=True)
class Trial:
    """A whole run being planned. ``structure``: as it would be then; None for the stored one.
    ``late``, ``missing``: the rows, and the products that rows name, that wait for its end.
    """

    planned: PlannedFile
    structure: Structure | None = None
    late: list[SentRow] = field(default_factory=list)
    missing: list[NamedProduct] = field(default_factory=list)


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
        """Apply one batch; what may be mended by a later row waits."""
        self._count_reading(batch)
        late = self._write(session, batch.sent, now, is_part=True)
        late_rows.put_off(session, self.lines.run_id, self.memory, late)

    def write_late(self, session: Session, now: datetime) -> None:
        """Apply the rows that have waited, behind the last batch."""
        sent = late_rows.taken_up(session, self.lines.run_id, self.memory)
        self._write(session, sent, now, is_part=False)

    def plan(self, session: Session, batch: ReadBatch, now: datetime, trial: Trial) -> None:
        """Plan one batch, which only reads; what may be mended by a later row waits."""
        self._count_reading(batch)
        trial.late += self._plan(session, batch.sent, now, trial, is_part=True)

    def plan_late(self, session: Session, now: datetime, trial: Trial) -> None:
        """Plan the rows that have waited, behind the last batch."""
        self._plan(session, trial.late, now, trial, is_part=False)
        trial.late = []

    def _write(
        self, session: Session, sent: Sequence[SentRow], now: datetime, is_part: bool
    ) -> Sequence[SentRow]:
        """The rows that wait, of those in a part."""
        if not sent:
            return ()
        edits = [one.edit for one in sent]
        results = service.write(session, edits, self.origin, now, self.store, is_part)
        late = self._count_writing(sent, results, is_part)
        met = self._met_links(session, catalog.structure(session), sent, results)
        links.put_off(session, self.lines.run_id, met.missing)
        odd = met.keys
        taken = [
            (one.key, one.digest, result.version)
            for one, result in zip(sent, results, strict=True)
            if one.is_clean and not result.problems and one.key not in odd
        ]
        _remember(session, self.memory, taken)
        return late

    def _plan(
        self, session: Session, sent: Sequence[SentRow], now: datetime, trial: Trial, is_part: bool
    ) -> Sequence[SentRow]:
        edits = [one.edit for one in sent]
        plans = service.plan(
            session, edits, self.origin, now, trial.planned, trial.structure, self.store, is_part
        )
        structure = trial.structure or catalog.structure(session)
        trial.missing += self._met_links(session, structure, sent, plans).missing
        return self._count_writing(sent, plans, is_part)

    def _met_links(
        self,
        session: Session,
        structure: Structure,
        sent: Sequence[SentRow],
        results: Sequence[WriteResult | ProductPlan],
    ) -> MetLinks:
        """What these rows name; what is odd about it is reported."""
        met = links.meet(session, structure, self.columns, sent, results)
        for complaint in met.odd:
            self._report(complaint)
        return met

    def end(self, session: Session) -> None:
        """Report what the rows of the run name that is not there, behind the last one."""
        for complaint in links.taken_up(session, self.lines.run_id):
            self._report(complaint)

    def end_trial(self, session: Session, trial: Trial) -> None:
        """The same for a trial."""
        for complaint in links.still_missing(session, trial.missing, trial.planned):
            self._report(complaint)

    def _count_reading(self, batch: ReadBatch) -> None:
        self.tally.rows += batch.rows
        self.tally.unchanged += batch.unchanged
        self.tally.refused += batch.refused
        for complaint in batch.complaints:
            self._report(complaint)

    def _count_writing(
        self, sent: Sequence[SentRow], results: Sequence[WriteResult | ProductPlan], is_part: bool
    ) -> Sequence[SentRow]:
        """Count and report what came of these rows, but for those that wait."""
        late: list[SentRow] = []
        outcomes: list[str] = []
        for one, result in zip(sent, results, strict=True):
            if is_part and waits_for_others(result.problems):
                late.append(one)
                continue
            outcomes.append(result.outcome)
            for problem in result.problems:
                column = self.columns.get(problem.address, "")
                line = one.edit.row or 0
                said = _as_spelled(problem, one.spelled)
                self._report(RowComplaint(one.file, line, one.edit.identifier, column, said))
        self.tally.count(outcomes)
        return late

    def _report(self, complaint: RowComplaint) -> None:
        self.tally.note(complaint.problem)
        self.lines.add(*complaint)


def _as_spelled(problem: Problem, spelled: JsonText) -> Problem:
    """The problem with its value as it stands in the file, where somebody looks for it."""
    if not problem.value:
        return problem
    cell = spelled.read().get(problem.address)
    return problem if cell is None else replace(problem, value=cell)


def _remember(session: Session, memory: str, taken: Sequence[tuple[str, int, int]]) -> None:
    """Keep (key, hash, the product's version) of rows that came in and about which nothing is to
    be said: what is wrong with a row is told again when it comes again.
    """
    if taken:
        columns = dict(zip(("key", "hash", "version"), zip(*taken, strict=True), strict=True))
        upsert_rows(session, SourceRow, columns, {"profile": memory})
