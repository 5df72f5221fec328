"""How a delimited text file is written: encoding, delimiter, quote. Found by trying each and asking
which gives the tidiest table. Pure.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from pim.imports.detection import Sureness
from pim.imports.encodings import detect_encoding
from pim.imports.headers import KnownColumns
from pim.imports.profiles import FileSettings

DELIMITERS = (",", ";", "\t", "|", " ", ":", "^", "~")  # a tie goes to the earlier one
NAMED_DELIMITER = re.compile(r'"?sep=(?P<delimiter>[^\r\n])"?(?:\r\n?|\n|$)', re.IGNORECASE)
"""A first line by which Excel is told the delimiter."""
SAMPLE = 128 * 1024
_ROWS = 200


@dataclass(frozen=True, slots=True)
class Dialect:
    """``quote`` is empty where nothing is quoted. ``escape`` is a backslash where the file writes
    ``\\"`` inside quotes, else None (quotes are doubled).

    ``padded``: blanks stand between delimiters and quotes, ``1 , "a, b" , 2``, as in files lined up
    for people. ``has_strays``: some rows have bytes that are not of the encoding.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    newline: str = "\n"
    padded: bool = False
    has_strays: bool = False

    @property
    def quoting(self) -> Literal[0, 3]:
        return csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE

    def rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Cells of each record; :class:`csv.Error` where quotes are broken (afterwards a new call
        must go on).
        """
        return csv.reader(
            map(self._tighten, lines) if self.padded else lines,
            delimiter=self.delimiter,
            quoting=self.quoting,
            quotechar=self.quote or None,
            escapechar=self.escape,
            doublequote=self.escape is None,
            strict=True,
        )

    def _tighten(self, line: str) -> str:
        return _padding(self.delimiter, self.quote).sub(_without_blanks, line)


def detect(data: bytes, locales: Sequence[str] = ()) -> Dialect:
    """The dialect of a file, or of its first bytes. A file with one column gets the comma."""
    encoding = detect_encoding([data], locales).name
    return detect_layout(data[:SAMPLE].decode(encoding, errors="replace"), encoding).dialect


class FoundLayout(NamedTuple):
    """A dialect, and how delimiter and quote were found. ``rival``: a delimiter that makes nearly
    as tidy a table.
    """

    dialect: Dialect
    delimiter: Sureness
    quote: Sureness
    rival: str | None = None


def detect_layout(
    sample: str,
    encoding: str,
    settings: FileSettings | None = None,
    known: KnownColumns | None = None,
) -> FoundLayout:
    """Delimiter and quote (unless ``settings`` declare them), escape and line end from the first
    characters of a file; what parts the names of the ``known`` columns counts before all else.
    """
    settings = settings or FileSettings()
    sample = sample.replace("\0", "")
    if named := NAMED_DELIMITER.match(sample):
        settings = replace(settings, delimiter=settings.delimiter or named["delimiter"])
        sample = sample[named.end() :]
    layouts = _that_part_the_names(sample, list(_layouts(sample, encoding, settings)), known)
    scores = {layout: _tidiness(sample, layout) for layout in layouts}
    best = max(scores, key=lambda layout: scores[layout], default=None)
    if best is None or scores[best] <= 0:
        quote = '"' if settings.quote is None else settings.quote
        best = _layout(sample, encoding, settings.delimiter or ",", quote)
    delimiter, rival = _sureness(scores, best, settings)
    quote_sureness: Sureness = "declared"
    if settings.quote is None:
        is_doubtful = best.quote == '"' and _stand_between_apostrophes(sample, best.delimiter)
        quote_sureness = "doubtful" if is_doubtful else "certain"
    return FoundLayout(_with_padding(sample, best), delimiter, quote_sureness, rival)


def _that_part_the_names(
    sample: str, layouts: list[Dialect], known: KnownColumns | None
) -> list[Dialect]:
    """Those layouts in which a line has most names of columns; all where no line has two."""
    if known is None:
        return layouts
    found = {
        layout: max((known.number_in(cells) for cells in _sample_rows(sample, layout)), default=0)
        for layout in layouts
    }
    most = max(found.values(), default=0)
    return [layout for layout in layouts if found[layout] == most or most < _NAMES]


def _with_padding(sample: str, layout: Dialect) -> Dialect:
    padded = replace(layout, padded=True)
    is_padded = (
        layout.quote
        and _padding(layout.delimiter, layout.quote).search(sample) is not None
        and _misfits(padded, sample) < _misfits(layout, sample)
    )
    return padded if is_padded else layout


_NAMES = 2
_DOUBTFUL = 0.7
_LIKELY = 0.3
"""How tidy the table of another delimiter may be, beside that of the best one. Of the annotated
files whose delimiter is found nearly all stay below the second figure.
"""


def _sureness(
    scores: Mapping[Dialect, float], best: Dialect, settings: FileSettings
) -> tuple[Sureness, str | None]:
    """How sure the delimiter is, and which one it may be instead."""
    if settings.delimiter:
        return "declared", None
    others = {one: score for one, score in scores.items() if one.delimiter != best.delimiter}
    second = max(others, key=lambda layout: others[layout], default=None)
    if second is None or others[second] <= scores.get(best, 0.0) * _LIKELY:
        return "certain", None
    if others[second] <= scores.get(best, 0.0) * _DOUBTFUL:
        return "likely", None
    return "doubtful", second.delimiter


def _layouts(sample: str, encoding: str, settings: FileSettings) -> Iterator[Dialect]:
    """What may be: the double quote before the apostrophe, which often is a letter of a name."""
    present = [delimiter for delimiter in DELIMITERS if delimiter in sample]
    delimiters = [settings.delimiter] if settings.delimiter else present
    if settings.quote is not None:
        for delimiter in delimiters:
            yield _layout(sample, encoding, delimiter, settings.quote)
        return
    usual = [_layout(sample, encoding, delimiter, '"') for delimiter in delimiters]
    yield from usual
    for plain in usual:
        quoted = _layout(sample, encoding, plain.delimiter, "'")
        if _quotes_with_apostrophes(sample, quoted, plain):
            yield quoted


def _layout(sample: str, encoding: str, delimiter: str, quote: str) -> Dialect:
    escape = _escape(sample, quote) if quote else None
    return Dialect(encoding, delimiter, quote, escape, _newline(sample))


_NEARLY_ALL = 0.9
_MOST = 0.8


def _quotes_with_apostrophes(sample: str, quoted: Dialect, plain: Dialect) -> bool:
    """Whether the apostrophe is the quote, and not the first letter of ``'t Hofje``.

    Cells that begin with it end with it, nearly all. And either most texts of the file are written
    so, or its rows do not fit together otherwise (a cell holds the delimiter or a line's end).
    """
    if not _stand_between_apostrophes(sample, quoted.delimiter):
        return False
    return _share_in_apostrophes(sample, plain) >= _MOST or (
        _misfits(quoted, sample) < _misfits(plain, sample)
    )


def _stand_between_apostrophes(sample: str, delimiter: str) -> bool:
    """Whether there are cells that begin with an apostrophe, and nearly all of them end with it."""
    between = re.escape(delimiter)
    opened = len(re.findall(rf"(?m)(?:^|{between})[ ]*'", sample))
    cell = rf"(?m)(?:^|{between})[ ]*'(?:[^'\\]|''|\\.)*+'[ ]*(?={between}|\r|$)"
    return opened > 0 and len(re.findall(cell, sample)) >= opened * _NEARLY_ALL


def _share_in_apostrophes(sample: str, plain: Dialect) -> float:
    """Of the texts (cells with a letter): how many begin and end with an apostrophe."""
    rows = _sample_rows(sample, plain)
    texts = [cell for row in rows for cell in row if re.search(r"[^\W\d_]", cell)]
    enclosed = sum(1 for one in texts if one.strip()[0] == one.strip()[-1] == "'")
    return enclosed / len(texts) if texts else 0.0


@lru_cache
def _padding(delimiter: str, quote: str) -> re.Pattern[str]:
    """Blanks before an opening quote or behind a closing one."""
    between, mark = re.escape(delimiter), re.escape(quote)
    return re.compile(rf"(?:^|(?<={between}))[ ]+{mark}|{mark}[ ]+(?={between}|\r|\n|$)")


def _without_blanks(found: re.Match[str]) -> str:
    return found.group().strip(" ")


def _misfits(dialect: Dialect, sample: str) -> int:
    """Rows of the sample that are broken or as wide as no other."""
    lines = io.StringIO(sample, newline="")
    widths: Counter[int] = Counter()
    broken = 0
    while lines.tell() < len(sample):
        try:
            widths.update(len(cells) for cells in dialect.rows(iter(lines.readline, "")))
        except csv.Error:
            broken += 1
    return broken + widths.total() - max(widths.values(), default=0)


def _newline(sample: str) -> str:
    return (
        "\r\n" if "\r\n" in sample else "\n" if "\n" in sample else "\r" if "\r" in sample else "\n"
    )


def _escape(sample: str, quote: str) -> str | None:
    """A backslash before a quote in the middle of a cell; a path that ends in a backslash just
    before the closing quote is none.
    """
    mark = re.escape(quote)
    escaped = len(re.findall(rf"[^\\]\\{mark}(?=[^,;\t|\r\n{mark}])", sample))
    doubled = len(re.findall(rf"[^,;\t|\r\n{mark}]{mark * 2}[^,;\t|\r\n{mark}]", sample))
    return "\\" if escaped > doubled else None


_PLAIN = re.compile(
    r"""[-+]?[$€£]?\s?[\d.,\s]*+(?<=\d)\s?[%€$£]?       # number, percentage, amount
      | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T\s].*)?      # date, moment
      | \d{1,2}:\d\d(:\d\d)?(\.\d+)?                   # time
      | (?:https?|ftp|urn|mailto):\S+                  # address
      | [\w.+-]+@[\w-]+\.[\w.-]+                       # mail
      | \#?\w[\w .()/'&+*%°-]*[.!?]?                   # name, code, short text
    """,
    re.VERBOSE,
)
# A longer cell is a text, which says nothing about the delimiter; matching it would only cost time.
_LONG = 200


def _is_plain(cell: str) -> bool:
    if len(cell) > _LONG:
        return cell[0] in "[{" and cell[-1] in "]}"
    return not cell or _PLAIN.fullmatch(cell) is not None or (cell[0] in "[{" and cell[-1] in "]}")


def _tidiness(sample: str, layout: Dialect) -> float:
    """0 to 1 or so: rows of one width, as wide as possible, of cells that look like values."""
    rows = _sample_rows(sample, layout)
    if not rows:
        return 0.0
    return _evenness(rows) * _plainness(rows) * _trust(layout.delimiter, len(rows[0]))


def _trust(delimiter: str, columns: int) -> float:
    """Blanks and colons stand in texts and times too; a delimiter that the header lacks is hardly
    one.
    """
    rare = delimiter in " :^~"
    return (0.4 if rare else 1.0) * (1.0 if columns > 1 else 0.0 if rare else 0.5)


def _sample_rows(sample: str, layout: Dialect) -> list[list[str]]:
    reader = csv.reader(
        io.StringIO(sample, newline=""),
        delimiter=layout.delimiter,
        quoting=layout.quoting,
        quotechar=layout.quote or None,
        escapechar=layout.escape,
    )
    rows: list[list[str]] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) >= _ROWS:
                return rows
    except csv.Error:
        return rows
    whole = sample.endswith(("\n", "\r")) or len(sample) < SAMPLE // 4
    return rows if whole or len(rows) < 2 else rows[:-1]  # the last line of a sample may be cut


def _evenness(rows: list[list[str]]) -> float:
    """Few different widths, each carried by many rows; one cell a row counts for (nearly)
    nothing.
    """
    widths = Counter(len(row) for row in rows)
    total = sum(count * max(1e-3, width - 1) / width for width, count in widths.items())
    return total / len(widths) / len(rows)


def _plainness(rows: list[list[str]]) -> float:
    cells = [cell for row in rows for cell in row]
    plain = sum(1 for cell in cells if _is_plain(cell.strip()))
    header = rows[0]
    named = sum(1 for cell in header if cell.strip()) / len(
        header
    )  # a wrong delimiter leaves holes in the header
    return max(1e-6, plain / len(cells)) * (0.5 + 0.5 * named)
