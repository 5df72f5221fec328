"""Moving in from Akeneo: a complete export folder in one go, structure, pictures, models and
products under one report.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from media.bulk import take_in_files
from media.names import code_of
from media.storage import Storage
from pim.accounts.principals import COMMAND_LINE
from pim.attributes.base import Reading
from pim.clock import Clock
from pim.db import Database
from pim.errors import text
from pim.imports.akeneo import AkeneoFolder, AkeneoTable, read_folder
from pim.imports.batch_reader import BatchReader, FileRow
from pim.imports.batch_writer import BatchWriter
from pim.imports.lifecycle import RunRequest, begin
from pim.imports.models import ImportRun
from pim.imports.profile_reader import columns_of, seed
from pim.imports.profiles import FileSettings, Profile
from pim.imports.reading import read_here
from pim.imports.report import Lines, Tally
from pim.imports.rows import UnreadableRow
from pim.imports.run import (
    FilePart,
    ImportProgress,
    closing_on_error,
    drive,
    finish,
)
from pim.problems import Problem
from pim.products import restructure
from pim.products.change import Origin, ProductInput, RecordKind
from pim.products.maintenance import rebuild_index
from pim.row_reader import Column, RowReader
from pim.structure import queries as catalog
from pim.structure import service as structures
from pim.structure.document import KINDS
from pim.structure.objects import Structure

PROFILE = "akeneo"


@dataclass(frozen=True)
class AkeneoResult:
    """``structure``: kind -> things added to the structure. ``pictures``: assets taken in."""

    run: ImportRun
    structure: dict[str, int]
    pictures: int


def import_akeneo(
    database: Database,
    storage: Storage,
    path: Path,
    actor: str,
    clock: Clock,
    *,
    dry_run: bool = False,
    progress: ImportProgress = lambda done, total, sentence: None,
) -> AkeneoResult:
    """Bring in a whole export folder. What cannot be taken is in the report and costs nothing else;
    what is doubtful comes in as it is.

    The files own everything: a migration overwrites whatever owner an attribute has. Running it
    again changes only what differs.
    """
    begun = perf_counter()
    folder = read_folder(path)
    run, structure, added = _begin(database, folder, actor, dry_run, clock())
    tally, lines = Tally(), Lines(run.id)
    with closing_on_error(database, run, clock):
        assets = _assets(
            database,
            storage,
            folder,
            structure,
            clock,
            dry_run,
            lines,
            lambda done, total: progress(done, total, "pictures"),
        )
    for notice in folder.notices:
        lines.add(
            notice.file, notice.line, "", "", Problem("", "notice", notice.text, "", "skipped")
        )
    tally.warnings = len(lines.waiting)
    if not dry_run:
        with database.writing() as session:
            lines.store(session)
    parts = _parts(database, folder, structure, run, tally, lines, assets, actor)
    if parts:
        drive(database, run, parts, clock, lambda done: progress(done, 0, "products"), structure)
    elif dry_run:
        with database.writing() as session:
            lines.store(session)
    return AkeneoResult(finish(database, run, tally, clock(), begun), added, len(assets))


def _begin(
    database: Database, folder: AkeneoFolder, actor: str, dry_run: bool, now: datetime
) -> tuple[ImportRun, Structure, dict[str, int]]:
    """The run, the structure that the rows are read with, and kind -> how many things the folder
    adds to it.
    """
    with database.reading() as session:
        changes = restructure.compare(session, folder.structure)
        structure = structures.preview(session, folder.structure)
    name = folder.path.name
    # Its rows are known by their hashes, so a new run is done with those of a killed one at once.
    wanted = RunRequest(PROFILE, {"folder": name}, name, _digest(folder), "", actor, dry_run)
    with database.writing() as session:
        run = begin(session, wanted, now)
        if not dry_run:
            restructure.apply(session, folder.structure)
            structure = catalog.structure(session)
    if not dry_run:
        rebuild_index(database)
    added = Counter(change.kind for change in changes if change.verb == "add")
    return run, structure, {kind: added[kind] for kind in KINDS}


def _parts(
    database: Database,
    folder: AkeneoFolder,
    structure: Structure,
    run: ImportRun,
    tally: Tally,
    lines: Lines,
    assets: dict[str, str],
    actor: str,
) -> list[FilePart]:
    tables: list[tuple[AkeneoTable | None, RecordKind]] = [
        (folder.models(), "model"),
        (folder.products(), "product"),
    ]
    origin = Origin("import", actor, None, run.id, COMMAND_LINE)
    parts: list[FilePart] = []
    for table, kind in tables:
        if table:
            reader = _reader(table, kind, structure, assets)
            writer = BatchWriter(origin, reader.memory, reader.columns, tally, lines)
            parts.append(FilePart(writer, read_here(database, reader, _rows(table), 0)))
    return parts


def _reader(
    table: AkeneoTable, kind: RecordKind, structure: Structure, assets: dict[str, str]
) -> BatchReader:
    spelled = enumerate(zip(table.names, table.columns, strict=True))
    columns = tuple(
        Column(name, None if place == table.key else to) for place, (name, to) in spelled
    )
    key = table.names[table.key]
    code = f"{PROFILE}_{kind}"
    profile = Profile(code, "Akeneo", PROFILE, kind, key, columns, FileSettings())
    return BatchReader(
        reader=RowReader(structure, columns, Reading(), refuse_doubts=False, asset_of=assets.get),
        key_index=table.key,
        kind=kind,
        memory=profile.code,
        seed=seed(structure, profile),
        columns=columns_of(profile),
        assets=assets,
        finds_assets=False,
        doubts=_Doubts(structure),
    )


def _rows(table: AkeneoTable) -> Iterator[FileRow]:
    return (FileRow(table.file, line, cells) for line, cells in table.rows)


class _Doubts:
    """What is odd about a whole row, though every cell of it can be taken."""

    def __init__(self, structure: Structure) -> None:
        self._labels = {family.label for family in structure.families.values() if family.label}

    def __call__(self, edit: ProductInput) -> Iterator[Problem]:
        if edit.kind == "product" and not edit.values.get("family"):
            yield Problem("family", "no family", text("This product has no family."), "", "warning")
        if edit.kind == "product" and not any(
            address.split("-")[0] in self._labels for address in edit.values
        ):
            yield Problem(
                next(iter(self._labels), ""),
                "no name",
                text("This product has no name."),
                "",
                "warning",
            )


def _digest(folder: AkeneoFolder) -> str:
    digest = sha256()
    for path in sorted(path for path in folder.path.iterdir() if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _assets(
    database: Database,
    storage: Storage,
    folder: AkeneoFolder,
    structure: Structure,
    clock: Clock,
    dry_run: bool,
    lines: Lines,
    progress: Callable[[int, int], object],
) -> dict[str, str]:
    """Name in the files -> asset code, for every picture that is there and can be read."""
    files = [
        (name, path)
        for name in _named(folder, structure)
        if (path := _inside(folder.path, name)) is not None
    ]
    if dry_run:
        return {name: code_of(path.read_bytes()) for name, path in files}
    found: dict[str, str] = {}
    for taken in take_in_files(database, storage, files, clock(), progress):
        if taken.code is not None:
            found[taken.filename] = taken.code
        for message in taken.messages:
            lines.add(
                taken.filename,
                0,
                "",
                "",
                Problem("", "picture", message, taken.filename, "skipped"),
            )
    return found


def _named(folder: AkeneoFolder, structure: Structure) -> Mapping[str, None]:
    names: dict[str, None] = {}
    for table in (folder.models(), folder.products()):
        if table is None:
            continue
        columns = [
            Column(name, to if to and _is_asset(structure, to) else None)
            for name, to in zip(table.names, table.columns, strict=True)
        ]
        reader = RowReader(structure, columns, Reading())
        for _, cells in table.rows:
            if not isinstance(cells, UnreadableRow):
                names.update(dict.fromkeys(reader.picture_names(cells)))
    return names


def _is_asset(structure: Structure, address: str) -> bool:
    attribute = structure.attribute_at.get(address)
    return attribute is not None and attribute.type.names_assets


def _inside(folder: Path, name: str) -> Path | None:
    """The file of this name below the folder, None where there is none (or it would lie
    outside).
    """
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
    except (OSError, ValueError):  # a name that no file can have: too long, or with a NUL in it
        return None
