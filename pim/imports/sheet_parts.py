"""What calamine does not say of a workbook's sheet: how far it goes, before it is in memory; which
cells hold an error (``#N/A``) or a formula without a result, both of which it gives as blank; and
which show their number with leading zeros, which it leaves out.
"""

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import IO, NamedTuple

from pim.imports.padding import Padding
from pim.imports.sheet_archive import SheetArchive
from pim.imports.sheet_pieces import PiecewiseSheet, read_in_pieces


class CellError(NamedTuple):
    """``shown``: the error, or the formula that has no result."""

    shown: str
    lacks_result: bool = False


CellErrors = Mapping[int, Mapping[int, CellError]]
"""Row -> column -> what is wrong with the cell; both count from 1."""

_CHUNK = 1024 * 1024
_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?P<attributes>[^>/]*\bt=[\"']e[\"'][^>/]*)>(?P<content>.*?)</(?:\w+:)?c>",
    re.DOTALL,
)
# A program that cannot calculate writes formulas only; Excel adds the result. A result that is text
# (t="str") may be empty.
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s(?P<attributes>(?:(?!\bt=[\"'](?:str|e)[\"'])[^>/])*)>\s*"
    rb"(?P<content><(?:\w+:)?f[\s>/].*?)</(?:\w+:)?c>",
    re.DOTALL,
)
_RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
_WRITTEN = re.compile(rb">([^<]{1,100})")
_HEAD = 64 * 1024
_AREA = re.compile(
    rb"<(?:\w+:)?dimension\s[^>]*ref=[\"']"
    rb"(?P<left>[A-Z]{1,3})(?P<top>\d{1,7}):(?P<right>[A-Z]{1,3})(?P<bottom>\d{1,7})[\"']"
)
_PLACE = re.compile(rb"\br=[\"'](?P<column>[A-Z]{1,3})(?P<row>\d{1,7})[\"']")
_SHOWN = re.compile(rb"<(?:\w+:)?v>([^<]{1,20})<")
_MOST_PADDINGS = 255
"""Different formats with leading zeros in a workbook. Excel itself takes some 250 of any kind."""


class Area(NamedTuple):
    """From the first cell to the last."""

    first: str
    last: str
    cells: int


class PaddedCells:
    """The cells that show leading zeros, in a byte each: a column of article numbers has a million
    of them. Rows and columns count from 1.
    """

    def __init__(self, paddings: Mapping[int, Padding]) -> None:
        """``paddings``: style of a cell -> what it shows."""
        different = list(dict.fromkeys(paddings.values()))
        self._paddings = different[:_MOST_PADDINGS]
        numbers = {padding: number for number, padding in enumerate(self._paddings, 1)}
        self._numbers = {style: numbers.get(padding, 0) for style, padding in paddings.items()}
        self._columns: dict[int, bytearray] = {}

    def add(self, row: int, column: int, style: int) -> None:
        rows = self._columns.setdefault(column, bytearray())
        lacking = row + 1 - len(rows)
        if lacking > 0:
            rows.extend(bytes(lacking))
        rows[row] = self._numbers[style]

    def in_row(self, row: int) -> Iterator[tuple[int, Padding]]:
        """The columns of the row that have one, each with its own."""
        for column, rows in self._columns.items():
            number = rows[row] if row < len(rows) else 0
            if number:
                yield column, self._paddings[number - 1]


@dataclass(frozen=True)
class CellNotes:
    """What is to be known of single cells of a sheet."""

    errors: CellErrors
    padded: PaddedCells


class SheetPart:
    """The part of a workbook's archive that holds the sheet of that name; nothing is known of it
    where it is not found.
    """

    def __init__(self, file: IO[bytes], sheet: str) -> None:
        self._file, self._name = file, sheet
        archive = SheetArchive(file, sheet)
        self._part = archive.part
        self._paddings = archive.paddings

    def area(self) -> Area | None:
        """What the sheet says of its size."""
        if self._part is None:
            return None
        with zipfile.ZipFile(self._file) as archive, archive.open(self._part) as stream:
            found = _AREA.search(stream.read(_HEAD))
        if found is None:
            return None
        width = _column(found["right"]) - _column(found["left"]) + 1
        height = int(found["bottom"]) - int(found["top"]) + 1
        first = found["left"] + found["top"]
        last = found["right"] + found["bottom"]
        return Area(first.decode(), last.decode(), width * height)

    def in_pieces(self) -> PiecewiseSheet | None:
        """The sheet, read some rows at a time; None where it is read whole."""
        if self._part is None:
            return None
        return read_in_pieces(self._file, self._part, self._name)

    def notes(self) -> CellNotes:
        """Goes through the sheet once, and remembers the cells that are out of the ordinary."""
        errors: dict[int, dict[int, CellError]] = {}
        padded = PaddedCells(self._paddings)
        if self._part is None:
            return CellNotes(errors, padded)
        styled = _styled_cells(self._paddings)
        with zipfile.ZipFile(self._file) as archive, archive.open(self._part) as stream:
            for piece in _pieces(stream):
                for found in _errors(piece):
                    errors.setdefault(found.row, {})[found.column] = found.error
                for cell in styled.finditer(piece) if styled else ():
                    padded.add(int(cell["row"]), _column(cell["column"]), int(cell["style"]))
        return CellNotes(errors, padded)


def _styled_cells(styles: Mapping[int, object]) -> re.Pattern[bytes] | None:
    """Finds the cells that have one of these styles."""
    if not styles:
        return None
    numbers = b"|".join(b"%d" % style for style in styles)
    return re.compile(
        rb"<(?:\w+:)?c\s(?=[^>]*\bs=[\"'](?P<style>" + numbers + rb")[\"'])"
        rb"[^>]*?\br=[\"'](?P<column>[A-Z]{1,3})(?P<row>\d{1,7})[\"']"
    )


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The sheet in pieces that end with a cell; a cell of more than a piece is none of ours."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        piece = rest + chunk
        end = piece.rfind(b"c>") + len(b"c>")
        if end < len(b"c>"):
            end = 0
        yield piece[:end]
        rest = piece[end:][-_CHUNK:]


class _FoundError(NamedTuple):
    row: int
    column: int
    error: CellError


def _errors(piece: bytes) -> Iterator[_FoundError]:
    for cell in _CELL.finditer(piece):
        shown = _SHOWN.search(cell["content"])
        value = _text(shown[1]) if shown else "#VALUE!"
        yield from _at_its_place(cell["attributes"], CellError(value))
    for cell in _FORMULA.finditer(piece):
        if _RESULT.search(cell["content"]) is None:
            error = CellError(_formula(cell["content"]), lacks_result=True)
            yield from _at_its_place(cell["attributes"], error)


def _at_its_place(attributes: bytes, error: CellError) -> Iterator[_FoundError]:
    """Nothing of a cell that does not say where it is."""
    place = _PLACE.search(attributes)
    if place is not None:
        yield _FoundError(int(place["row"]), _column(place["column"]), error)


def _text(written: bytes) -> str:
    return written.decode("utf-8", "replace")


def _formula(content: bytes) -> str:
    """As Excel shows it; ``=`` alone where another cell has its words."""
    written = _WRITTEN.search(content)
    formula = html.unescape(_text(written[1])) if written else ""
    return f"={formula}"


@cache
def _column(letters: bytes) -> int:
    """``A`` -> 1, ``AA`` -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """1 -> ``A``, 27 -> ``AA``."""
    letters = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
