"""The parts of the index, each with a fingerprint of what it is made by. Pure.

A change of the structure makes only those parts out of date whose fingerprint it changes: a
corrected label changes none, another requirement of the till what is complete in the till.
"""

from collections.abc import Iterator
from hashlib import blake2b

import orjson

from pim.structure.objects import Scope, Structure

CATEGORIES = "categories"
"""The categories of products; the structure has no say in them."""
WORDS = "words"
"""The words that people search."""
COMPLETE = "complete:"
"""Before a scope: whether a product is complete there."""


VERSION = 1
"""Goes up when entries or words are made in another way: then every part is rebuilt."""


def fingerprints(structure: Structure) -> dict[str, str]:
    """Part -> fingerprint.

    A part is the address of a filterable attribute, ``categories``, ``complete:`` with a scope, or
    ``words``.
    """
    parts = {
        address: _hash(attribute.type.made_terms_by())
        for address, attribute in structure.filterable_at.items()
    }
    parts[CATEGORIES] = _hash(VERSION)
    for scope in structure.scopes:
        parts[COMPLETE + scope.code] = _hash(dict(_requirements(structure, scope)))
    families: list[str | None] = [None, *structure.families]
    parts[WORDS] = _hash({code or "": sorted(structure.searchable(code)) for code in families})
    return parts


def _requirements(structure: Structure, scope: Scope) -> Iterator[tuple[str, list[str]]]:
    """Family (or family variant and depth) -> what a product of it must fill in this scope."""
    for family in structure.families:
        yield family, sorted(structure.required(family).get(scope, ()))
    for code, variant in structure.variants.items():
        for depth in range(len(variant.levels)):
            required = structure.required(variant.family, code, depth)
            yield f"{code}:{depth}", sorted(required.get(scope, ()))


def _hash(made_by: object) -> str:
    spelled = orjson.dumps([VERSION, made_by], option=orjson.OPT_SORT_KEYS)
    return blake2b(spelled, digest_size=16).hexdigest()
