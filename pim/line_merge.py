"""Two people changed the same text, each beside the other: both changes in one. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES = 5000
"""Of a text. To compare longer ones takes too long for who waits."""


@dataclass(frozen=True)
class _Hunk:
    """These lines stand in the place of those from ``start`` to ``end`` of what both began with."""

    start: int
    end: int
    lines: Sequence[str]

    def meets(self, other: "_Hunk") -> bool:
        """Whether both say what a line becomes, or one stands within what the other replaces."""
        if self.start == self.end or other.start == other.end:
            return self.start < other.end and other.start < self.end
        return max(self.start, other.start) < min(self.end, other.end)


def merge_lines(base: str, theirs: str, mine: str) -> str | None:
    """The text with the changes of both; None where both changed the same lines, each in another
    way. Lines that both added at one place follow each other, theirs first.
    """
    lines = base.splitlines(keepends=True)
    their_lines, my_lines = theirs.splitlines(keepends=True), mine.splitlines(keepends=True)
    if max(map(len, (lines, their_lines, my_lines))) > MOST_LINES:
        return None
    by_them = list(_hunks(lines, their_lines))
    by_me = [one for one in _hunks(lines, my_lines) if one not in by_them]
    if any(one.meets(other) for one in by_them for other in by_me):
        return None
    # Sorting keeps the order of what begins and ends at the same line.
    hunks = sorted([*by_them, *by_me], key=lambda one: (one.start, one.end))
    return "".join(_with(lines, hunks))


def _hunks(base: Sequence[str], made_of_it: Sequence[str]) -> Iterator[_Hunk]:
    matcher = SequenceMatcher(None, base, made_of_it, autojunk=False)
    for verb, start, end, first, behind in matcher.get_opcodes():
        if verb != "equal":
            yield _Hunk(start, end, tuple(made_of_it[first:behind]))


def _with(lines: Sequence[str], hunks: Sequence[_Hunk]) -> Iterator[str]:
    position = 0
    for hunk in hunks:
        yield from lines[position : hunk.start]
        yield from (_ended(one) for one in hunk.lines)
        position = hunk.end
    yield from lines[position:]


def _ended(line: str) -> str:
    """The last line of a text may have no end; here others may follow it."""
    return line if line.endswith(("\n", "\r")) else f"{line}\n"
