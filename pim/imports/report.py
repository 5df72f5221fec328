"""The report of a run: lines gathered per batch, stored with the data they are about, downloaded as
CSV.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from pim.errors import Named, NotFound, Text, text
from pim.imports.models import ImportProblem, ImportRun
from pim.problems import Problem

HEADER = ("file", "line", "identifier", "column", "address", "value", "rule", "severity", "message")
SHOWN = 500


@dataclass(slots=True)
class Tally:
    """What a run has come to. ``rows`` counts data rows read; the next four add up to it.

    ``left_out``: values that could not be taken. ``warnings``: doubts, and values that another
    owner holds.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    left_out: int = 0
    warnings: int = 0

    def count(self, outcomes: Iterable[str]) -> None:
        for outcome, number in Counter(outcomes).items():
            setattr(self, outcome, getattr(self, outcome) + number)

    def note(self, problem: Problem) -> None:
        """Count a line of the report; a refusal is counted with its row."""
        if problem.severity == "skipped":
            self.left_out += 1
        elif not problem.is_error:
            self.warnings += 1


@dataclass(slots=True)
class Lines:
    """Report lines waiting for the end of their batch. ``number``: lines stored so far."""

    run_id: str
    number: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)

    def add(self, file: str, line: int, identifier: str, column: str, problem: Problem) -> None:
        self.waiting.append(
            {
                "run_id": self.run_id,
                "number": 0,
                "file": file,
                "line": line,
                "identifier": identifier[:255],
                "column": column[:255],
                "address": problem.address[:255],
                "value": printable(problem.value)[:SHOWN],
                "rule": problem.rule[:63],
                "severity": problem.severity,
                "message": _storable(problem.message),
            }
        )

    def store(self, session: Session) -> None:
        """In the order of the file, whatever was found first."""
        self.waiting.sort(key=itemgetter("line"))
        for line in self.waiting:
            self.number += 1
            line["number"] = self.number
        if self.waiting:
            session.connection().execute(insert(ImportProblem), self.waiting)
            self.waiting = []


def _storable(sentence: Text) -> Text:
    """The sentence with parts that every database takes: cells of a file stand in it."""
    return Text(sentence.msgid, {name: _part(part) for name, part in sentence.parts.items()})


def _part(part: Any) -> Any:
    if isinstance(part, Text):
        return _storable(part)
    return part if isinstance(part, Named | tuple) else printable(str(part))


def printable(raw: str) -> str:
    """Text that both databases and a terminal take: no NUL, no control characters but line ends and
    tabs.
    """
    return "".join(one if one.isprintable() or one in "\n\t" else "�" for one in raw)


def problems(session: Session, run_id: str) -> Iterator[ImportProblem]:
    """Every line of a run's report, in file order."""
    statement = (
        select(ImportProblem).where(ImportProblem.run_id == run_id).order_by(ImportProblem.number)
    )
    yield from session.scalars(statement.execution_options(yield_per=1000))


def get_run(session: Session, run_id: str) -> ImportRun:
    """:class:`NotFound` where there is none."""
    run = session.get(ImportRun, run_id)
    if run is None:
        raise NotFound(text("There is no import run “%(id)s”.", id=run_id))
    return run


def as_csv(lines: Iterable[ImportProblem]) -> Iterator[str]:
    """The report as CSV for people: a cell that a spreadsheet would take for a formula is guarded
    with an apostrophe.
    """
    yield _line(HEADER)
    for line in lines:
        yield _line([guarded(str(getattr(line, name))) for name in HEADER])


def guarded(cell: str) -> str:
    """``=1+1`` -> ``'=1+1``."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _line(cells: Iterable[str]) -> str:
    file = io.StringIO()
    csv.writer(file).writerow(list(cells))
    return file.getvalue()


def summary(run: ImportRun, report: str) -> Mapping[str, Any]:
    """A run for machines: the shape the command line promises."""
    return {
        "rows": run.rows,
        "created": run.created,
        "updated": run.updated,
        "unchanged": run.unchanged,
        "refused": run.refused,
        "left_out": run.left_out,
        "warnings": run.warnings,
        "seconds": run.milliseconds / 1000,
        "report": report,
        "run": run.id,
        "state": run.state,
        "dry_run": run.dry_run,
        "detected": run.detected,
    }
