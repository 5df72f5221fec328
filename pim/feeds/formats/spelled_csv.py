"""A table spelt as its reader asks: any delimiter, quote, encoding and line end, with a header or
without one.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pim.errors import Invalid, ngettext, text
from pim.feeds.formats.base import FORBIDDEN, FileCheck, Format, KeyRing, Record
from pim.feeds.formats.table import Echo, list_joiner

CsvEncoding = Literal["utf-8", "utf-8-sig", "cp1252"]
CHARSETS: dict[CsvEncoding, str] = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "cp1252": "windows-1252",
}


@dataclass(frozen=True)
class CsvSpelling:
    """How the rows are written. ``encoding``: with “utf-8-sig” the file begins with the mark that
    Excel knows UTF-8 by. ``list_separator``: between the values of one cell; a value that holds it
    stands in double quotes.
    """

    delimiter: str = ","
    quote: str = '"'
    encoding: CsvEncoding = "utf-8"
    line_end: str = "\n"
    has_header: bool = True
    list_separator: str = ","


class SpelledCsv(Format):
    """``unique``: columns of which no value may come twice."""

    extension = "csv"

    def __init__(
        self, columns: Sequence[str], spelling: CsvSpelling, *, unique: Sequence[str] = ()
    ) -> None:
        self.columns = tuple(columns)
        self.spelling = spelling
        self.media_type = f"text/csv; charset={CHARSETS[spelling.encoding]}"  # type: ignore[misc]
        self._places = [self.columns.index(name) for name in unique]
        self._join = list_joiner(spelling.list_separator, "quote")
        # What stands before the records is written once; the records themselves have no mark.
        self._encoding = spelling.encoding.removesuffix("-sig")
        self._write = csv.writer(
            Echo(),
            delimiter=spelling.delimiter,
            quotechar=spelling.quote,
            doublequote=True,
            lineterminator="\n",
        ).writerow

    def head(self, content: str = "") -> bytes:
        mark = "\ufeff" if self.spelling.encoding == "utf-8-sig" else ""
        header = self._line(self.columns) if self.spelling.has_header else b""
        return (mark + content).encode(self._encoding) + header

    def record(self, item: Record) -> bytes:
        cells = [item.get(column) for column in self.columns]
        return self._line([self._join(one) if type(one) is list else one for one in cells])

    def _line(self, cells: Sequence[object]) -> bytes:
        """A sign that the encoding does not have raises; an exporter leaves such a product out."""
        clean = ["" if cell is None else FORBIDDEN.sub("", str(cell)) for cell in cells]
        line: str = self._write(clean)
        return (line[:-1] + self.spelling.line_end).encode(self._encoding)

    def check(self, path: Path) -> FileCheck:
        keys, count = KeyRing(), 0
        for row in self._rows(path):
            count += 1
            keys.add(self._keys(row))
        if not self._places:
            return FileCheck(count)
        return FileCheck(
            count, keys.repeated(key for row in self._rows(path) for key in self._keys(row))
        )

    def _keys(self, row: Sequence[str]) -> list[str]:
        """What must not be repeated; the same value in two columns is not a repetition."""
        return [f"{self.columns[place]}: {row[place]}" for place in self._places if row[place]]

    def _rows(self, path: Path) -> Iterator[list[str]]:
        """The rows below the header; :class:`Invalid` where one has not as many cells."""
        rows = self._read(path)
        if self.spelling.has_header and next(rows, None) != list(self.columns):
            raise Invalid({"header": [text("The first row is not the header of this feed.")]})
        for number, row in enumerate(rows, 1):
            if len(row) != len(self.columns):
                sentence = ngettext(
                    "%(num)s cell where %(wanted)s belong.",
                    "%(num)s cells where %(wanted)s belong.",
                    len(row),
                    wanted=len(self.columns),
                )
                raise Invalid({f"row {number}": [sentence]})
            yield row

    def _read(self, path: Path) -> Iterator[list[str]]:
        spelling = self.spelling
        with path.open(encoding=spelling.encoding, newline="") as file:
            try:
                yield from csv.reader(
                    file, delimiter=spelling.delimiter, quotechar=spelling.quote, strict=True
                )
            except (csv.Error, UnicodeDecodeError) as error:
                raise Invalid(
                    {"file": [text("This is not a readable table: %(why)s", why=str(error))]}
                ) from error
