"""What every reader gives: a header and rows that fit it. What does not fit is a refusal with line
and rule; a cell that cannot be used is told with the row in which it stands. Pure.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pim.attributes.characters import is_blank
from pim.errors import Text, ngettext, text
from pim.imports.detection import Detected
from pim.imports.dialect import Dialect


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that cannot be read. ``line``: its first line; ``until``: the last line that went lost
    with it. ``short``: the cells of a row that has fewer than the header.
    """

    line: int
    rule: Text
    value: str = ""
    until: int = 0
    short: Sequence[str] = ()


class DamagedRow(list[str]):
    """The cells of a row of which some cannot be used. ``faults``: place of a cell -> why."""

    def __init__(self, cells: Iterable[str], faults: Mapping[int, Text]) -> None:
        super().__init__(cells)
        self.faults = faults


CellRow = tuple[int, list[str] | UnreadableRow]
"""First line of the row in the file (a workbook: its row number), and as many cells as the header
has (a :class:`DamagedRow` where some cannot be used).
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


def lost_digits(
    cells: Sequence[str], header: Sequence[str], watched: Collection[str] | None
) -> dict[int, Text]:
    """The cells in which a spreadsheet turned a long number into ``8,71235E+12``: its digits are
    gone. ``watched``: columns that matter (None: all).
    """
    return {
        place: text(
            "“%(value)s” in column “%(name)s” lost its digits in a spreadsheet. Format the column"
            " as text and export again.",
            value=cell,
            name=name,
        )
        for place, (name, cell) in enumerate(zip(header, cells, strict=True))
        if (watched is None or name in watched) and SCIENTIFIC.fullmatch(cell.strip())
    }


def with_faults(cells: list[str], faults: Mapping[int, Text]) -> list[str]:
    """The row as it is, where nothing is wrong with its cells."""
    return DamagedRow(cells, faults) if faults else cells
