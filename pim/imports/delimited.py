"""Rows of a delimited text: csv.reader with true line numbers, and a way on after a quote that is
never closed.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from itertools import islice
from typing import IO

from pim.attributes.characters import is_blank
from pim.errors import Invalid, Text, text
from pim.imports.contents import CLOSES_TEXT, not_a_table
from pim.imports.detection import NOTHING, SHOWN_FROM, Detected
from pim.imports.dialect import NAMED_DELIMITER, Dialect
from pim.imports.encodings import unreadable_bytes
from pim.imports.headers import (
    CANDIDATES,
    HeaderCandidate,
    KnownColumns,
    clean_header,
    find_header,
)
from pim.imports.markers import MAY_BE_MARKED, without_markers
from pim.imports.profiles import FileSettings
from pim.imports.rows import (
    CellRow,
    Table,
    UnreadableRow,
    fit,
    lost_digits,
    with_faults,
)

_REREAD = 200_000  # lines: what a file full of broken quotes may cost
LINE_LIMIT = 2_000_000
"""Characters of a line: what it may cost to read one."""
_RECORD_LIMIT = 20_000
"""Lines of a row, within its quotes."""
_TOO_LONG = "too long"
_SHOWN = 100
_CLOSING = re.compile(rf"{CLOSES_TEXT}[{CLOSES_TEXT}\0]*(?=[\r\n]*\Z)")
_STRAY = re.compile("[\udc80-\udcff]+")
"""Bytes that were not of the encoding, as they come out of a file opened with ``surrogateescape``.
"""


class _Lines:
    """The lines of a file, counted, with those of the current record at hand so that they can be
    read again.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self._budget = _REREAD
        self.number = 0
        self.record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        """:class:`csv.Error` for a line or a record beyond all bounds, which is then passed."""
        while line := self._next():
            if CLOSES_TEXT in line:
                line = _CLOSING.sub("", line)
            self.number += 1
            self.record.append(line)
            if len(line) > LINE_LIMIT or len(self.record) > _RECORD_LIMIT:
                raise csv.Error(_TOO_LONG)
            yield line

    def _next(self) -> str:
        if self._again:
            return self._again.popleft()
        line = self._file.readline(LINE_LIMIT + 1)
        if len(line) > LINE_LIMIT:
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = self._file.readline(LINE_LIMIT)
        return line

    def pass_over(self, number: int) -> None:
        """So many lines from the beginning, which are no part of the table."""
        for _ in range(number):
            self.number += 1 if self._next() else 0

    def head(self) -> list[str]:
        """The lines among which the header is looked for."""
        found: list[str] = []
        while len(found) < CANDIDATES and sum(map(len, found)) < LINE_LIMIT:
            line = self._next()
            if not line:
                break
            found.append(_CLOSING.sub("", line) or "\n")
        return found

    @property
    def first(self) -> int:
        """The number of the current record's first line."""
        return self.number - len(self.record) + 1

    def go_back(self) -> None:
        """Read the record's lines after its first once more, as rows of their own."""
        rest = self.record[1:]
        if len(rest) <= self._budget:
            self._budget -= len(rest)
            self._again.extendleft(reversed(rest))
            self.number -= len(rest)
            del self.record[1:]


def open_delimited(
    opener: Callable[[], IO[str]],
    dialect: Dialect,
    settings: FileSettings,
    known: KnownColumns | None = None,
    detected: Detected = NOTHING,
) -> Table:
    """The table in a text file that ``opener`` opens with ``newline=""``, open only while rows are
    read. ``detected``: what was found out before.
    """
    with opener() as file:
        head = _Lines(file).head()
    found = find_header(_candidates(head, dialect), settings.header, known)
    with opener() as file:
        header = _header(_Lines(file), found.line, dialect, known)
    first = _rows(opener, found.line, dialect, known)
    sample = [cells for _, cells in islice(first, SHOWN_FROM)]
    first.close()

    detected = detected.with_table(found.finding, header, sample)
    rows = _rows(opener, found.line, dialect, known)
    return Table(header, rows, dialect, found.line, detected)


def _candidates(head: Sequence[str], dialect: Dialect) -> list[HeaderCandidate]:
    """Above the table may stand the line that names the delimiter, and a title."""
    named = NAMED_DELIMITER.fullmatch(head[0]) if head else None
    candidates = []
    for index, line in enumerate(head):
        if line.strip() and not (named and index == 0):
            candidates.append(HeaderCandidate(index + 1, _record(head[index:], dialect)))
    if not candidates:
        raise not_a_table(text("The file is empty."))
    return candidates


def _record(lines: Sequence[str], dialect: Dialect) -> Sequence[str]:
    """The first record of these lines, nothing where its quotes are broken or it is too long."""
    if len(lines[0]) > LINE_LIMIT:
        return ()
    try:
        return next(dialect.rows(lines), ())
    except csv.Error:
        return ()


