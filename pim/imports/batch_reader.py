"""Batches of file rows on their way in: what is unchanged is known by its hash, the rest read."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from media import queries as media
from pim.bulk import in_values
from pim.db import JsonText
from pim.errors import Text, text
from pim.hash_index import HashIndex
from pim.imports.models import SourceRow
from pim.imports.rows import DamagedRow, UnreadableRow
from pim.problems import Problem
from pim.products.change import ProductInput, RecordKind
from pim.products.models import Product
from pim.products.new_products import prepare
from pim.products.stores import RecordStore, store_of
from pim.products.workspace import key_of
from pim.row_reader import RowReader
from pim.structure.objects import Structure
from pim.workflow import RETIRED

_SHOWN_PATHS = 5
BATCH = 1000
"""Rows that are written in one transaction, where that takes no longer than it may."""


@dataclass(slots=True)
class FileRow:
    """One data row: its file and first line there, its cells (or why it could not be read)."""

    file: str
    line: int
    cells: Sequence[str] | UnreadableRow


class SentRow(NamedTuple):
    """A row on its way into the write path: the key of its product, its hash and what it says.

    ``is_clean``: nothing had to be said about it when it was read. ``spelled``: address -> the cell
    of the file, for what is said of it later; as text, because of nearly all rows nothing is.
    """

    file: str
    key: str
    digest: int
    edit: ProductInput
    is_clean: bool
    spelled: JsonText


class RowComplaint(NamedTuple):
    """Something wrong with a row, for the report: which row, whose, in which column."""

    file: str
    line: int
    identifier: str
    column: str
    problem: Problem


@dataclass(slots=True)
class ReadBatch:
    """What a batch of rows came to. ``rows``: how many; ``sent``: those that are to be written."""

    rows: int = 0
    unchanged: int = 0
    refused: int = 0
    complaints: list[RowComplaint] = field(default_factory=list)
    sent: list[SentRow] = field(default_factory=list)


@dataclass(slots=True)
class BatchReader:
    """Reads the rows of one file.

    ``memory``: the profile under which row hashes are remembered; ``seed``: what a hash depends on
    besides the row. ``columns``: address -> column, for the report. ``assets``: name in the file ->
    asset code; with ``finds_assets``, names not in it are looked for among all assets. ``doubts``:
    what is odd about a whole row. ``seen``: in which line each product of this file stands first.
    ``prepares_for``: where there is time, new products are prepared too, with this structure.
    ``doubtful_assets``: names that several assets have -> a sentence that says so.
    ``codes``: for a file about assets, the name of a file -> the code of the asset.
    """

    reader: RowReader
    key_index: int
    kind: RecordKind
    memory: str
    seed: bytes
    columns: dict[str, str]
    assets: dict[str, str] = field(default_factory=dict)
    finds_assets: bool = True
    doubtful_assets: dict[str, Text] = field(default_factory=dict)
    doubts: Callable[[ProductInput], Iterable[Problem]] | None = None
    seen: HashIndex = field(default_factory=partial(HashIndex, "lines"))
    prepares_for: Structure | None = None
    codes: dict[str, str] = field(default_factory=dict)
    _keyed: blake2b = field(init=False)

    def __post_init__(self) -> None:
        self._keyed = blake2b(digest_size=8, key=self.seed)

    def pass_over(self, row: FileRow) -> None:
        """A row that an earlier attempt has written: only its key is noted."""
        if self._why_nameless(row) is None:
            self.seen.first(key_of(self._identifier(row)), row.line)

    def read(self, session: Session, rows: Sequence[FileRow]) -> ReadBatch:
        """One batch, as the session sees the hub; only reads."""
        batch = ReadBatch(len(rows))
        self._look_up_codes(session, rows)
        named: list[tuple[FileRow, str]] = []
        for row in rows:
            problem = self._unusable(row)
            if problem is None:
                named.append((row, key_of(self._identifier(row))))
            else:
                batch.complaints.append(self._complaint(row, problem))
                batch.refused += 1
        store = store_of(self.kind)
        known = _known(session, store, self.memory, [key for _, key in named])
        self._look_up_assets(session, [row for row, _ in named])
        for row, key in named:
            digest = self._hash(row)
            if known.get(key) == digest:
                batch.unchanged += 1
                continue
            edit, problems = self._edit(row)
            for problem in problems:
                batch.complaints.append(self._complaint(row, problem))
            spelled = self._spelled(row)
            batch.sent.append(SentRow(row.file, key, digest, edit, not problems, spelled))
        return batch

    def _look_up_codes(self, session: Session, rows: Sequence[FileRow]) -> None:
        """People name an asset by its file; its record is named by its code."""
        if self.kind != "asset":
            return
        names = {
            row.cells[self.key_index].strip()
            for row in rows
            if not isinstance(row.cells, UnreadableRow)
        }
        unknown = names - media.by_codes(session, names).keys() - self.codes.keys()
        self.codes.update(media.by_filename(session, unknown))
        self._note_namesakes(session, unknown)

    def _look_up_assets(self, session: Session, rows: Sequence[FileRow]) -> None:
        """One query for the pictures that a batch names; ``assets`` is what the reader asks."""
        names: set[str] = set()
        for row in rows:
            if not isinstance(row.cells, UnreadableRow):
                names.update(self.reader.picture_names(row.cells))
        missing = names - self.assets.keys()
        if missing and self.finds_assets:
            self.assets.update(media.by_filename(session, missing))
            self._note_namesakes(session, missing)

    def _note_namesakes(self, session: Session, names: Collection[str]) -> None:
        for name, paths in media.namesakes(session, names).items():
            self.doubtful_assets[name] = text(
                "Several pictures are called “%(name)s”: %(paths)s. Name the folder too.",
                name=name,
                paths=", ".join(paths[:_SHOWN_PATHS]),
            )

    def _unusable(self, row: FileRow) -> Problem | None:
        """Why a row cannot be taken: it could not be read, names no product, or one that a row
        before it names already.
        """
        nameless = self._why_nameless(row)
        if nameless is not None:
            return nameless
        identifier = self._identifier(row)
        first = self.seen.first(key_of(identifier), row.line)
        if first != row.line:
            sentence = text("This product stands in line %(line)s already.", line=first)
            if self.kind == "asset":
                sentence = text("This asset stands in line %(line)s already.", line=first)
            return Problem("identifier", "duplicate", sentence, identifier)
        return None

    def _why_nameless(self, row: FileRow) -> Problem | None:
        """Why a row does not say which product it is about."""
        cells = row.cells
        if isinstance(cells, UnreadableRow):
            return Problem("", "row", cells.rule, cells.value)
        if isinstance(cells, DamagedRow) and self.key_index in cells.faults:
            rule = cells.faults[self.key_index]
            return Problem("identifier", "cell", rule, cells[self.key_index])
        doubt = self.doubtful_assets.get(cells[self.key_index].strip())
        if self.kind == "asset" and doubt is not None:
            return Problem("identifier", "several pictures", doubt, cells[self.key_index])
        if self._identifier(row):
            return None
        sentence = text("The column that names the product is empty.")
        if self.kind == "asset":
            sentence = text("The column that names the asset is empty.")
        return Problem("identifier", "identifier", sentence)

    def _identifier(self, row: FileRow) -> str:
        assert not isinstance(row.cells, UnreadableRow)
        name = row.cells[self.key_index].strip()
        return self.codes.get(name, name)

    def _hash(self, row: FileRow) -> int:
        assert not isinstance(row.cells, UnreadableRow)
        digest = self._keyed.copy()
        digest.update("\x1f".join(row.cells).encode("utf-8", "surrogatepass"))
        # A picture that came meanwhile, or another one, makes it another row.
        for name in self.reader.picture_names(row.cells):
            digest.update(b"\x1e" + self.assets.get(name, "").encode())
        return int.from_bytes(digest.digest(), "big", signed=True)

    def _edit(self, row: FileRow) -> tuple[ProductInput, Sequence[Problem]]:
        """What a row says, without the cells that cannot be read; and everything wrong with it."""
        assert not isinstance(row.cells, UnreadableRow)
        if isinstance(row.cells, DamagedRow):
            values, found = self.reader.read_damaged(row.cells, row.cells.faults)
        else:
            values, found = self.reader.read(row.cells)
        problems = [one.left_out() if one.is_error else one for one in found]
        edit = ProductInput(
            self._identifier(row), values, self.kind, row=row.line, cell_by_cell=True
        )
        if self.doubts is not None:
            problems = [*problems, *self.doubts(edit)]
        if self.prepares_for is not None:
            return prepare(self.prepares_for, edit), problems
        return edit, problems

    def _spelled(self, row: FileRow) -> JsonText:
        assert not isinstance(row.cells, UnreadableRow)
        return JsonText.of(self.reader.spelled(row.cells))

    def _complaint(self, row: FileRow, problem: Problem) -> RowComplaint:
        if isinstance(row.cells, UnreadableRow):
            return RowComplaint(row.file, row.line, "", "", problem)
        column = self.columns.get(problem.address, "")
        return RowComplaint(row.file, row.line, self._identifier(row), column, problem)


def batches(
    reader: BatchReader, rows: Iterator[FileRow], done: int, size: Callable[[], int]
) -> Iterator[list[FileRow]]:
    """The rows of a file in batches of the size that is wanted when they are read; the first
    ``done`` were written by an earlier attempt.
    """
    for row in islice(rows, done):
        reader.pass_over(row)
    while batch := list(islice(rows, size())):
        yield batch


def _known(session: Session, store: RecordStore, memory: str, keys: list[str]) -> dict[str, int]:
    """Key -> hash of the row that gave the product (or other record) the values it still has.

    A step of the workflow changes no value: an approved product is still what its row made of it.
    Of a retired one every row is said anew.
    """
    is_alive = (Product.status != RETIRED,) if store.has_workflow else ()
    chosen = (
        select(SourceRow.key, SourceRow.hash)
        .join(store.table, store.column("key") == SourceRow.key)
        .where(
            SourceRow.profile == memory,
            in_values(session, SourceRow.key, keys),
            SourceRow.version >= store.column("edited_version"),
            *store.own,
            *is_alive,
        )
    )
    return dict(session.execute(chosen).all())
