"""A file going in: one run, batch by batch, each batch with its cursor in one transaction, so that
a killed run resumes.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2b, sha256
from itertools import islice
from pathlib import Path
from time import perf_counter

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pim.accounts.principals import COMMAND_LINE, Principal
from pim.attributes.base import Reading
from pim.clock import Clock
from pim.db import Database
from pim.errors import EtalageError, Invalid, text
from pim.garbage import paused_collection
from pim.imports.models import ImportProblem, ImportRun
from pim.imports.profiles import Profile
from pim.imports.readers import open_rows
from pim.imports.report import Lines, Tally, get_run
from pim.imports.rowwriter import FileRow, RowWriter, Trial
from pim.products.change import Origin
from pim.products.workspace import PlannedFile
from pim.row_reader import Column, RowReader
from pim.structure import fingerprints
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.values import ReadValues

BATCH = 1000
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
    progress: ImportProgress = lambda done, total, sentence: None,
) -> ImportRun:
    """Import a file by its profile and return the finished run.

    The same file given again after a crash goes on where the killed run stopped. A dry run plans
    every row and writes nothing but its report; others can save meanwhile. ``principal``: whose
    grants are asked for every value. :class:`Invalid` before anything is written when the file or
    profile is unusable.
    """
    begun = perf_counter()
    with database.reading() as session:
        structure = catalog.structure(session)
    assets: dict[str, str] = {}  # filled by the writer, batch by batch
    watched = [column.name for column in profile.columns if column.to]
    table = open_rows(path, profile.file, structure.locales, watched)
    reader, key_index = compile_reader(structure, profile, table.header, assets.get)
    name = filename or path.name
    digest, lines = _measure(path)
    with database.writing() as session:
        run = _resume_or_start(session, profile, name, digest, actor, dry_run, clock())
    columns = {column.to: column.name for column in profile.columns if column.to} | {
        "identifier": profile.key
    }
    writer = RowWriter(
        reader=reader,
        key_index=key_index,
        kind="model" if profile.kind == "model" else "product",
        source=Origin("import", actor, profile.source, run.id, principal),
        memory=profile.code,
        seed=seed(structure, profile),
        columns=columns,
        tally=tally_of(run),
        lines=Lines(run.id),
        assets=assets,
    )
    rows = (FileRow(name, line, cells) for line, cells in table.rows)
    drive(
        database,
        run,
        [(writer, rows)],
        clock,
        lambda done: progress(done, max(done, lines - 1), ""),
    )
    return finish(database, run, writer.tally, clock(), begun)


def compile_reader(
    structure: Structure,
    profile: Profile,
    header: Sequence[str],
    asset_of: Callable[[str], str | None],
) -> tuple[RowReader, int]:
    """The profile's columns against this file's header; every column that fits nowhere is named."""
    known = {column.name: column for column in profile.columns}
    unknown = [name for name in header if name not in known]
    if profile.key not in header:
        raise Invalid(
            {
                profile.key: [
                    text(
                        "The file has no column “%(name)s”, which names the product.",
                        name=profile.key,
                    )
                ]
            }
        )
    if unknown:
        sentence = text(
            "The profile does not know this column; map it, or set it to null to ignore it."
        )
        raise Invalid({name: [sentence] for name in unknown})
    columns = [known[name] for name in header]
    settings = profile.file
    reading = Reading(decimal=settings.decimal, date=settings.date or "%Y-%m-%d")
    reader = RowReader(
        structure,
        columns,
        reading,
        clear=profile.clear,
        refuse_doubts=profile.doubts == "refuse",
        asset_of=asset_of,
        always=_always(structure, profile, reading),
    )
    return reader, header.index(profile.key)


def _always(structure: Structure, profile: Profile, reading: Reading) -> ReadValues:
    """The values that the profile gives to every row; :class:`Invalid` under
    ``always.<address>``.
    """
    reader = RowReader(
        structure, [Column(f"always.{address}", address) for address in profile.always], reading
    )
    values, problems = reader.read(list(profile.always.values()))
    if problems:
        raise Invalid({f"always.{problem.address}": [problem.message] for problem in problems})
    return values


def seed(structure: Structure, profile: Profile) -> bytes:
    """What a row's hash depends on besides the row: where the profile or what it uses of the
    structure changes, the same cells may mean something else.
    """
    targets = {column.to for column in profile.columns if column.to} | profile.always.keys()
    used = fingerprints.of_columns(structure, targets)
    described = orjson.dumps([used, {**asdict(profile), "label": ""}])
    return blake2b(described, digest_size=16).digest()


def _measure(path: Path) -> tuple[str, int]:
    """The file's SHA-256 and about how many lines it has (a cell may hold some)."""
    digest, lines = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            lines += chunk.count(b"\n")
    return digest.hexdigest(), lines


