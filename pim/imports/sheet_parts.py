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


class CellError(NamedTuple):
    """``shown``: the error, or the formula that has no result."""

    shown: str
    lacks_result: bool = False


CellErrors = Mapping[int, Mapping[int, CellError]]
"""Row -> column -> what is wrong with the cell; both count from 1."""

_CHUNK = 1024 * 1024
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>/]*\bt=[\"']e[\"'][^>/]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
# A program that cannot calculate writes formulas only; Excel adds the result. A result that is text
# (t="str") may be empty.
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s((?:(?!\bt=[\"'](?:str|e)[\"'])[^>/])*)>\s*(<(?:\w+:)?f[\s>/].*?)</(?:\w+:)?c>",
    re.DOTALL,
)
_RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
_WRITTEN = re.compile(rb">([^<]{1,100})")
_HEAD = 64 * 1024
_AREA = re.compile(
    rb"<(?:\w+:)?dimension\s[^>]*ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
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
        self._paddings = list(dict.fromkeys(paddings.values()))[:_MOST_PADDINGS]
        numbers = {padding: number for number, padding in enumerate(self._paddings, 1)}
        self._numbers = {style: numbers.get(padding, 0) for style, padding in paddings.items()}
        self._columns: dict[int, bytearray] = {}

    def add(self, row: int, column: int, style: int) -> None:
        rows = self._columns.setdefault(column, bytearray())
        rows.extend(bytes(max(row + 1 - len(rows), 0)))
        rows[row] = self._numbers[style]

    def in_row(self, row: int) -> Iterator[tuple[int, Padding]]:
        """The columns of the row that have one, each with its own."""
        for column, rows in self._columns.items():
            if row < len(rows) and rows[row]:
                yield column, self._paddings[rows[row] - 1]


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
        self._file = file
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
        columns = _column(found[3]) - _column(found[1]) + 1
        rows = int(found[4]) - int(found[2]) + 1
        first, last = (found[1] + found[2]).decode(), (found[3] + found[4]).decode()
        return Area(first, last, rows * columns)

    def notes(self) -> CellNotes:
        """Goes through the sheet once, and remembers the cells that are out of the ordinary."""
        errors: dict[int, dict[int, CellError]] = {}
        padded = PaddedCells(self._paddings)
        if self._part is None:
            return CellNotes(errors, padded)
        styled = _styled_cells(self._paddings)
        with zipfile.ZipFile(self._file) as archive, archive.open(self._part) as stream:
            for piece in _pieces(stream):
                for row, column, error in _errors(piece):
                    errors.setdefault(row, {})[column] = error
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


def _errors(piece: bytes) -> Iterator[tuple[int, int, CellError]]:
    for cell in _CELL.finditer(piece):
        place = _PLACE.search(cell[1])
        shown = _SHOWN.search(cell[2])
        if place is not None:
            value = shown[1].decode("utf-8", "replace") if shown else "#VALUE!"
            yield int(place[2]), _column(place[1]), CellError(value)
    for cell in _FORMULA.finditer(piece):
        place = _PLACE.search(cell[1])
        if place is not None and _RESULT.search(cell[2]) is None:
            yield int(place[2]), _column(place[1]), CellError(_formula(cell[2]), True)


def _formula(content: bytes) -> str:
    """As Excel shows it; ``=`` alone where another cell has its words."""
    written = _WRITTEN.search(content)
    return "=" + (html.unescape(written[1].decode("utf-8", "replace")) if written else "")


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
