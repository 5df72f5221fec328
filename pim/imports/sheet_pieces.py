"""A long sheet, read some rows at a time: calamine holds every cell of what it is given, and twice
while it puts them in order.

Each piece is a workbook of its own, with the parts of the archive and a few rows of the sheet. What
was read stays packed until all of it is known, because every row is as wide as the widest.
"""

import io
import pickle
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import IO, Any

from python_calamine import CalamineSheet, load_workbook

PIECE = 4 * 1024**2
"""Bytes of a sheet that are read at a time; a shorter sheet is read whole."""
_CHUNK = 1024 * 1024
_BEGIN = re.compile(rb"<((?:\w+:)?)sheetData(?:\s[^>]*)?(?<!/)>")
_NUMBERED_ROW = re.compile(rb"\s*<(?:\w+:)?row\s(?:[^>]*\s)?r=[\"']\d")
_FOREIGN = re.compile(r"xl/(worksheets|chartsheets|drawings|media|charts|embeddings|theme)/")
"""Parts of which no cell says anything."""
_FAST = 1

_Place = tuple[int, int]
"""Row and column, from 0."""


class NotInPieces(Exception):
    """The rows of a sheet do not say where they stand, or stand in no order."""


@dataclass(frozen=True)
class _Piece:
    """``start``, ``end``: its first and last cell. ``packed``: its rows."""

    start: _Place
    end: _Place
    packed: bytes

    @classmethod
    def of(cls, sheet: CalamineSheet) -> "_Piece | None":
        """None where no cell holds anything."""
        if sheet.start is None or sheet.end is None:
            return None
        rows = pickle.dumps(sheet.to_python(skip_empty_area=True), pickle.HIGHEST_PROTOCOL)
        return cls(sheet.start, sheet.end, zlib.compress(rows, _FAST))

    def rows(self) -> Sequence[list[Any]]:
        found: Sequence[list[Any]] = pickle.loads(zlib.decompress(self.packed))  # noqa: S301 (ours)
        return found


class PiecewiseSheet:
    """A sheet as calamine gives one, as far as its rows are asked for. ``pieces``: how many it was
    read in.
    """

    def __init__(
        self, pieces: Sequence[_Piece], merged: Sequence[tuple[_Place, _Place]] | None
    ) -> None:
        self._pieces, self.pieces = pieces, len(pieces)
        self.merged_cell_ranges = merged
        self.start: _Place | None = None
        self.end: _Place | None = None
        self.width = 0
        if pieces:
            left = min(one.start[1] for one in pieces)
            right = max(one.end[1] for one in pieces)
            self.start, self.end = (pieces[0].start[0], left), (pieces[-1].end[0], right)
            self.width = right - left + 1

    def iter_rows(self) -> Iterator[list[Any]]:
        """From the first row of the sheet on, blank ones too."""
        line = 0
        for piece in self._pieces:
            yield from ([""] * self.width for _ in repeat(None, piece.start[0] - line))
            yield from (self._as_wide(piece, row) for row in piece.rows())
            line = piece.end[0] + 1

    def _as_wide(self, piece: _Piece, row: list[Any]) -> list[Any]:
        assert self.start is not None
        before = piece.start[1] - self.start[1]
        return [*repeat("", before), *row, *repeat("", self.width - before - len(row))]


def read_in_pieces(
    file: IO[bytes], part: str, name: str, size: int = PIECE
) -> PiecewiseSheet | None:
    """The sheet of that name, which is in that part of the archive; None where it has to be read
    whole, because it is short or its rows do not say where they stand.
    """
    with zipfile.ZipFile(file) as archive:
        if archive.getinfo(part).file_size <= size:
            return None
        parts = {one: archive.read(one) for one in archive.namelist() if not _FOREIGN.match(one)}
        # Each piece reads the shared texts again: where they are long, so are the pieces.
        size = max(size, *map(len, parts.values()))
        with archive.open(part) as stream:
            try:
                return _Reader(parts, part, name).read(stream, size)
            except NotInPieces:
                return None


class _Reader:
    """``parts``: of the archive, without its sheets. ``part``, ``name``: of the sheet."""

    def __init__(self, parts: Mapping[str, bytes], part: str, name: str) -> None:
        self._parts, self._part, self._name = parts, part, name
        self._pieces: list[_Piece] = []

    def read(self, stream: IO[bytes], size: int) -> PiecewiseSheet:
        frame, rest = _Frame.found(stream, min(size, _CHUNK))
        while chunk := stream.read(min(size, _CHUNK)):
            rest += chunk
            cut = rest.rfind(frame.row_end) + len(frame.row_end) if len(rest) >= size else 0
            if cut >= len(frame.row_end):
                self._add(frame, bytes(rest[:cut]))
                del rest[:cut]
        end = rest.rfind(frame.end)
        if end < 0:
            raise NotInPieces
        if rest[:end].strip():
            self._add(frame, bytes(rest[:end]))
        merged = self._sheet(frame.head + bytes(rest[end:])).merged_cell_ranges
        return PiecewiseSheet(self._pieces, merged)

    def _add(self, frame: "_Frame", rows: bytes) -> None:
        if not _NUMBERED_ROW.match(rows):
            raise NotInPieces
        piece = _Piece.of(self._sheet(frame.around(rows)))
        if piece is None:
            return
        if self._pieces and piece.start[0] <= self._pieces[-1].end[0]:
            raise NotInPieces
        self._pieces.append(piece)

    def _sheet(self, document: bytes) -> CalamineSheet:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for name, content in {**self._parts, self._part: document}.items():
                archive.writestr(name, content)
        packed.seek(0)
        with load_workbook(packed) as workbook:
            return workbook.get_sheet_by_name(self._name)


@dataclass(frozen=True)
class _Frame:
    """What stands around the rows of a sheet. ``head``: all before the first one."""

    head: bytes
    prefix: bytes

    @classmethod
    def found(cls, stream: IO[bytes], size: int) -> "tuple[_Frame, bytearray]":
        """With what was read behind it, so many bytes at a time."""
        read = bytearray()
        while chunk := stream.read(size):
            read += chunk
            begin = _BEGIN.search(read)
            if begin is not None:
                return cls(bytes(read[: begin.end()]), begin[1]), read[begin.end() :]
        raise NotInPieces

    @property
    def row_end(self) -> bytes:
        return b"</%srow>" % self.prefix

    @property
    def end(self) -> bytes:
        return b"</%ssheetData>" % self.prefix

    def around(self, rows: bytes) -> bytes:
        """A sheet of these rows."""
        return self.head + rows + self.end + b"</%sworksheet>" % self.prefix
