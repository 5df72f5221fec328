"""How a file is spelt: CSV, TSV, JSON lines, XML. A format renders one record at a time, so a build
is head + records + tail.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, repeat
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import orjson
from lxml import etree

from pim.errors import Invalid, text

FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 section 2.2 has no place for (and no other feed either): NUL, most control
characters, lone surrogates. The carriage return goes with them: XML readers turn it into a line
feed anyhow.
"""

CONTROLS = bytes(code for code in range(32) if code not in b"\t\n")

PIECE = 1 << 18  # bytes

LINE_BREAKS = re.compile(r"[\t\n]+")


class Format(Protocol):
    """A record is a mapping name -> str, something with a ``str()``, a list of those, or (XML) a
    nested mapping.
    """

    extension: str
    media_type: str

    def head(self) -> str: ...

    def record(self, item: Mapping[str, Any]) -> str: ...

    def tail(self) -> str: ...

    def count(self, path: Path) -> int:
        """Read a finished file with an independent parser; how many records it has,
        :class:`Invalid` when it is broken.
        """
        ...


class Csv:
    """Comma separated with a header row; a list becomes one cell joined by ``list_separator``."""

    extension = "csv"
    media_type = "text/csv; charset=utf-8"
    delimiter = ","

    def __init__(self, columns: Sequence[str], list_separator: str = ",") -> None:
        self.columns = tuple(columns)
        self.list_separator = list_separator
        self._line = _line_writer(self.delimiter)

    def head(self) -> str:
        return self._line(self.columns)

    def record(self, item: Mapping[str, Any]) -> str:
        get, join = item.get, self.list_separator.join
        cells = [get(column) for column in self.columns]
        if list in map(type, cells):
            cells = [join(map(str, cell)) if type(cell) is list else cell for cell in cells]
        line = self._line(cells)
        return FORBIDDEN.sub("", line) if has_forbidden(line) else line

    def tail(self) -> str:
        return ""

    def count(self, path: Path) -> int:
        rows = _read_rows(path, self.delimiter)
        if next(rows, None) != list(self.columns):
            raise Invalid({"header": [text("The first row is not the header of this channel.")]})
        count = 0
        for row in rows:
            count += 1
            if len(row) != len(self.columns):
                sentence = text(
                    "%(found)d cells where %(wanted)d belong.",
                    found=len(row),
                    wanted=len(self.columns),
                )
                raise Invalid({f"row {count}": [sentence]})
        return count


class Tsv(Csv):
    """Tab separated; a tab or line break inside a value becomes a blank, because many readers do
    not unquote.
    """

    extension = "tsv"
    media_type = "text/tab-separated-values; charset=utf-8"
    delimiter = "\t"

    def record(self, item: Mapping[str, Any]) -> str:
        get, join = item.get, self.list_separator.join
        cells = [get(column) for column in self.columns]
        if list in map(type, cells):
            cells = [join(map(str, cell)) if type(cell) is list else cell for cell in cells]
        line = self._line(cells)
        if line.count("\t") != len(cells) - 1 or line.count("\n") != 1:
            line = self._line(
                [None if cell is None else LINE_BREAKS.sub(" ", str(cell)) for cell in cells]
            )
        return FORBIDDEN.sub("", line) if has_forbidden(line) else line


class JsonLines:
    """One JSON object a line; what is neither text, list nor mapping goes through ``str()``."""

    extension = "jsonl"
    media_type = "application/x-ndjson"

    def head(self) -> str:
        return ""

    def record(self, item: Mapping[str, Any]) -> str:
        try:
            return orjson.dumps(item, default=str, option=orjson.OPT_APPEND_NEWLINE).decode()
        except orjson.JSONEncodeError:  # a lone surrogate
            return orjson.dumps(_without_forbidden(item), option=orjson.OPT_APPEND_NEWLINE).decode()

    def tail(self) -> str:
        return ""

    def count(self, path: Path) -> int:
        count = 0
        with path.open("rb") as lines:
            for count, line in enumerate(lines, 1):
                _parse_line(count, line)
        return count


class Attributed(NamedTuple):
    """An XML element with attributes: ``Attributed("12.50", {"currencyID": "EUR"})``."""

    content: Any
    attributes: Mapping[str, str]


