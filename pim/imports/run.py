"""A file going in: one run, batch by batch, each batch with its cursor in one transaction, so that
a killed run resumes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pim.accounts.principals import COMMAND_LINE, Principal
from pim.clock import Clock
from pim.db import Database
from pim.errors import EtalageError, text
from pim.garbage import paused_collection
from pim.imports.batch_reader import ReadBatch
from pim.imports.batch_writer import BatchWriter, Trial
from pim.imports.lifecycle import RunRequest, begin, tally_of
from pim.imports.models import ImportProblem, ImportRun
from pim.imports.profile_reader import columns_of, open_file
from pim.imports.profiles import Profile
from pim.imports.proposal import without_family
from pim.imports.reading import OpenFile, read_file
from pim.imports.report import Lines, Tally, get_run
from pim.problems import Problem
from pim.products.change import Origin
from pim.products.stores import store_of
from pim.products.workspace import PlannedFile
from pim.structure import queries as catalog
from pim.structure.objects import Structure

ImportProgress = Callable[[int, int, str], None]
"""(rows done, rows in all or 0 when unknown, sentence)"""


def import_products(
    database: Database,
    path: Path,
    profile: Profile,
    actor: str,
    clock: Clock,
    *,
    principal: Principal = COMMAND_LINE,
    filename: str = "",
    dry_run: bool = False,
    notes: Sequence[Problem] = (),
    progress: ImportProgress = lambda done, total, sentence: None,
) -> ImportRun:
    """Import a file by its profile and return the finished run.

    The same file given again after a crash goes on where the killed run stopped, unless the profile
    or the structure says something else since, or another file came in between. A dry run plans
    every row and writes nothing but its report; others can save meanwhile. ``principal``: whose
    grants are asked for every value. ``notes``: what the report says of the file as a whole.
    :class:`Invalid` before anything is written when the file or profile is unusable.
    """
    begun = perf_counter()
    with database.reading() as session:
        structure = catalog.structure(session)
    name = filename or path.name
    reader, rows, detected = open_file(structure, path, profile, name)
    file = OpenFile(reader, rows, path, profile, name, structure.version)
    digest, lines = _measure(path)
    fingerprint = reader.seed.hex()
    wanted = RunRequest(
        profile.code,
        asdict(profile),
        name,
        digest,
        fingerprint,
        actor,
        dry_run,
        detected.document(),
    )
    with database.writing() as session:
        run = begin(session, wanted, clock())
    origin = Origin("import", actor, profile.owner, run.id, principal)
    columns = columns_of(profile)
    store = store_of(profile.kind)
    writer = BatchWriter(origin, profile.code, columns, tally_of(run), Lines(run.id), store)
    if run.cursor == 0:  # otherwise an earlier attempt has reported them
        writer.note(name, [*notes, *detected.doubts])

    def report(done: int) -> None:
        progress(done, max(done, lines - 1), "")

    done = run.cursor
    with read_file(database, file, lines=lines, done=done) as read:
        drive(database, run, [FilePart(writer, read)], clock, report)
    doubt = without_family(profile)
    if doubt is not None and writer.tally.created:
        writer.note(name, [doubt])
        _store_report(database, writer.lines)
    return finish(database, run, writer.tally, clock(), begun)


def _measure(path: Path) -> tuple[str, int]:
    """The file's SHA-256 and about how many lines it has (a cell may hold some)."""
    digest, lines = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            lines += chunk.count(b"\n")
    return digest.hexdigest(), lines


class FilePart(NamedTuple):
    """A file of a run: who writes it, and its batches as they are read."""

    writer: BatchWriter
    batches: Iterator[ReadBatch]


def drive(
    database: Database,
    run: ImportRun,
    parts: Sequence[FilePart],
    clock: Clock,
    progress: Callable[[int], None],
    structure: Structure | None = None,
) -> None:
    """Write the rows of all parts, one after the other, in batches.

    The parts of a run share one tally and one report. A dry run plans the rows instead of writing
    them; ``structure``: as it would be then.
    """
    tally, lines = parts[0].writer.tally, parts[0].writer.lines
    trial = Trial(PlannedFile(), structure)
    with closing_on_error(database, run, clock), paused_collection():
        with database.reading() as session:
            counted = select(func.count()).where(ImportProblem.run_id == run.id)
            lines.number = session.scalar(counted) or 0
        for writer, batches in parts:
            for batch in batches:
                if run.dry_run:
                    with database.reading() as session:
                        writer.plan(session, batch, clock(), trial)
                    _store_report(database, lines)
                else:
                    with database.writing() as session:
                        _write(session, run, writer, batch, clock())
                progress(tally.rows)


def _write(
    session: Session, run: ImportRun, writer: BatchWriter, batch: ReadBatch, now: datetime
) -> None:
    """A batch with its report and the cursor, in one transaction."""
    writer.write(session, batch, now)
    writer.lines.store(session)
    values = {"cursor": writer.tally.rows, **asdict(writer.tally)}
    session.execute(update(ImportRun).where(ImportRun.id == run.id).values(values))


def _store_report(database: Database, lines: Lines) -> None:
    """Lines that no batch stores with its rows. The report of a trial is all that it writes."""
    if lines.waiting:
        with database.writing() as session:
            lines.store(session)


@contextmanager
def closing_on_error(database: Database, run: ImportRun, clock: Clock) -> Iterator[None]:
    """A run that our own rules stop says why. One that dies otherwise stays "running", to be
    resumed; a trial is not resumed, so it has failed.
    """
    try:
        yield
    except EtalageError as error:
        _close(database, run, str(error), clock())
        raise
    except BaseException:  # also Ctrl+C
        if run.dry_run:
            _close(
                database, run, str(text("It was stopped before it had come to the end.")), clock()
            )
        raise


def _close(database: Database, run: ImportRun, error: str, now: datetime) -> None:
    with database.writing() as session:
        values = {"state": "failed", "error": error, "finished": now}
        session.execute(update(ImportRun).where(ImportRun.id == run.id).values(values))


def finish(
    database: Database, run: ImportRun, tally: Tally, now: datetime, begun: float
) -> ImportRun:
    """Close a run that has read its file to the end."""
    spent = round(1000 * (perf_counter() - begun))
    with database.writing() as session:
        values = {
            "state": "done",
            "finished": now,
            "milliseconds": run.milliseconds + spent,
            **asdict(tally),
        }
        session.execute(update(ImportRun).where(ImportRun.id == run.id).values(values))
    with database.reading() as session:
        return get_run(session, run.id)
