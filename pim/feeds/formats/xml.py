"""XML: one element a record."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import islice, repeat
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from pim.errors import Invalid, text
from pim.feeds.formats.base import (
    FORBIDDEN,
    FileCheck,
    Format,
    KeyRing,
    Record,
    encoded,
    gtin_key,
)

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

PIECE = 1 << 18  # bytes


class Attributed(NamedTuple):
    """An XML element with attributes: ``Attributed("12.50", {"currencyID": "EUR"})``."""

    content: Any
    attributes: Mapping[str, str]


NESTED = frozenset({type(None), list, dict, Attributed})
"""What is not the text of one element."""


class Xml(Format):
    """Elements inside a document. An element without content is left out.

    ``tag`` is the record's element as written (``item``, ``cac:CatalogueLine``), ``namespace`` the
    one that it is in. ``opening`` and ``closing`` are the document around the records. ``prefix``
    goes before every name inside a record (``g:``).
    """

    extension = "xml"
    media_type = "application/xml; charset=utf-8"

    def __init__(
        self,
        tag: str,
        opening: str,
        closing: str,
        *,
        prefix: str = "",
        namespace: str = "",
        key: str = "",
        gtin: str = "",
    ) -> None:
        self.tag, self.prefix, self.namespace = tag, prefix, namespace
        self.key, self.gtin = key, gtin
        self.opening, self.closing = opening, closing
        self._layouts: dict[tuple[str, ...], list[str]] = {}

    def head(self, content: str = "") -> bytes:
        return f"{DECLARATION}{self.opening}{content}\n".encode()

    def tail(self, content: str = "") -> bytes:
        return f"{content}{self.closing}\n".encode()

    def record(self, item: Record) -> bytes:
        values = [
            value if type(value) is str else "" if type(value) in NESTED else str(value)
            for value in item.values()
        ]
        if not all(values):  # something is empty, or is a list or a group
            return self._nested(item)
        whole = "".join(values)
        if "&" in whole or "<" in whole or ">" in whole:
            values = [escape(value) for value in values]
        names = tuple(item)
        parts = (self._layouts.get(names) or self._lay_out(names)).copy()
        parts[1::2] = values
        return encoded("".join(parts), whole)

    def _lay_out(self, names: tuple[str, ...]) -> list[str]:
        """The record's elements in this order, with a place for each value: remembered, for
        products have few sets of fields.
        """
        if len(self._layouts) > 1000:
            self._layouts.clear()
        layout = [f"<{self.tag}>"]
        for name in names:
            layout[-1] += f"<{self.prefix}{name}>"
            layout += ["", f"</{self.prefix}{name}>"]
        layout[-1] += f"</{self.tag}>\n"
        self._layouts[names] = layout
        return layout

    def _nested(self, item: Record) -> bytes:
        parts: list[str] = []
        for name, value in item.items():
            _write(parts, self.prefix + name, value)
        record = f"<{self.tag}>{''.join(parts)}</{self.tag}>\n"
        return encoded(record)

    def check(self, path: Path) -> FileCheck:
        keys, count = KeyRing(), 0
        for found in self._read(path):
            count += found.records
            keys.extend(found.ring)
        repeated = keys.repeated(key for found in self._read(path) for key in found.keys)
        return FileCheck(count, repeated)

    def records(self, path: Path) -> Iterator[Any]:
        """The records of a finished file as lxml reads them, for an exporter that verifies it."""
        for piece in self._pieces_of(path):
            yield from _parsed(piece).iter(self._wanted)

    def _pieces_of(self, path: Path) -> Iterator[bytes]:
        return _pieces(path, self.tag, self.closing.encode())

    @property
    def _wanted(self) -> str:
        """The record's element as lxml names it."""
        local = self.tag.rpartition(":")[2]
        return f"{{{self.namespace}}}{local}" if self.namespace else local

    def _read(self, path: Path) -> Iterator["_PieceRead"]:
        pieces = self._pieces_of(path)
        try:
            yield from _read_together(pieces, self._wanted, self.key, self.gtin)
        except etree.XMLSyntaxError as error:
            raise Invalid(
                {"file": [text("This is not well-formed XML: %(why)s", why=str(error))]}
            ) from error


