"""What two people made of the same structure, each beside the other, taken together. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pim.structure.document import KINDS, Entries, EntryKey
from pim.structure.merge import interleaved

CATEGORIES = "categories"
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
        is_left_by_me = mine.get(item) == base.get(item)
        source = theirs if is_left_by_me else mine
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
    """Whether what it stands in is there: one of the two may have taken that away."""
    kind, code = item
    if kind == "options":
        attribute = code.partition(":")[0]
        return ("attributes", attribute) in entries
    if kind == CATEGORIES:
        return _leads_to_a_root(code, entries)
    return True


def _leads_to_a_root(code: str, entries: Entries) -> bool:
    """Whether all that a category stands under is there. Of categories that each stand under the
    other, as neither of the two wanted it, none leads to a root.
    """
    passed = {code}
    parent = entries[CATEGORIES, code].get("parent")
    while parent is not None:
        if parent in passed or (CATEGORIES, parent) not in entries:
            return False
        passed.add(parent)
        parent = entries[CATEGORIES, parent].get("parent")
    return True


@dataclass(frozen=True)
class _Versions:
    """Something as both began with it, and what each made of it."""

    base: Any
    theirs: Any
    mine: Any

    @property
    def are_at_odds(self) -> bool:
        """Whether both changed it, each in another way."""
        they_changed_it: bool = self.theirs != self.base
        i_changed_it: bool = self.mine != self.base
        they_differ: bool = self.theirs != self.mine
        return they_changed_it and i_changed_it and they_differ


def _entry_conflicts(base: Entries, theirs: Entries, mine: Entries) -> Iterator[EntryKey]:
    for item in dict.fromkeys([*base, *theirs, *mine]):
        entry = _Versions(base.get(item), theirs.get(item), mine.get(item))
        if entry.are_at_odds:
            yield item


def _order_conflicts(base: Entries, theirs: Entries, mine: Entries) -> Iterator[EntryKey]:
    common = base.keys() & theirs.keys() & mine.keys()
    for kind in KINDS:
        order = _Versions(
            base=_codes(base, kind, common),
            theirs=_codes(theirs, kind, common),
            mine=_codes(mine, kind, common),
        )
        if order.are_at_odds:
            yield kind, ORDER


def _codes(entries: Entries, kind: str, among: set[EntryKey]) -> list[EntryKey]:
    return [item for item in _of_kind(entries, kind) if item in among]


def _of_kind(entries: Entries, kind: str) -> list[EntryKey]:
    return [item for item in entries if item[0] == kind]


def _in_order(base: Entries, theirs: Entries, mine: Entries) -> Iterator[EntryKey]:
    """Everything that one of the two has, as whoever changed the order wants it."""
    common = base.keys() & mine.keys()
    for kind in KINDS:
        is_moved_by_me = _codes(base, kind, common) != _codes(mine, kind, common)
        first, second = (mine, theirs) if is_moved_by_me else (theirs, mine)
        yield from interleaved(_of_kind(first, kind), _of_kind(second, kind))
