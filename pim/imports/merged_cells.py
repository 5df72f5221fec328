"""Merged cells of a sheet: to the eye one value stands in several rows or columns, and in the file
only in the first. Nobody can tell whether it was meant for all of them, so it is told. Pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pim.errors import text
from pim.imports.detection import doubt
from pim.problems import Problem

_NAMED = 10


@dataclass(frozen=True, slots=True)
class MergedCells:
    """``spelled``: as Excel names them (``B2:B5``). ``last_line`` counts from 1; the places count
    from 0, as those of a row's cells do.
    """

    spelled: str
    last_line: int
    first_place: int
    last_place: int

    def are_in(self, header: Sequence[str], watched: Collection[str] | None) -> bool:
        """Whether they hold a column that is read (None: all are)."""
        begin, end = max(self.first_place, 0), self.last_place + 1
        columns = header[begin:end]
        if watched is None:
            return bool(columns)
        return any(name in watched for name in columns)


def merged_doubts(
    merged: Sequence[MergedCells],
    line: int,
    header: Sequence[str],
    watched: Collection[str] | None,
) -> list[Problem]:
    """A warning of those below the header, whose line it is; a title above is often merged."""
    below = [one for one in merged if one.last_line > line and one.are_in(header, watched)]
    if not below:
        return []
    named = ", ".join(one.spelled for one in below[:_NAMED])
    sentence = text(
        "Cells of the sheet are merged: %(ranges)s. Each has its value in its first cell only, and"
        " the others are blank. Unmerge the cells in Excel and fill them, if the value is meant for"
        " all.",
        ranges=named + (" …" if len(below) > _NAMED else ""),
    )
    return [doubt("merged", sentence)]
