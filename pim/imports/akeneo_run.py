"""Moving in from Akeneo: a complete export folder in one go, structure, pictures, models and
products under one report.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
from pim.imports.akeneo import AkeneoFolder, AkeneoTable, Notice, read_folder
from pim.imports.batch_reader import BatchReader, FileRow
from pim.imports.batch_writer import BatchWriter
from pim.imports.lifecycle import RunHold, RunRequest, begin
from pim.imports.models import ImportRun
from pim.imports.pace import Pace
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
    folder = read_folder(path)
    return _Move(database, storage, folder, actor, clock, dry_run, progress).carry_out()


class _Move:
    """One folder on its way in. Whatever stops it, its run is closed and says why."""

    def __init__(
        self,
        database: Database,
        storage: Storage,
        folder: AkeneoFolder,
        actor: str,
        clock: Clock,
        dry_run: bool,
        progress: ImportProgress,
    ) -> None:
        self.database, self.storage, self.folder = database, storage, folder
        self.actor, self.clock, self.dry_run, self.progress = actor, clock, dry_run, progress
        self.begun = perf_counter()
        self.hold = self._start()
        self.tally, self.lines = Tally(), Lines(self.hold.run.id)
        self.pace = Pace()

    def carry_out(self) -> AkeneoResult:
        with closing_on_error(self.database, self.hold):
            with self.database.reading() as session:
                changes = restructure.compare(session, self.folder.structure)
            structure = self._structure()
            self._tell(self.folder.notices)
            self._tell(self.folder.columns_left(structure))
            assets = self._assets(structure)
            parts = self._parts(structure, assets)
            with self.database.writing() as session:
                self.lines.store(session)
                self.hold.keep(session)
            if parts:
                drive(self.database, self.hold, parts, self._products_done, self.pace, structure)
            run = finish(self.database, self.hold, self.tally, self.lines, self.begun)
        added = Counter(change.kind for change in changes if change.verb == "add")
        return AkeneoResult(run, {kind: added[kind] for kind in KINDS}, len(assets))

    def _start(self) -> RunHold:
        """A new run, never one that goes on: the rows of a killed one are known by their hashes, so
        this one is done with them at once.
        """
        name, digest = self.folder.path.name, _digest(self.folder)
        wanted = RunRequest(PROFILE, {"folder": name}, name, digest, "", self.actor, self.dry_run)
        with self.database.writing() as session:
            return begin(session, wanted, self.clock)

    def _structure(self) -> Structure:
        """The structure that the rows are read with: the shop's, with the folder's taken in."""
        if self.dry_run:
            with self.database.reading() as session:
                return structures.preview(session, self.folder.structure)
        with self.database.writing() as session:
            restructure.change(session, self.folder.structure, self.clock(), by=self.actor)
            structure = catalog.structure(session)
        rebuild_index(self.database)
        return structure

    def _tell(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            problem = Problem("", "notice", notice.text, "", notice.severity)
            self._report(notice.file, notice.line, problem)

    def _report(self, file: str, line: int, problem: Problem) -> None:
        self.tally.note(problem)
        self.lines.add(file, line, "", "", problem)

    def _assets(self, structure: Structure) -> dict[str, str]:
        """Name in the files -> asset code, for every picture that is there and can be read."""
        files = [
            (name, path)
            for name in _named(self.folder, structure)
            if (path := _inside(self.folder.path, name)) is not None
        ]
        if self.dry_run:
            return {name: code_of(path.read_bytes()) for name, path in files}
        found: dict[str, str] = {}
        for taken in take_in_files(
            self.database, self.storage, files, self.clock(), self._pictures_done
        ):
            if taken.code is not None:
                found[taken.filename] = taken.code
            for message in taken.messages:
                problem = Problem("", "picture", message, taken.filename, "skipped")
                self._report(taken.filename, 0, problem)
        return found

    def _pictures_done(self, done: int, total: int) -> None:
        self.hold.beat(self.database)
        self.progress(done, total, "pictures")

    def _products_done(self, done: int) -> None:
        self.progress(done, 0, "products")

    def _parts(self, structure: Structure, assets: dict[str, str]) -> list[FilePart]:
        """Models, then products: each with who reads and who writes them."""
        tables: list[tuple[AkeneoTable | None, RecordKind]] = [
            (self.folder.models(structure), "model"),
            (self.folder.products(structure), "product"),
        ]
        origin = Origin("import", self.actor, None, self.hold.run.id, COMMAND_LINE)
        parts: list[FilePart] = []
        for table, kind in tables:
            if table:
                reader = _reader(table, kind, structure, assets)
                writer = BatchWriter(origin, reader.memory, reader.columns, self.tally, self.lines)
                rows = read_here(self.database, reader, _rows(table), 0, lambda: self.pace.rows)
                parts.append(FilePart(writer, rows))
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
    """What is odd about a whole row, though every cell of it can be taken. A variant has from its
    model what it does not say itself.
    """

    def __init__(self, structure: Structure) -> None:
        self._labels = {family.label for family in structure.families.values() if family.label}

    def __call__(self, edit: ProductInput) -> Iterator[Problem]:
        if edit.kind != "product" or edit.values.get("parent"):
            return
        if not edit.values.get("family"):
            yield Problem("family", "no family", text("This product has no family."), "", "warning")
        if not any(address.split("-")[0] in self._labels for address in edit.values):
            sentence = text("This product has no name.")
            yield Problem(next(iter(self._labels), ""), "no name", sentence, "", "warning")


def _digest(folder: AkeneoFolder) -> str:
    digest = sha256()
    for path in sorted(path for path in folder.path.iterdir() if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _named(folder: AkeneoFolder, structure: Structure) -> Mapping[str, None]:
    """Every name that a cell for pictures may mean, each once, in the order of the files."""
    names: dict[str, None] = {}
    for table in (folder.models(structure), folder.products(structure)):
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
