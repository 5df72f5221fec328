"""Which line of a file is its header, and what the columns are called. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import normalize

from pim.errors import Invalid, text
from pim.imports.detection import Finding, Sureness
from pim.imports.markers import unmarked

CANDIDATES = 50
"""Lines from the beginning of a file among which its header is looked for."""


@dataclass(frozen=True, slots=True)
class KnownColumns:
    """The columns of which a profile speaks: those that are read, and those that are ignored."""

    read: Collection[str]
    ignored: Collection[str] = ()

    def number_in(self, cells: Sequence[str]) -> int:
        """How many of these cells are called like a column."""
        return len({_plain(cell) for cell in cells} & self._spellings().keys())

    def are_all_in(self, cells: Sequence[str]) -> bool:
        """Whether every column that is read is there, and there are some."""
        there = {_plain(cell) for cell in cells}
        return len(self.read) > 1 and all(_plain(name) in there for name in self.read)

    def spelled(self, names: Sequence[str]) -> list[str]:
        """Names as the profile spells them: ``NAAM`` is ``Naam``, unless that is there too."""
        there = {_plain(name) for name in names if name in self}
        spellings = {plain: name for plain, name in self._spellings().items() if plain not in there}
        return [name if name in self else spellings.get(_plain(name), name) for name in names]

    def __contains__(self, name: str) -> bool:
        return name in self.read or name in self.ignored

    def _spellings(self) -> dict[str, str]:
        return {_plain(name): name for name in (*self.ignored, *self.read)}


class HeaderCandidate(NamedTuple):
    """A line that may be the header. ``line``: its number in the file."""

    line: int
    cells: Sequence[str]

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell.strip())


class FoundHeader(NamedTuple):
    line: int
    sure: Sureness

    @property
    def finding(self) -> Finding:
        return Finding(str(self.line), self.sure)


def find_header(
    candidates: Sequence[HeaderCandidate], declared: int | None, known: KnownColumns | None
) -> FoundHeader:
    """The line that the profile names, or the one that is called like its columns, or the one that
    looks like a header.
    """
    if declared is not None:
        if declared not in (one.line for one in candidates):
            raise no_such_line(declared)
        return FoundHeader(declared, "declared")
    named = by_names(candidates, known)
    if named is None:
        place = by_shape(candidates)
        return FoundHeader(candidates[place].line, "doubtful" if place else "likely")
    found = candidates[named]
    has_all = known is not None and known.are_all_in(found.cells)
    return FoundHeader(found.line, "certain" if has_all else "likely")


def by_names(candidates: Sequence[HeaderCandidate], known: KnownColumns | None) -> int | None:
    """The index of the line whose cells are called like the columns of the profile, None where
    there is none: a title, a date or a number of lines may stand above the table.
    """
    if known is None:
        return None
    found = [known.number_in(one.cells) for one in candidates]
    enough = (index for needed in (2, 1) for index, number in enumerate(found) if number >= needed)
    return next(enough, None)


def by_shape(candidates: Sequence[HeaderCandidate]) -> int:
    """The index of the first line that is as wide as most, where the first of all is nearly empty
    beside them (and not broken, which is told).
    """
    if not candidates[0].cells:
        return 0
    widths = Counter(len(one.cells) for one in candidates)
    usual = max(widths, key=lambda width: (widths[width], width))
    wide = (index for index, one in enumerate(candidates) if one.filled * 2 > usual)
    return next(wide, 0)


def clean_name(cell: str) -> str:
    return unmarked(cell.strip().removeprefix("\ufeff"))


def _plain(name: str) -> str:
    """Without case, and with accents stored in one way (NFC): a Mac writes ö as o and two dots."""
    return " ".join(normalize("NFC", clean_name(name)).casefold().split())


def clean_header(cells: Sequence[str], known: KnownColumns | None = None) -> list[str]:
    """Stripped names without the blank ones at the end, as the profile spells them.

    :class:`Invalid` for a blank or double name; with a profile, for a double one that it reads.
    """
    names = [clean_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if known is None:
        complaints = [
            text("Column %(number)s has no name.", number=number)
            for number, name in enumerate(names, 1)
            if not name
        ]
    else:
        names = known.spelled(names)
        complaints = []
    for name, count in Counter(names).items():
        if name and count > 1 and (known is None or name in known.read):
            complaints.append(
                text("The column “%(name)s” is there %(count)s times.", name=name, count=count)
            )
    if complaints:
        raise Invalid({"header": complaints})
    return names


def no_such_line(line: int) -> Invalid:
    return Invalid(
        {
            "header": [
                text("The profile says that line %(line)s is the header; it is blank.", line=line)
            ]
        }
    )