def escape(value: str) -> str:
    """Text inside an element. The common case costs three scans in C and no copy."""
    if "&" in value or "<" in value or ">" in value:
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return value


def _quoted(value: str) -> str:
    return escape(value).replace('"', "&quot;")


def element(tag: str, value: Any) -> str:
    """One element and all inside it, as in :class:`Xml`; "" when there is nothing in it."""
    parts: list[str] = []
    _write(parts, tag, value)
    return FORBIDDEN.sub("", "".join(parts))


def _write(parts: list[str], tag: str, value: Any) -> None:
    kind = type(value)
    if kind is str:
        if value:
            parts.append(f"<{tag}>{escape(value)}</{tag}>")
    elif kind is list:
        for one in value:
            _write(parts, tag, one)
    elif kind is dict:
        _write_content(parts, tag, tag, value)
    elif kind is Attributed:
        attributes = "".join(
            f' {name}="{_quoted(text)}"' for name, text in value.attributes.items()
        )
        _write_content(parts, tag, tag + attributes, value.content)
    elif value is not None:
        _write(parts, tag, str(value))


def _write_content(parts: list[str], tag: str, opening: str, content: Any) -> None:
    inner: list[str] = []
    if type(content) is dict:
        for name, value in content.items():
            _write(inner, name, value)
    elif content is not None:
        inner.append(escape(str(content)))
    if any(inner):
        parts.append(f"<{opening}>{''.join(inner)}</{tag}>")


def _pieces(path: Path, tag: str, tail: bytes) -> Iterator[bytes]:
    """The document in parts that fit the processor's cache, cut after records: each has the file's
    own head, and all but the last the tail that is due. All are well-formed where the whole is, and
    only there.
    """
    opening, closing = (
        f"<{tag}>".encode(),
        f"</{tag}>\n".encode(),
    )  # with its line's end: an element inside may bear the same name
    head = waiting = b""
    with path.open("rb") as file:
        while block := file.read(PIECE):
            waiting += block
            start, end = waiting.find(opening), waiting.rfind(closing)
            if 0 <= start < end:
                end += len(closing)
                head = head or waiting[:start]
                yield head + waiting[start:end] + tail
                waiting = waiting[end:]
    yield head + waiting


class _PieceRead(NamedTuple):
    """What one piece of a file holds; ``ring`` are the ``keys`` in short."""

    records: int
    keys: Sequence[str]
    ring: KeyRing


def _read_together(
    pieces: Iterator[bytes], wanted: str, key: str, gtin: str
) -> Iterator[_PieceRead]:
    """libxml2 reads without Python's lock, so two processors read twice as fast; some pieces at a
    time, for they are in memory.
    """
    with ThreadPoolExecutor(2) as readers:
        while some := list(islice(pieces, 16)):
            yield from readers.map(_read_piece, some, repeat(wanted), repeat(key), repeat(gtin))


def _read_piece(piece: bytes, wanted: str, key: str, gtin: str) -> _PieceRead:
    root = _parsed(piece)
    ring = KeyRing()
    found = _xpath("count(//{})", wanted)(root)
    if not key:
        return _PieceRead(int(found), (), ring)
    keys = _texts(root, wanted, key)
    if gtin:
        keys = [*keys, *map(gtin_key, _texts(root, wanted, gtin))]
    ring.add(keys)
    return _PieceRead(int(found), keys, ring)


def _parsed(piece: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(piece, parser)


def _texts(root: Any, wanted: str, name: str) -> Sequence[str]:
    """What the records hold in this element."""
    prefix, _, local = name.rpartition(":")
    space = root.nsmap.get(prefix or None)
    tag = f"{{{space}}}{local}" if space else local
    texts: Sequence[str] = _xpath("//{}/{}/text()", wanted, tag)(root)
    return texts


@lru_cache(maxsize=100)
def _xpath(pattern: str, *tags: str) -> Any:
    """A compiled search for elements named as lxml does, ``{namespace}name``: it makes no object of
    an element that is only counted.
    """
    names, spaces = [], {}
    for number, tag in enumerate(tags):
        space, _, local = tag.rpartition("}")
        if space:
            spaces[f"n{number}"] = space.removeprefix("{")
        names.append(f"n{number}:{local}" if space else local)
    return etree.XPath(pattern.format(*names), namespaces=spaces, smart_strings=False)
