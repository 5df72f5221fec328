"""What every reader gives: a header and rows that fit it; what does not fit is a refusal with line
and rule. Pure.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pim.attributes.characters import is_blank
from pim.errors import Text, ngettext, text
from pim.imports.detection import Detected
from pim.imports.dialect import Dialect


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that cannot be read. ``line``: its first line; ``until``: the last line that went lost
    with it.

    ``column``: the one to blame, where it is one. ``short``: the cells of a row that has fewer than
    the header.
    """

    line: int
    rule: Text
    value: str = ""
    until: int = 0
    column: str = ""
    short: Sequence[str] = ()


CellRow = tuple[int, list[str] | UnreadableRow]
"""First line of the row in the file (a workbook: its row number), and as many cells as the header
has.
"""


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` can be gone through once and reads the file as it goes; blank rows are left out.
    ``dialect`` is None for a workbook. ``line``: the one on which the header stands.
    """

    header: list[str]
    rows: Iterator[CellRow]
    dialect: Dialect | None
    line: int
    detected: Detected


SCIENTIFIC = re.compile(r"-?\d(?:[.,]\d+)?E\+\d{2,3}")
_SHOWN = 100


def fit(cells: list[str], width: int, line: int) -> list[str] | UnreadableRow | None:
    """The cells cut to the header's width when only blanks are beyond it; None for a blank row; a
    refusal for any other width.
    """
    if all(map(is_blank, cells)):
        return None
    if len(cells) > width and all(map(is_blank, cells[width:])):
        cells = cells[:width]
    if len(cells) != width:
        rule = ngettext(
            "The row has %(num)s cell, the header has %(expected)s.",
            "The row has %(num)s cells, the header has %(expected)s.",
            len(cells),
            expected=width,
        )
        short = tuple(cells) if len(cells) < width else ()
        return UnreadableRow(line, rule, "|".join(cells)[:_SHOWN], line, short=short)
    return cells


def mangled(
    cells: list[str], header: list[str], line: int, watched: Collection[str] | None
) -> UnreadableRow | None:
    """A refusal when Excel turned a long number into ``8,71235E+12``: its digits are gone.
    ``watched``: columns that matter (None: all).
    """
    for name, cell in zip(header, cells, strict=True):
        if (watched is None or name in watched) and SCIENTIFIC.fullmatch(cell.strip()):
            rule = text(
                "“%(value)s” in column “%(name)s” lost its digits in a spreadsheet. Format the"
                " column as text and export again.",
                value=cell,
                name=name,
            )
            return UnreadableRow(line, rule, cell, line, name)
    return None
