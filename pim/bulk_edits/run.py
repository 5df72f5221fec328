"""Carrying a bulk edit out: batch by batch, each with its cursor in one transaction, so that one
that was killed goes on where it was.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict
from time import perf_counter

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from pim.accounts.principals import Principal
from pim.bulk_edits import queries, selection
from pim.bulk_edits.batches import CompiledSteps, SeenMoment
from pim.bulk_edits.compiling import compile_steps
from pim.bulk_edits.models import BulkEdit, BulkEditProblem
from pim.bulk_edits.outcomes import BulkTally, ReworkedProduct, outcomes
from pim.bulk_edits.selection import SelectedProducts
from pim.bulk_edits.steps import Step, read_steps
from pim.clock import Clock
from pim.db import Database
from pim.errors import Conflict, text
from pim.garbage import paused_collection
from pim.imports.pace import Pace
from pim.imports.report import printable
from pim.jobs.context import JobContext
from pim.products import rework
from pim.products.change import Origin
from pim.structure import queries as catalog
from pim.structure.objects import Structure

BulkProgress = Callable[[int, int], None]
"""(products done, products in all)"""
SHOWN = 500
"""Characters of a value in a report."""


def carry_out(
    database: Database,
    edit_id: str,
    principal: Principal,
    clock: Clock,
    *,
    job: JobContext | None = None,
    progress: BulkProgress = lambda done, total: None,
) -> BulkEdit:
    """Do what a confirmed bulk edit says, or go on with it, and return it.

    ``principal``: whose grants are asked, for every product and every value. ``job``: what it
    belongs to. :class:`~pim.errors.Invalid` where its steps make no sense any more.
    """
    begun = perf_counter()
    with database.writing() as session:
        hold = EditHold.taken(session, edit_id, clock, job)
    with database.reading() as session:
        products = selection.kept(session, edit_id)
    runner = _Runner(hold, products, read_steps(hold.edit.steps), principal)
    pace = Pace()
    with paused_collection():
        while runner.cursor < len(products.ids):
            with database.writing_batch() as session:
                session.connection()  # it is our turn: from now on others wait for us
                began = perf_counter()
                number = runner.write(session, pace.rows)
            pace.wrote(number, perf_counter() - began)
            progress(runner.cursor, len(products.ids))
    spent = hold.edit.milliseconds + round(1000 * (perf_counter() - begun))
    with database.writing() as session:
        hold.keep(session, state="done", finished=clock(), milliseconds=spent)
    with database.reading() as session:
        return queries.get(session, edit_id)


class EditHold:
    """A bulk edit in our hands. ``edit``: as it was when we took it."""

    def __init__(self, edit: BulkEdit, clock: Clock, job: JobContext | None) -> None:
        self.edit, self.clock, self._job, self._token = edit, clock, job, edit.token

    @classmethod
    def taken(
        cls, session: Session, edit_id: str, clock: Clock, job: JobContext | None
    ) -> "EditHold":
        """Whoever held it before writes nothing more of it."""
        edit = session.get_one(BulkEdit, edit_id, with_for_update=True)
        if edit.state not in ("running", "stopped", "failed"):
            raise Conflict(text("This bulk edit is not one that could be carried out."))
        edit.state, edit.error, edit.token = "running", None, uuid.uuid4().hex
        edit.job_id = job.job_id if job is not None else None
        edit.started = edit.started or clock()
        session.flush()
        return cls(edit, clock, job)

    def keep(self, session: Session, **values: object) -> None:
        """At the end of a transaction that writes products: store these values of the edit, which
        stays ours until the commit. :class:`Conflict` where it is in other hands.
        """
        if self._job is not None:
            self._job.guard(session)
        ours = (BulkEdit.id == self.edit.id, BulkEdit.token == self._token)
        kept = update(BulkEdit).where(*ours).values(**values).returning(BulkEdit.id)
        if session.execute(kept).first() is None:
            raise Conflict(text("Another process goes on with this bulk edit."))


class _Runner:
    """The batches of one bulk edit. ``cursor``: products done."""

    def __init__(
        self,
        hold: EditHold,
        products: SelectedProducts,
        steps: Sequence[Step],
        principal: Principal,
    ) -> None:
        edit = hold.edit
        self._hold, self._products, self._steps = hold, products, steps
        self._origin = Origin.by(principal, "user", edit.id)
        moment = edit.seen_change
        self._seen = None if moment is None else SeenMoment(moment, edit.id)
        self._tally = BulkTally(edit.changed, edit.unchanged, edit.refused, edit.left_out)
        self._compiled: CompiledSteps | None = None
        self._lines: int | None = None
        self.cursor = edit.cursor

    def write(self, session: Session, number: int) -> int:
        """Write the next batch; how many products it had."""
        names = selection.named_by(session, self._products, self.cursor, number)
        compiled = self._steps_for(catalog.structure(session))
        steps = compiled.rework(session, names, self._seen)
        batch = rework.write(
            session, list(names), steps.as_rework(), self._origin, self._hold.clock()
        )
        found = outcomes(names, steps, batch)
        for one in found:
            self._tally.count(one)
        self._report(session, found)
        done = min(number, len(self._products.ids) - self.cursor)
        self._hold.keep(session, cursor=self.cursor + done, **asdict(self._tally))
        self.cursor += done
        return done

    def _steps_for(self, structure: Structure) -> CompiledSteps:
        """Somebody may change the structure between two batches."""
        if self._compiled is None or self._compiled.structure.version != structure.version:
            self._compiled = compile_steps(
                structure, self._steps, is_raised=self._hold.edit.is_raised
            )
        return self._compiled

    def _report(self, session: Session, products: Sequence[ReworkedProduct]) -> None:
        if self._lines is None:
            counted = select(func.count()).where(BulkEditProblem.edit_id == self._hold.edit.id)
            self._lines = session.scalar(counted) or 0
        lines = [
            {
                "edit_id": self._hold.edit.id,
                "identifier": one.identifier,
                "address": problem.address,
                "value": printable(problem.value)[:SHOWN],
                "rule": problem.rule,
                "severity": problem.severity,
                "message": problem.message,
            }
            for one in products
            for problem in one.problems
        ]
        if lines:
            numbered = [
                {**line, "number": self._lines + place} for place, line in enumerate(lines, 1)
            ]
            session.connection().execute(insert(BulkEditProblem), numbered)
            self._lines += len(lines)
