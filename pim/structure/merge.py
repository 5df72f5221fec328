"""A structure document over the structure that is there: an entry changes what it names. Pure.

``null`` takes away what stands at its key: a label of one language, a setting, the requirements of
a channel. A list is one value, and named as a whole.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from pim.attributes import all_types
from pim.errors import Invalid, text
from pim.structure.document import KINDS, Entries, EntryKey, without_nulls
from pim.structure.parse import ATTRIBUTE_KEYS

_Definition = Mapping[str, Any]


def merge(before: Entries, wanted: Entries) -> Entries:
    """The stored structure with what a document names in it. What the document leaves out keeps its
    place, behind what stood in front of it.

    :class:`Invalid` where a category is named outside of the one it stands under.
    """
    _refuse_uprooted(before, wanted)
    merged: Entries = {}
    for kind in KINDS:
        named = [item for item in wanted if item[0] == kind]
        stored = [item for item in before if item[0] == kind and not _is_pointless(item, wanted)]
        for item in interleaved(named, stored):
            merged[item] = _merged_entry(item, before.get(item, {}), wanted.get(item, {}))
    return merged


def whole(wanted: Entries) -> Entries:
    """The structure of a document that says all there is."""
    return {item: without_nulls(definition) for item, definition in wanted.items()}


def _refuse_uprooted(before: Entries, wanted: Entries) -> None:
    """A file with one category of a tree, whose author meant its labels, would make it a tree."""
    wrong = {}
    for item, definition in wanted.items():
        kind, code = item
        parent = before.get(item, {}).get("parent")
        if kind == "categories" and parent is not None and "parent" not in definition:
            sentence = text(
                "“%(code)s” stands under “%(parent)s”: name it there, among its “children”, or say"
                " “parent: null” to make it a tree of its own.",
                code=code,
                parent=parent,
            )
            wrong[f"categories.{code}"] = [sentence]
    if wrong:
        raise Invalid(wrong)


def _is_pointless(item: EntryKey, wanted: Entries) -> bool:
    """An option whose attribute is to be no choice any more."""
    kind, code = item
    if kind != "options":
        return False
    type_code = wanted.get(("attributes", code.partition(":")[0]), {}).get("type")
    if type_code is None:
        return False
    type_ = all_types().get(str(type_code))
    return type_ is None or not type_.has_options


def interleaved(wanted: list[EntryKey], before: list[EntryKey]) -> Iterator[EntryKey]:
    """The wanted ones in their order; each of the others behind the wanted one it stood behind."""
    behind: dict[EntryKey, list[EntryKey]] = {item: [] for item in wanted}
    front: list[EntryKey] = []
    followers = front
    for item in before:
        if item in behind:
            followers = behind[item]
        else:
            followers.append(item)
    yield from front
    for item in wanted:
        yield item
        yield from behind[item]


def _merged_entry(item: EntryKey, stored: _Definition, named: _Definition) -> dict[str, Any]:
    merged = _overlaid(stored, named)
    becomes_another = "type" in stored and merged.get("type") != stored["type"]
    if item[0] != "attributes" or not becomes_another:
        return merged
    known = named.keys() | ATTRIBUTE_KEYS | _settings_of(str(merged.get("type")))
    return {key: value for key, value in merged.items() if key in known}


def _settings_of(type_code: str) -> frozenset[str]:
    type_ = all_types().get(type_code)
    return frozenset(one.name for one in fields(type_)) if type_ else frozenset()


def _overlaid(stored: _Definition, named: _Definition) -> dict[str, Any]:
    """What is named over what is stored, key by key, and within mappings likewise."""
    merged = dict(stored)
    for key, value in named.items():
        under = stored.get(key)
        if isinstance(value, Mapping) and isinstance(under, Mapping):
            merged[key] = _overlaid(under, value)
            takes_the_last_away = value and not merged[key]
            if takes_the_last_away:
                del merged[key]
        else:
            merged[key] = value
    return without_nulls(merged)
