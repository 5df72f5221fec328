"""The cells of a workbook's sheet that hold an error (``#N/A``): calamine gives them as blank."""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO

from lxml import etree

CellErrors = Mapping[int, Mapping[int, str]]
"""Row -> column -> what the cell shows; both count from 1."""

_CHUNK = 1024 * 1024
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>/]*\bt=[\"']e[\"'][^>/]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_SHOWN = re.compile(rb"<(?:\w+:)?v>([^<]{1,20})<")


def cell_errors(file: IO[bytes], sheet: str) -> CellErrors:
    """Of the sheet of that name; none where its part is not found."""
    found: dict[int, dict[int, str]] = {}
    with zipfile.ZipFile(file) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            return found
        with archive.open(part) as stream:
            for row, column, shown in _errors(stream):
                found.setdefault(row, {})[column] = shown
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


def _errors(stream: IO[bytes]) -> Iterator[tuple[int, int, str]]:
    rest = b""
    while chunk := stream.read(_CHUNK):
        piece = rest + chunk
        end = piece.rfind(b"c>") + 2
        for cell in _CELL.finditer(piece, 0, end):
            place = _PLACE.search(cell[1])
            shown = _SHOWN.search(cell[2])
            if place is not None:
                value = shown[1].decode("utf-8", "replace") if shown else "#VALUE!"
                yield int(place[2]), _column(place[1]), value
        rest = piece[end:][-_CHUNK:]


def _column(letters: bytes) -> int:
    """``A`` -> 1, ``AA`` -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
