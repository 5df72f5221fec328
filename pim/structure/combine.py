"""What two people made of the same structure, each beside the other, taken together. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pim.structure.document import KINDS, Entries, EntryKey
from pim.structure.merge import interleaved

ORDER = ""
"""In the place of a code: the order in which the entries of a kind stand."""


@dataclass(frozen=True)
class Combination:
    """``entries``: all that one of the two changed. ``conflicts``: what both changed, each in
    another way; there ``entries`` have what the second one made of it.
    """

    entries: Entries
    conflicts: Sequence[EntryKey]


def combine(base: Entries, theirs: Entries, mine: Entries) -> Combination:
    """``base``: what both began with. An entry is the smallest thing that is taken from one of the
    two: an attribute, an option, a family.
    """
    taken: Entries = {}
    for item in _in_order(base, theirs, mine):
        source = theirs if mine.get(item) == base.get(item) else mine
        if item in source:
            taken[item] = source[item]
    homeless = [item for item in taken if not _has_a_home(item, taken)]
    conflicts = [
        *_entry_conflicts(base, theirs, mine),
        *_order_conflicts(base, theirs, mine),
        *homeless,
    ]
    entries = {item: taken[item] for item in taken if item not in homeless}
    return Combination(entries, list(dict.fromkeys(conflicts)))


def _has_a_home(item: EntryKey, entries: Entries) -> bool:
    """Whether what it stands in is there: one of the two may have taken that away. Of categories
    that each stand under the other, as neither of the two wanted it, none has a home.
    """
    kind, code = item
    if kind == "options":
        return ("attributes", code.partition(":")[0]) in entries
    passed = set()
    while kind == "categories" and (parent := entries[kind, code].get("parent")) is not None:
        passed.add(code)
        code = parent
        if code in passed or (kind, code) not in entries:
            return False
    return True


def _entry_conflicts(base: Entries, theirs: Entries, mine: Entries) -> Iterator[EntryKey]:
    for item in dict.fromkeys([*base, *theirs, *mine]):
        made_of_it = (base.get(item), theirs.get(item), mine.get(item))
        if not any(one == other for one, other in _pairs(made_of_it)):
            yield item


def _order_conflicts(base: Entries, theirs: Entries, mine: Entries) -> Iterator[EntryKey]:
    common = base.keys() & theirs.keys() & mine.keys()
    for kind in KINDS:
        orders = [_codes(entries, kind, common) for entries in (base, theirs, mine)]
        if not any(one == other for one, other in _pairs(orders)):
            yield kind, ORDER


def _pairs(made: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    base, theirs, mine = made
    yield from ((base, theirs), (base, mine), (theirs, mine))


def _codes(entries: Entries, kind: str, among: set[EntryKey]) -> list[EntryKey]:
    return [item for item in entries if item[0] == kind and item in among]


def _in_order(base: Entries, theirs: Entries, mine: Entries) -> Iterator[EntryKey]:
    """Everything that one of the two has, as whoever changed the order wants it."""
    for kind in KINDS:
        common = base.keys() & mine.keys()
        is_moved = _codes(base, kind, common) != _codes(mine, kind, common)
        first, second = (mine, theirs) if is_moved else (theirs, mine)
        yield from interleaved(
            [item for item in first if item[0] == kind],
            [item for item in second if item[0] == kind],
        )