def _resume_or_start(
    session: Session,
    profile: Profile,
    name: str,
    digest: str,
    actor: str,
    dry_run: bool,
    now: datetime,
) -> ImportRun:
    unfinished = select(ImportRun).where(
        ImportRun.profile == profile.code,
        ImportRun.sha256 == digest,
        ImportRun.state == "running",
        ImportRun.dry_run == dry_run,
    )
    run = session.scalars(unfinished.order_by(ImportRun.started.desc())).first()
    if run is not None and not dry_run:
        return run
    return new_run(session, profile.code, asdict(profile), name, digest, actor, dry_run, now)


def new_run(
    session: Session,
    code: str,
    definition: dict[str, object],
    name: str,
    digest: str,
    actor: str,
    dry_run: bool,
    now: datetime,
) -> ImportRun:
    """A run that has not read a row yet."""
    run = ImportRun(
        id=uuid.uuid4().hex,
        profile=code,
        definition=definition,
        filename=name[:255],
        sha256=digest,
        dry_run=dry_run,
        state="running",
        actor=actor,
        cursor=0,
        milliseconds=0,
        error=None,
        started=now,
        finished=None,
        **asdict(Tally()),
    )
    session.add(run)
    session.flush()
    return run


def tally_of(run: ImportRun) -> Tally:
    """What an earlier attempt at this run came to."""
    return Tally(run.rows, run.created, run.updated, run.unchanged, run.refused, run.warnings)


FilePart = tuple[RowWriter, Iterator[FileRow]]


def drive(
    database: Database,
    run: ImportRun,
    parts: Sequence[FilePart],
    clock: Clock,
    progress: Callable[[int], None],
    structure: Structure | None = None,
) -> None:
    """Write the rows of all parts, one after the other, in batches; rows that an earlier attempt
    has done are passed over.

    The parts of a run share one tally and one report. A dry run plans the rows instead of writing
    them; ``structure``: as it would be then.
    """
    tally, lines = parts[0][0].tally, parts[0][0].lines
    trial = Trial(PlannedFile(), structure)
    with closing_on_error(database, run, clock), paused_collection():
        with database.reading() as session:
            counted = select(func.count()).where(ImportProblem.run_id == run.id)
            lines.number = session.scalar(counted) or 0
        for batch, writer in _batches(parts, run.cursor):
            if run.dry_run:
                with database.reading() as session:
                    writer.plan(session, batch, clock(), trial)
                _store_report(database, run, lines)
            else:
                with database.writing() as session:
                    writer.write(session, batch, clock())
                    lines.store(session)
                    values = {"cursor": tally.rows, **asdict(tally)}
                    session.execute(update(ImportRun).where(ImportRun.id == run.id).values(values))
            progress(tally.rows)


def _store_report(database: Database, run: ImportRun, lines: Lines) -> None:
    """The report of a trial is all that it writes: a batch at a time, where it has lines."""
    if lines.waiting:
        with database.writing() as session:
            lines.store(session)


def _batches(parts: Sequence[FilePart], done: int) -> Iterator[tuple[list[FileRow], RowWriter]]:
    for writer, rows in parts:
        for row in islice(rows, done):
            done -= 1
            writer.pass_over(row)
        while batch := list(islice(rows, BATCH)):
            yield batch, writer


@contextmanager
def closing_on_error(database: Database, run: ImportRun, clock: Clock) -> Iterator[None]:
    """A run that our own rules stop says why. One that dies otherwise stays "running", to be
    resumed.
    """
    try:
        yield
    except EtalageError as error:
        with database.writing() as session:
            values = {"state": "failed", "error": str(error), "finished": clock()}
            session.execute(update(ImportRun).where(ImportRun.id == run.id).values(values))
        raise


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
