"""A batch of file rows into the write path: hashes first, then typed values, then one call of the
service.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from media import queries as media
from pim.bulk import in_values, upsert_rows
from pim.errors import text
from pim.imports.models import SourceRow
from pim.imports.report import Lines, Tally
from pim.imports.rows import UnreadableRow
from pim.problems import Problem
from pim.products import service
from pim.products.change import (
    Origin,
    ProductInput,
    ProductPlan,
    RecordKind,
    WriteResult,
)
from pim.products.models import Product
from pim.products.workspace import PlannedFile, key_of
from pim.row_reader import RowReader, split_list
from pim.structure.objects import Structure


@dataclass(slots=True)
class FileRow:
    """One data row: its file and first line there, what it names, its cells (or why it could not be
    read).
    """

    file: str
    line: int
    cells: Sequence[str] | UnreadableRow


class SentRow(NamedTuple):
    """A row on its way into the write path: the key of its product, its hash and what it says."""

    row: FileRow
    key: str
    digest: int
    edit: ProductInput


@dataclass(frozen=True, slots=True)
class Trial:
    """A whole file being planned. ``structure``: as it would be then; None for the stored one."""

    planned: PlannedFile
    structure: Structure | None = None


@dataclass(slots=True)
class RowWriter:
    """Writes the rows of one run.

    ``memory``: the profile under which row hashes are remembered. ``assets``: name in the file ->
    asset code; with ``finds_assets``, names not in it are looked for among all assets. ``doubts``:
    what is odd about a whole row. ``seen``: hash of each key met in this file -> line (a million
    keys themselves would not stay small).
    """

    reader: RowReader
    key_index: int
    kind: RecordKind
    source: Origin
    memory: str
    seed: bytes
    columns: dict[str, str]
    tally: Tally
    lines: Lines
    assets: dict[str, str] = field(default_factory=dict)
    finds_assets: bool = True
    doubts: Callable[[ProductInput], Iterable[Problem]] | None = None
    seen: dict[int, int] = field(default_factory=dict)
    _keyed: blake2b = field(init=False)

    def __post_init__(self) -> None:
        self._keyed = blake2b(digest_size=8, key=self.seed)

    def write(self, session: Session, rows: Sequence[FileRow], now: datetime) -> None:
        """Apply one batch; the tally and the report lines follow."""
        sent = self._read(session, rows)
        if not sent:
            return
        results = service.write(session, [one.edit for one in sent], self.source, now)
        self._count(sent, results)
        taken = [
            (one.key, one.digest, result.version)
            for one, result in zip(sent, results, strict=True)
            if not result.is_refused
        ]
        _remember(session, self.memory, taken)

    def plan(self, session: Session, rows: Sequence[FileRow], now: datetime, trial: Trial) -> None:
        """Plan one batch, which only reads; the tally and the report lines follow."""
        sent = self._read(session, rows)
        edits = [one.edit for one in sent]
        plans = service.plan(session, edits, self.source, now, trial.planned, trial.structure)
        self._count(sent, plans)

    def _count(self, sent: Sequence[SentRow], results: Sequence[WriteResult | ProductPlan]) -> None:
        self.tally.count(result.outcome for result in results)
        for one, result in zip(sent, results, strict=True):
            for problem in result.problems:
                self._report(one.row, problem)

    def _read(self, session: Session, rows: Sequence[FileRow]) -> list[SentRow]:
        """What the rows say, without those that are unchanged or cannot be taken."""
        named = [(row, key) for row in rows if (key := self._name(row))]
        known = _known(session, self.memory, [key for _, key in named])
        self._look_up_assets(session, [row for row, _ in named])
        sent: list[SentRow] = []
        for row, key in named:
            digest = self._hash(row)
            if known.get(key) == digest:
                self.tally.unchanged += 1
                continue
            edit = self._edit(row)
            if edit is not None:
                sent.append(SentRow(row, key, digest, edit))
        return sent

    def _look_up_assets(self, session: Session, rows: Sequence[FileRow]) -> None:
        """One query for the pictures that a batch names; ``assets`` is what the reader asks."""
        names = {
            name
            for index, separator in self.reader.asset_cells
            for row in rows
            if not isinstance(row.cells, UnreadableRow) and row.cells[index]
            for name in split_list(separator, row.cells[index])
        }
        missing = names - self.assets.keys()
        if missing and self.finds_assets:
            self.assets.update(media.by_filename(session, missing))

    def pass_over(self, row: FileRow) -> None:
        """A row that an earlier attempt has written: only its key is noted."""
        if not isinstance(row.cells, UnreadableRow):
            self.seen.setdefault(hash(key_of(self._identifier(row))), row.line)

    def _name(self, row: FileRow) -> str:
        """The key of the product that a row names; "" for a row that could not be read, names none,
        or is not the first to name it.
        """
        self.tally.rows += 1
        problem = self._unusable(row)
        if problem is not None:
            self._report(row, problem)
            self.tally.refused += 1
            return ""
        return key_of(self._identifier(row))

    def _unusable(self, row: FileRow) -> Problem | None:
        if isinstance(row.cells, UnreadableRow):
            return Problem("", "row", row.cells.rule, row.cells.value)
        identifier = row.cells[self.key_index].strip()
        if not identifier:
            return Problem(
                "identifier", "identifier", text("The column that names the product is empty.")
            )
        first = self.seen.setdefault(hash(key_of(identifier)), row.line)
        if first != row.line:
            return Problem(
                "identifier",
                "duplicate",
                text("This product stands in line %(line)s already.", line=first),
                identifier,
            )
        return None

    def _identifier(self, row: FileRow) -> str:
        assert not isinstance(row.cells, UnreadableRow)
        return row.cells[self.key_index].strip()

    def _hash(self, row: FileRow) -> int:
        assert not isinstance(row.cells, UnreadableRow)
        digest = self._keyed.copy()
        digest.update("\x1f".join(row.cells).encode("utf-8", "surrogatepass"))
        # A picture that came meanwhile, or another one, makes it another row.
        for index, separator in self.reader.asset_cells:
            for name in split_list(separator, row.cells[index]):
                digest.update(b"\x1e" + self.assets.get(name, "").encode())
        return int.from_bytes(digest.digest(), "big", signed=True)

    def _edit(self, row: FileRow) -> ProductInput | None:
        assert not isinstance(row.cells, UnreadableRow)
        values, problems = self.reader.read(row.cells)
        for problem in problems:
            self._report(row, problem)
        if problems and any(problem.is_error for problem in problems):
            self.tally.refused += 1
            return None
        edit = ProductInput(self._identifier(row), values, self.kind, row=row.line)
        for problem in self.doubts(edit) if self.doubts else ():
            self._report(row, problem)
        return edit

    def _report(self, row: FileRow, problem: Problem) -> None:
        if isinstance(row.cells, UnreadableRow):
            identifier, column = "", row.cells.column
        else:
            identifier, column = self._identifier(row), self.columns.get(problem.address, "")
        if not problem.is_error:
            self.tally.warnings += 1
        self.lines.add(row.file, row.line, identifier, column, problem)


def _known(session: Session, memory: str, keys: list[str]) -> dict[str, int]:
    """Key -> hash of the row that gave the product the values it still has.

    A step of the workflow changes no value: an approved product is still what its row made of it.
    """
    chosen = (
        select(SourceRow.key, SourceRow.hash)
        .join(Product, Product.key == SourceRow.key)
        .where(
            SourceRow.profile == memory,
            in_values(session, SourceRow.key, keys),
            SourceRow.version >= Product.edited_version,
        )
    )
    return dict(session.execute(chosen).all())


def _remember(session: Session, memory: str, taken: Sequence[tuple[str, int, int]]) -> None:
    """Keep (key, hash, the product's version) of rows that came in."""
    if taken:
        columns = dict(zip(("key", "hash", "version"), zip(*taken, strict=True), strict=True))
        upsert_rows(session, SourceRow, columns, {"profile": memory})
