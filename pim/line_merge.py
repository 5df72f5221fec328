"""Two people changed the same text, each beside the other: both changes in one. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product
from operator import attrgetter

MOST_LINES = 5000
"""Of a text. To compare longer ones takes too long for who waits."""


@dataclass(frozen=True)
class _Hunk:
    """These lines stand in the place of those from ``start`` to ``end`` of what both began with."""

    start: int
    end: int
    lines: Sequence[str]

    def meets(self, other: "_Hunk") -> bool:
        """Whether both say what a line becomes, or one stands within what the other replaces.
        Lines that come in just before or just behind what the other replaces do not meet it.
        """
        begins_before_its_end = self.start < other.end
        ends_behind_its_start = other.start < self.end
        return begins_before_its_end and ends_behind_its_start


def merge_lines(base: str, theirs: str, mine: str) -> str | None:
    """The text with the changes of both; None where both changed the same lines, each in another
    way. Lines that both added at one place follow each other, theirs first.
    """
    texts = [one.splitlines(keepends=True) for one in (base, theirs, mine)]
    if any(len(lines) > MOST_LINES for lines in texts):
        return None
    lines, their_lines, my_lines = texts
    by_them = list(_hunks(lines, their_lines))
    by_me = [hunk for hunk in _hunks(lines, my_lines) if hunk not in by_them]
    if any(hunk.meets(other) for hunk, other in product(by_them, by_me)):
        return None
    # Sorting keeps the order of what begins and ends at the same line.
    in_order = sorted([*by_them, *by_me], key=attrgetter("start", "end"))
    return "".join(_with(lines, in_order))


def _hunks(base: Sequence[str], made_of_it: Sequence[str]) -> Iterator[_Hunk]:
    matcher = SequenceMatcher(None, base, made_of_it, autojunk=False)
    for verb, start, end, first, behind in matcher.get_opcodes():
        if verb != "equal":
            come = tuple(made_of_it[first:behind])
            yield _Hunk(start, end, come)


def _with(lines: Sequence[str], hunks: Sequence[_Hunk]) -> Iterator[str]:
    position = 0
    for hunk in hunks:
        yield from lines[position : hunk.start]
        yield from (_ended(one) for one in hunk.lines)
        position = hunk.end
    yield from lines[position:]


def _ended(line: str) -> str:
    """The last line of a text may have no end; here others may follow it."""
    has_end = line.endswith(("\n", "\r"))
    return line if has_end else f"{line}\n"
