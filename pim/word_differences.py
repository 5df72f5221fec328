"""Two texts compared word by word, for people who read what became of one. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
"""A run of blanks, a word, or one sign."""
LONGEST = 4000
"""Words that are compared; longer texts are shown as gone and come as a whole, since the time it
takes grows with the square.
"""


@dataclass(frozen=True)
class Segment:
    """A piece of text that both have (``same``), only the former one (``gone``), or only the newer
    one (``added``).
    """

    kind: Literal["same", "gone", "added"]
    text: str


def differences(before: str, after: str) -> list[Segment]:
    """What became of a text: its pieces in reading order, what is gone before what was added."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if max(len(old), len(new)) > LONGEST:
        return _pieces(old, new)
    found: list[Segment] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            found.append(Segment("same", "".join(new[new_start:new_end])))
        else:
            found += _pieces(old[old_start:old_end], new[new_start:new_end])
    return list(_joined_over_blanks(found))


def _pieces(old: Sequence[str], new: Sequence[str]) -> list[Segment]:
    gone = [Segment("gone", "".join(old))] if old else []
    added = [Segment("added", "".join(new))] if new else []
    return [*gone, *added]


def _joined_over_blanks(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Two neighbouring changes with nothing but a blank between them are read as one."""
    place = 0
    while place < len(segments):
        run = _run_of_changes(segments, place)
        if len(run) > 2:
            yield from _merged(run)
        else:
            yield from run
        place += len(run)


def _run_of_changes(segments: Sequence[Segment], start: int) -> Sequence[Segment]:
    """The changes from here on, with the blanks between them; at least one segment."""
    end = start + 1
    if segments[start].kind == "same":
        return segments[start:end]
    while end < len(segments):
        if segments[end].kind != "same":
            end += 1
        elif segments[end].text.isspace() and end + 1 < len(segments):
            end += 2
        else:
            break
    return segments[start:end]


def _merged(run: Sequence[Segment]) -> Sequence[Segment]:
    """One change of the whole run; a run that only adds or only takes away keeps its blanks, which
    both texts have.
    """
    gone = "".join(one.text for one in run if one.kind != "added")
    added = "".join(one.text for one in run if one.kind != "gone")
    if gone.isspace() or added.isspace():
        return run
    return [Segment("gone", gone), Segment("added", added)]
