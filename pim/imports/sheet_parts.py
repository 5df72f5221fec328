"""What calamine does not say of a workbook's sheet: how far it goes, before it is in memory, and
which cells hold an error (``#N/A``) or a formula without a result, both of which it gives as blank.
"""

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, NamedTuple

from lxml import etree


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


class Area(NamedTuple):
    """From the first cell to the last."""

    first: str
    last: str
    cells: int


class SheetPart:
    """The part of a workbook's archive that holds the sheet of that name; nothing is known of it
    where it is not found.
    """

    def __init__(self, file: IO[bytes], sheet: str) -> None:
        self._file = file
        with zipfile.ZipFile(file) as archive:
            self._part = _part_of(archive, sheet)

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

    def errors(self) -> CellErrors:
        """The cells that hold an error, or a formula without a result."""
        found: dict[int, dict[int, CellError]] = {}
        if self._part is None:
            return found
        with zipfile.ZipFile(self._file) as archive, archive.open(self._part) as stream:
            for row, column, error in _errors(stream):
                found.setdefault(row, {})[column] = error
        return found


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    listed = _elements(archive.read("xl/workbook.xml"), "sheet")
    related = next((_by_local_name(one, "id") for one in listed if one.get("name") == sheet), None)
    relations = _elements(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
    target = next((one.get("Target") for one in relations if one.get("Id") == related), None)
    if target is None:
        return None
    part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return part if part in names else None


def _elements(document: bytes, name: str) -> list[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError:
        return []
    return [one for one in root.iter() if _local_name(one.tag) == name]


def _by_local_name(element: etree._Element, name: str) -> str | None:
    """An attribute whatever namespace it is in: strict workbooks have another one."""
    return next((str(value) for key, value in element.items() if _local_name(key) == name), None)


def _local_name(name: object) -> str:
    return str(name).rpartition("}")[2]


def _errors(stream: IO[bytes]) -> Iterator[tuple[int, int, CellError]]:
    rest = b""
    while chunk := stream.read(_CHUNK):
        piece = rest + chunk
        end = piece.rfind(b"c>") + 2
        for cell in _CELL.finditer(piece, 0, end):
            place = _PLACE.search(cell[1])
            shown = _SHOWN.search(cell[2])
            if place is not None:
                value = shown[1].decode("utf-8", "replace") if shown else "#VALUE!"
                yield int(place[2]), _column(place[1]), CellError(value)
        for cell in _FORMULA.finditer(piece, 0, end):
            place = _PLACE.search(cell[1])
            if place is not None and _RESULT.search(cell[2]) is None:
                yield int(place[2]), _column(place[1]), CellError(_formula(cell[2]), True)
        rest = piece[end:][-_CHUNK:]


def _formula(content: bytes) -> str:
    """As Excel shows it; ``=`` alone where another cell has its words."""
    written = _WRITTEN.search(content)
    return "=" + (html.unescape(written[1].decode("utf-8", "replace")) if written else "")


def _column(letters: bytes) -> int:
    """``A`` -> 1, ``AA`` -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