def _header(lines: _Lines, number: int, dialect: Dialect, known: KnownColumns | None) -> list[str]:
    """The names on the line of that number; ``lines`` go on behind them."""
    lines.pass_over(number - 1)
    try:
        cells = next(dialect.rows(lines))
    except csv.Error as error:
        raise Invalid({"header": [_rule(str(error), dialect)]}) from None
    _refuse_strays(lines, dialect)
    lines.record.clear()
    return clean_header(cells, known)


def _rows(
    opener: Callable[[], IO[str]],
    header_line: int,
    dialect: Dialect,
    known: KnownColumns | None,
) -> Generator[CellRow]:
    watched = known.read if known else None
    with opener() as file:
        lines = _Lines(file)
        header = _header(lines, header_line, dialect, known)
        more = True
        while more:
            more = False
            try:
                yield from _readable_rows(lines, dialect, header, watched)
            except csv.Error as error:
                more = (
                    True  # csv.reader has lost its place: a new one goes on behind the broken row
                )
                yield _broken(lines, _rule(str(error), dialect))
                lines.record.clear()


def _readable_rows(
    lines: _Lines, dialect: Dialect, header: list[str], watched: Collection[str] | None
) -> Iterator[CellRow]:
    width = len(header)
    record = lines.record
    for cells in dialect.rows(lines):
        raw = record[0] if len(record) == 1 else "".join(record)
        start = lines.number - len(record) + 1
        suspicious = (
            "\0" in raw
            or "E+" in raw
            or (("'" in raw or '="' in raw) and MAY_BE_MARKED.search(raw))
            or (dialect.has_strays and _STRAY.search(raw))
        )
        record.clear()
        if len(cells) == width and not suspicious and not is_blank(cells[0]):
            yield start, cells  # the way of nearly every row
            continue
        fitted = fit([_shown(cell) for cell in cells], width, start)
        if isinstance(fitted, list):
            plain = without_markers(fitted)
            faults = {
                **lost_digits(plain, header, watched),
                **_unreadable_signs(cells[:width], header, raw, start, dialect, watched),
            }
            yield start, with_faults(plain, faults)
        elif fitted:
            yield start, fitted


def _refuse_strays(lines: _Lines, dialect: Dialect) -> None:
    """:class:`Invalid` for a header with bytes that are not of the encoding."""
    for number, line in enumerate(lines.record, lines.first):
        if stray := _STRAY.search(line):
            sentence = unreadable_bytes(number, dialect.encoding, _bytes_of(stray))
            raise Invalid({"encoding": [sentence]})


def _unreadable_signs(
    cells: Sequence[str],
    header: Sequence[str],
    raw: str,
    start: int,
    dialect: Dialect,
    watched: Collection[str] | None,
) -> dict[int, Text]:
    """The cells that are used and hold bytes that are not of the encoding, or NUL characters;
    elsewhere they do no harm.
    """
    faults = {}
    for place, (name, cell) in enumerate(zip(header, cells, strict=True)):
        if watched is not None and name not in watched:
            continue
        if stray := _STRAY.search(cell):
            line = start + raw.count("\n", 0, raw.index(stray.group()))
            faults[place] = unreadable_bytes(line, dialect.encoding, _bytes_of(stray))
        elif "\0" in cell:
            faults[place] = text("The cell contains NUL characters.")
    return faults


def _bytes_of(stray: re.Match[str]) -> bytes:
    return stray.group().encode("ascii", "surrogateescape")


def _shown(cell: str) -> str:
    """With a sign for what cannot be read: bytes that were not of the encoding cannot be written
    anywhere.
    """
    return _STRAY.sub("�", cell).replace("\0", "␀")


def _broken(lines: _Lines, rule: Text) -> CellRow:
    """The refusal for the record just read; only its first line is lost, unless the file is broken
    all over.
    """
    lines.go_back()
    return lines.first, UnreadableRow(
        lines.first, rule, _shown(lines.record[0].rstrip("\r\n"))[:_SHOWN], lines.number
    )


def _rule(error: str, dialect: Dialect) -> Text:
    if error == _TOO_LONG:
        return text(
            "The row is longer than %(limit)s characters or %(lines)s lines.",
            limit=LINE_LIMIT,
            lines=_RECORD_LIMIT,
        )
    if "unexpected end" in error:
        return text("A quote is opened here and never closed.")
    if "expected after" in error:
        return text(
            "Behind a closing quote stands something other than “%(delimiter)s”.",
            delimiter=dialect.delimiter,
        )
    if "field larger" in error:
        return text(
            "A cell is longer than %(limit)s characters; perhaps a quote is never closed.",
            limit=csv.field_size_limit(),
        )
    return text("The row cannot be read (%(error)s).", error=error)
