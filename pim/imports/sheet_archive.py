"""The parts of a workbook's archive: the one that holds a sheet, and its number formats."""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO

from lxml import etree

from pim.imports.padding import Padding, read_padding

_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


class SheetArchive:
    """``part``: the name of the part that holds the sheet of that name, None where it is not
    found. ``paddings``: style of a cell -> how it shows leading zeros.
    """

    def __init__(self, file: IO[bytes], sheet: str) -> None:
        self.part: str | None = None
        self.paddings: Mapping[int, Padding] = {}
        with zipfile.ZipFile(file) as archive:
            self._names = frozenset(archive.namelist())
            if not {_BOOK, _RELATIONS} <= self._names:
                return
            relations = _elements(archive.read(_RELATIONS), "Relationship")
            self.part = self._named(_sheet_target(archive.read(_BOOK), relations, sheet))
            styles = self._named(_styles_target(relations))
            if styles is not None:
                self.paddings = _paddings(archive.read(styles))

    def _named(self, target: str | None) -> str | None:
        """The part to which a relation leads, where it is there."""
        if target is None:
            return None
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        return part if part in self._names else None


def _sheet_target(book: bytes, relations: list[etree._Element], sheet: str) -> str | None:
    listed = next((one for one in _elements(book, "sheet") if one.get("name") == sheet), None)
    if listed is None:
        return None
    related = _by_local_name(listed, "id")
    return next((one.get("Target") for one in relations if one.get("Id") == related), None)


def _styles_target(relations: list[etree._Element]) -> str | None:
    found = (one for one in relations if (one.get("Type") or "").endswith("/styles"))
    return next((one.get("Target") for one in found), None)


def _paddings(styles: bytes) -> dict[int, Padding]:
    formats = dict(_padding_formats(styles))
    if not formats:
        return {}
    used = [one.get("numFmtId") for one in _children(styles, "cellXfs", "xf")]
    return {style: formats[used] for style, used in enumerate(used) if used in formats}


def _padding_formats(styles: bytes) -> Iterator[tuple[str | None, Padding]]:
    for one in _children(styles, "numFmts", "numFmt"):
        padding = read_padding(one.get("formatCode") or "")
        if padding is not None:
            yield one.get("numFmtId"), padding


def _children(document: bytes, parent: str, name: str) -> list[etree._Element]:
    parents = _elements(document, parent)
    return [one for above in parents for one in above if _local_name(one.tag) == name]


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
