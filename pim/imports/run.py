"""A file going in: one run, batch by batch, each batch with its cursor in one transaction, so that
a killed run resumes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pim.accounts.principals import COMMAND_LINE, Principal
from pim.clock import Clock
from pim.db import Database
from pim.errors import EtalageError, text
from pim.garbage import paused_collection
from pim.imports.batch_reader import ReadBatch
from pim.imports.batch_writer import BatchWriter, Trial
from pim.imports.lifecycle import STOPPED, RunHold, RunRequest, begin, tally_of
from pim.imports.models import ImportProblem, ImportRun
from pim.imports.pace import Pace
from pim.imports.profile_reader import columns_of, open_file
from pim.imports.profiles import Profile
from pim.imports.proposal import without_family
from pim.imports.reading import OpenFile, Upcoming, read_file
from pim.imports.report import Lines, Tally, get_run
from pim.jobs.context import JobContext
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
    job: JobContext | None = None,
    progress: ImportProgress = lambda done, total, sentence: None,
) -> ImportRun:
    """Import a file by its profile and return the finished run.

    The same file given again after a crash goes on where the killed run stopped, unless the profile
    or the structure says something else since, or another file came in between. A dry run plans
    every row and writes nothing but its report; others can save meanwhile. ``principal``: whose
    grants are asked for every value. ``notes``: what the report says of the file as a whole.
    ``job``: what the run belongs to, and with what it ends.
    :class:`Invalid` before anything is written when the file or profile is unusable.
    """
    begun = perf_counter()
    name = filename or path.name
    with _opened(database, path, profile, name) as file:
        digest, lines = _measure(path)
        fingerprint = file.reader.seed.hex()
        wanted = RunRequest(
            profile.code,
            asdict(profile),
            name,
            digest,
            fingerprint,
            actor,
            dry_run,
            file.detected.document(),
        )
        with database.writing() as session:
            hold = begin(session, wanted, clock, job)
        run = hold.run
        is_returning = profile.retired == "return"
        origin = Origin("import", actor, profile.owner, run.id, principal, is_returning)
        columns = columns_of(profile)
        store = store_of(profile.kind)
        writer = BatchWriter(origin, profile.code, columns, tally_of(run), Lines(run.id), store)

        def report(done: int) -> None:
            progress(done, max(done, lines - 1), "")

        with closing_on_error(database, hold):
            if run.cursor == 0:  # otherwise an earlier attempt has reported them
                writer.note(name, [*notes, *file.detected.doubts])
            pace = Pace()
            with read_file(database, file, lines=lines, done=run.cursor, pace=pace) as read:
                drive(database, hold, [FilePart(writer, read)], report, pace)
            doubt = without_family(profile)
            if doubt is not None and writer.tally.created:
                writer.note(name, [doubt])
            return finish(database, hold, writer.tally, writer.lines, begun)


@contextmanager
def _opened(database: Database, path: Path, profile: Profile, name: str) -> Iterator[OpenFile]:
    """The file, as the structure has it read now; closed however the import ends."""
    with database.reading() as session:
        structure = catalog.structure(session)
    reader, rows, detected = open_file(structure, path, profile, name)
    with closing(rows):
        yield OpenFile(reader, rows, path, profile, name, structure.version, detected)


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
    hold: RunHold,
    parts: Sequence[FilePart],
    progress: Callable[[int], None],
    pace: Pace,
    structure: Structure | None = None,
) -> None:
    """Write the rows of all parts, one after the other, in batches.

    The parts of a run share one tally and one report. A dry run plans the rows instead of writing
    them; ``structure``: as it would be then. ``pace``: is told how long a batch took.
    """
    tally, lines = parts[0].writer.tally, parts[0].writer.lines
    trial = Trial(PlannedFile(), structure)
    with paused_collection():
        with database.reading() as session:
            counted = select(func.count()).where(ImportProblem.run_id == hold.run.id)
            lines.number = session.scalar(counted) or 0
        for writer, batches in parts:
            upcoming = Upcoming(batches)
            for batch in upcoming:
                if hold.run.dry_run:
                    with database.reading() as session:
                        writer.plan(session, batch, hold.clock(), trial)
                    _store_report(database, hold, lines)
                else:
                    with database.writing_batch() as session:
                        session.connection()  # it is our turn: from now on others wait for us
                        began = perf_counter()
                        writer.write(session, batch, hold.clock())
                        _save(session, hold, writer)
                        upcoming.fetch()
                    pace.wrote(batch.rows, perf_counter() - began)
                progress(tally.rows)
            _end_part(database, hold, writer, trial)
        _end(database, hold, parts[0].writer, trial)


def _end_part(database: Database, hold: RunHold, writer: BatchWriter, trial: Trial) -> None:
    """The rows of a file that have waited for its end."""
    if hold.run.dry_run:
        with database.reading() as session:
            writer.plan_late(session, hold.clock(), trial)
        _store_report(database, hold, writer.lines)
        return
    with database.writing_batch() as session:
        writer.write_late(session, hold.clock())
        _save(session, hold, writer)


def _end(database: Database, hold: RunHold, writer: BatchWriter, trial: Trial) -> None:
    """What can be said of the rows only behind the last one."""
    if hold.run.dry_run:
        with database.reading() as session:
            writer.end_trial(session, trial)
        _store_report(database, hold, writer.lines)
        return
    with database.writing_batch() as session:
        writer.end(session)
        _save(session, hold, writer)


def _save(session: Session, hold: RunHold, writer: BatchWriter) -> None:
    """The report and the cursor, in the transaction that writes the rows."""
    writer.lines.store(session)
    hold.keep(session, cursor=writer.tally.rows, **asdict(writer.tally))


def _store_report(database: Database, hold: RunHold, lines: Lines) -> None:
    """The report of a trial is all that it writes."""
    if lines.waiting:
        with database.writing() as session:
            lines.store(session)
            hold.keep(session)
    else:
        hold.beat(database)


@contextmanager
def closing_on_error(database: Database, hold: RunHold) -> Iterator[None]:
    """A run that our own rules stop says why, and so does one without a job that ends otherwise.
    What is to become of a job that was interrupted, its runner decides: it may be tried again, and
    else its run ends with it.
    """
    try:
        yield
    except EtalageError as error:
        hold.fail(database, error.message)
        raise
    except KeyboardInterrupt:
        hold.fail(database, STOPPED)
        raise
    except BaseException as error:
        if hold.job is None:
            kind = type(error).__name__
            hold.fail(
                database,
                text("It ended in the middle, for a reason nobody foresaw (%(kind)s).", kind=kind),
            )
        raise


def finish(
    database: Database, hold: RunHold, tally: Tally, lines: Lines, begun: float
) -> ImportRun:
    """Close a run that has read its file to the end, with what is left of its report."""
    spent = round(1000 * (perf_counter() - begun))
    with database.writing() as session:
        lines.store(session)
        hold.keep(
            session,
            state="done",
            error=None,
            finished=hold.clock(),
            milliseconds=hold.run.milliseconds + spent,
            **asdict(tally),
        )
    with database.reading() as session:
        return get_run(session, hold.run.id)