class Xml:
    """A list of elements between a head and a tail. An element without content is left out.

    ``tag`` is the record's element as written (``item``, ``cac:CatalogueLine``), ``namespace`` the
    one that its prefix stands for. ``prefix`` goes before every name inside a record (``g:``).
    """

    extension = "xml"
    media_type = "application/xml; charset=utf-8"

    def __init__(
        self, tag: str, head: str, tail: str, prefix: str = "", namespace: str = ""
    ) -> None:
        self.tag, self.prefix, self.namespace = tag, prefix, namespace
        self._head, self._tail = head, tail
        self._layouts: dict[tuple[str, ...], list[str]] = {}

    def head(self) -> str:
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + self._head

    def record(self, item: Mapping[str, Any]) -> str:
        values = list(item.values())
        try:
            whole = "".join(values)
        except TypeError:  # a list or a group is among them
            return self._nested(item)
        if not all(values) or has_forbidden(whole):
            return self._nested(item)
        if "&" in whole or "<" in whole or ">" in whole:
            values = [escape(value) for value in values]
        names = tuple(item)
        parts = (self._layouts.get(names) or self._lay_out(names)).copy()
        parts[1::2] = values
        return "".join(parts)

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

    def _nested(self, item: Mapping[str, Any]) -> str:
        parts: list[str] = []
        for name, value in item.items():
            _write(parts, self.prefix + name, value)
        record = f"<{self.tag}>{''.join(parts)}</{self.tag}>\n"
        return FORBIDDEN.sub("", record) if has_forbidden(record) else record

    def tail(self) -> str:
        return self._tail

    def count(self, path: Path) -> int:
        local = self.tag.rpartition(":")[2]
        wanted = f"{{{self.namespace}}}{local}" if self.namespace else local
        try:
            return _count_together(_pieces(path, self.tag, self._tail.encode()), wanted)
        except etree.XMLSyntaxError as error:
            raise Invalid(
                {"file": [text("This is no well-formed XML: %(why)s", why=str(error))]}
            ) from error


def has_forbidden(line: str) -> bool:
    """Whether :data:`FORBIDDEN` finds anything, ten times faster: the bytes are scanned in C."""
    try:
        raw = line.encode()
    except UnicodeEncodeError:
        return True
    return len(raw.translate(None, CONTROLS)) != len(raw) or "\ufffe" in line or "\uffff" in line


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


class _Echo:
    """A "file" that processes back what it is given: ``writerow`` returns what ``write`` returns,
    so no buffer is needed.
    """

    def write(self, line: str) -> str:
        return line


def _line_writer(delimiter: str) -> Callable[[Sequence[Any]], str]:
    return csv.writer(_Echo(), delimiter=delimiter, lineterminator="\n").writerow


def _read_rows(path: Path, delimiter: str) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        try:
            yield from csv.reader(file, delimiter=delimiter, strict=True)
        except (csv.Error, UnicodeDecodeError) as error:
            raise Invalid(
                {"file": [text("This is no readable table: %(why)s", why=str(error))]}
            ) from error


def _parse_line(number: int, line: bytes) -> None:
    try:
        if not isinstance(orjson.loads(line), dict):
            raise Invalid({f"line {number}": [text("This line is no JSON object.")]})
    except orjson.JSONDecodeError as error:
        raise Invalid(
            {f"line {number}": [text("This is no JSON: %(why)s", why=str(error))]}
        ) from error


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


def _count_together(pieces: Iterator[bytes], wanted: str) -> int:
    """libxml2 reads without Python's lock, so two processors read twice as fast; some pieces at a
    time, for they are in memory.
    """
    count = 0
    with ThreadPoolExecutor(2) as readers:
        while some := list(islice(pieces, 16)):
            count += sum(readers.map(_count_elements, some, repeat(wanted)))
    return count


def _count_elements(piece: bytes, wanted: str) -> int:
    root = etree.fromstring(
        piece, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    )
    return sum(1 for _ in root.iter(wanted))


def _without_forbidden(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_forbidden(one) for name, one in value.items()}
    if type(value) is list:
        return [_without_forbidden(one) for one in value]
    return FORBIDDEN.sub("", str(value))
