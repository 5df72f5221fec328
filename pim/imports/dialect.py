"""How a delimited text file is written: encoding, delimiter, quote. Found by trying each and asking
which gives the tidiest table. Pure.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pim.imports.encodings import detect_encoding

DELIMITERS = (",", ";", "\t", "|", " ", ":", "^", "~")  # a tie goes to the earlier one
SAMPLE = 128 * 1024
_ROWS = 200


@dataclass(frozen=True, slots=True)
class Dialect:
    """``escape`` is a backslash where the file writes ``\\"`` inside quotes, else None (quotes are
    doubled).

    ``padded``: blanks stand between delimiters and quotes, ``1 , "a, b" , 2``, as in files lined up
    for people.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    newline: str = "\n"
    padded: bool = False

    def rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Cells of each record; :class:`csv.Error` where quotes are broken (afterwards a new call
        must go on).
        """
        return csv.reader(
            map(self._tighten, lines) if self.padded else lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape,
            doublequote=self.escape is None,
            strict=True,
        )

    def _tighten(self, line: str) -> str:
        return _padding(self.delimiter, self.quote).sub(_without_blanks, line)


def detect(data: bytes, locales: Sequence[str] = ()) -> Dialect:
    """The dialect of a file, or of its first bytes. A file with one column gets the comma."""
    encoding = detect_encoding([data], locales)
    return detect_layout(data[:SAMPLE].decode(encoding, errors="replace"), encoding)


def detect_layout(sample: str, encoding: str, declared: str | None = None) -> Dialect:
    """Delimiter (unless it is declared), quote, escape and line end from the first characters of a
    file.
    """
    sample = sample.replace("\0", "")
    escape = _escape(sample)
    quotes = ['"', "'"] if re.search(r"(?m)^'|[,;\t|]'", sample) else ['"']
    present = (
        [declared] if declared else [delimiter for delimiter in DELIMITERS if delimiter in sample]
    )
    tries = [
        (_tidiness(sample, delimiter, quote, escape), delimiter, quote)
        for quote in quotes
        for delimiter in present
    ]
    best, delimiter, quote = max(tries, key=lambda one: one[0], default=(0.0, ",", '"'))
    if best <= 0:
        delimiter, quote = declared or ",", '"'
    plain = Dialect(encoding, delimiter, quote, escape, _newline(sample))
    padded = replace(plain, padded=True)
    is_padded = _padding(delimiter, quote).search(sample) is not None and _misfits(
        padded, sample
    ) < _misfits(plain, sample)
    return padded if is_padded else plain


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


def _escape(sample: str) -> str | None:
    """A backslash before a quote in the middle of a cell; a path that ends in a backslash just
    before the closing quote is none.
    """
    inside = len(re.findall(r'[^\\]\\"(?=[^,;\t|\r\n"])', sample))
    return (
        "\\"
        if inside and inside > len(re.findall(r'[^,;\t|\r\n"]""[^,;\t|\r\n"]', sample))
        else None
    )


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


def _tidiness(sample: str, delimiter: str, quote: str, escape: str | None) -> float:
    """0 to 1 or so: rows of one width, as wide as possible, of cells that look like values."""
    rows = _sample_rows(sample, delimiter, quote, escape)
    if not rows:
        return 0.0
    return _evenness(rows) * _plainness(rows) * _trust(delimiter, len(rows[0]))


def _trust(delimiter: str, columns: int) -> float:
    """Blanks and colons stand in texts and times too; a delimiter that the header lacks is hardly
    one.
    """
    rare = delimiter in " :^~"
    return (0.4 if rare else 1.0) * (1.0 if columns > 1 else 0.0 if rare else 0.5)


def _sample_rows(sample: str, delimiter: str, quote: str, escape: str | None) -> list[list[str]]:
    reader = csv.reader(
        io.StringIO(sample, newline=""), delimiter=delimiter, quotechar=quote, escapechar=escape
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
