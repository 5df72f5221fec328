"""Tables with a header row: comma, semicolon or tab between the cells."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from pim.errors import Invalid, ngettext, text
from pim.feeds.formats.base import (
    FileCheck,
    Format,
    KeyRing,
    Record,
    encoded,
    gtin_key,
)

LINE_BREAKS = re.compile(r"[\t\n]+")
ListEscape = Literal["", "quote", "backslash", "blank"]
"""How a value that holds the list's own separator is written in a list: as it is, in straight
double quotes, with a backslash before the separator, or with a blank in its place.
"""


class Csv(Format):
    """Comma separated with a header row; a list becomes one cell joined by ``list_separator``.

    ``group``: a column whose value belongs to the rows of one product only. What tells two
    neighbours apart is ``first``, a column that is filled on a product's first row alone, or
    ``alone``, a column and what stands there where a product has no variants, with ``apart``,
    the columns whose values together no two variants of a product share.
    """

    extension = "csv"
    media_type = "text/csv; charset=utf-8"

    def __init__(
        self,
        columns: Sequence[str],
        list_separator: str = ",",
        list_escape: ListEscape = "",
        *,
        delimiter: str = ",",
        key: str = "",
        gtin: str = "",
        group: str = "",
        first: str = "",
        alone: tuple[str, str] | None = None,
        apart: Sequence[str] = (),
    ) -> None:
        self.columns = tuple(columns)
        self.delimiter = delimiter
        self.key, self.gtin = key, gtin
        self._group = group
        self._first = first
        self._alone = alone
        self._apart = tuple(apart)
        self._join = list_joiner(list_separator, list_escape)
        self._line = _line_writer(delimiter)

    def head(self, content: str = "") -> bytes:
        return (content + self._line(self.columns)).encode()

    def record(self, item: Record) -> bytes:
        line = self._line(self._cells(item))
        return encoded(line)

    def _cells(self, item: Record) -> list[Any]:
        get, join = item.get, self._join
        cells = [get(column) for column in self.columns]
        if list in map(type, cells):
            cells = [join(cell) if type(cell) is list else cell for cell in cells]
        return cells

    def check(self, path: Path) -> FileCheck:
        keys, count = KeyRing(), 0
        if not self.key:
            return FileCheck(sum(1 for _ in self._rows(path)))
        for row in self._keys(path):
            count += 1
            keys.add(row)
        repeated = keys.repeated(key for row in self._keys(path) for key in row)
        return FileCheck(count, [*repeated, *self._scattered(path)])

    def _keys(self, path: Path) -> Iterator[Sequence[str]]:
        """What must not be repeated, row by row."""
        place = self.columns.index(self.key)
        if not self.gtin:
            return ((row[place],) for row in self._rows(path))
        article = self.columns.index(self.gtin)
        return ((row[place], gtin_key(row[article])) for row in self._rows(path))

    def _rows(self, path: Path) -> Iterator[list[str]]:
        """The rows below the header; :class:`Invalid` where one has not as many cells."""
        rows = _read_rows(path, self.delimiter)
        if next(rows, None) != list(self.columns):
            raise Invalid({"header": [text("The first row is not the header of this channel.")]})
        wanted = len(self.columns)
        for number, row in enumerate(rows, 1):
            if len(row) != wanted:
                sentence = ngettext(
                    "%(num)s cell where %(wanted)s belong.",
                    "%(num)s cells where %(wanted)s belong.",
                    len(row),
                    wanted=wanted,
                )
                raise Invalid({f"row {number}": [sentence]})
            yield row

    def _scattered(self, path: Path) -> list[str]:
        """Values of the column ``group`` that two products have."""
        if not self._group:
            return []
        ring = KeyRing()
        ring.add(self._begun(path))
        return ring.repeated(self._begun(path))

    def _begun(self, path: Path) -> Iterator[str]:
        """The value of the column ``group`` at the beginning of each product."""
        place = self.columns.index(self._group)
        if self._first:
            first = self.columns.index(self._first)
            yield from (row[place] for row in self._rows(path) if row[first])
            return
        column, single = self._alone or (self._group, None)
        alone = self.columns.index(column)
        apart = [self.columns.index(one) for one in self._apart]
        before: str | None = None
        seen: set[tuple[str, ...]] = set()
        for row in self._rows(path):
            options = tuple(row[one] for one in apart)
            is_single = row[alone] == single
            if is_single or row[place] != before or options in seen:
                seen = set()
                yield row[place]
            seen.add(options)
            before = None if is_single else row[place]


class Tsv(Csv):
    """Tab separated; a tab or line break inside a value becomes a blank, because many readers do
    not unquote.
    """

    extension = "tsv"
    media_type = "text/tab-separated-values; charset=utf-8"

    def __init__(
        self,
        columns: Sequence[str],
        list_separator: str = ",",
        list_escape: ListEscape = "",
        *,
        key: str = "",
        gtin: str = "",
    ) -> None:
        super().__init__(columns, list_separator, list_escape, delimiter="\t", key=key, gtin=gtin)

    def record(self, item: Record) -> bytes:
        cells = self._cells(item)
        line = self._line(cells)
        if line.count("\t") != len(cells) - 1 or line.count("\n") != 1:
            line = self._line(
                [None if cell is None else LINE_BREAKS.sub(" ", str(cell)) for cell in cells]
            )
        return encoded(line)


def list_joiner(separator: str, escape: ListEscape) -> Callable[[list[Any]], str]:
    """A list -> one cell, with what the channel wants of a value that holds the separator."""
    sign = separator.strip() or separator
    spellings: dict[ListEscape, Callable[[str], str]] = {
        "quote": lambda value: '"' + value.replace('"', '""') + '"',
        "backslash": lambda value: value.replace("\\", "\\\\").replace(sign, "\\" + sign),
        "blank": lambda value: " ".join(value.replace(sign, " ").split()),
    }
    spell = spellings.get(escape)
    if spell is None:
        return lambda values: separator.join(map(str, values))

    def join(values: list[Any]) -> str:
        texts = map(str, values)
        return separator.join([spell(one) if sign in one else one for one in texts])

    return join


class Echo:
    """A "file" that hands back what it is given: ``writerow`` returns what ``write`` returns, so no
    buffer is needed.
    """

    def write(self, line: str) -> str:
        return line


def _line_writer(delimiter: str) -> Callable[[Sequence[Any]], str]:
    return csv.writer(Echo(), delimiter=delimiter, lineterminator="\n").writerow


def _read_rows(path: Path, delimiter: str) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        try:
            yield from csv.reader(file, delimiter=delimiter, strict=True)
        except (csv.Error, UnicodeDecodeError) as error:
            raise Invalid(
                {"file": [text("This is not a readable table: %(why)s", why=str(error))]}
            ) from error
