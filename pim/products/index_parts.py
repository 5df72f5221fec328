"""The parts of the index, each with a fingerprint of what it is made by.

A change of the structure makes only those parts out of date whose fingerprint it changes: a
corrected label changes none, another requirement of the till what is complete in the till.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import orjson

from pim.attributes.base import TERM_LENGTH
from pim.products.stores import PRODUCTS, STORES, RecordStore
from pim.structure.objects import Scope, Structure

CATEGORIES = "categories"
"""The categories of products; the structure has no say in them."""
STATUS = "status"
"""The products that are retired, or stand below a model that is; the structure has no say in it."""
ENDINGS = "endings:"
"""Values that are known by their ends, spelled backwards, so that a look into the index finds those
that end so. No attribute's code has a colon.
"""
WORDS = "words"
"""The words that people search."""
COMPLETE = "complete:"
"""Before a scope: whether a record is complete there."""
YES = "1"
"""The only term where an entry alone says it."""
NAMES = "_name:"
"""Before a locale: what a product is called there, as lists are sorted by it; an address too."""
DISABLED = "_disabled"
"""The products that somebody took out of sale; most are not."""
MISSING = "_missing"
"""The values that a product or model lacks on its own level in any scope; the terms are their
addresses."""
PICTURED = "_picture"
"""The products that have their family's picture, or in a family without one any file."""
NAMED = "_named"
"""The products that a product names, by association or link; the terms are of :func:`named_at`."""
GAPS = "gaps:"
"""Before a scope: whether a product or model lacks a value there whose place is on its own level.
Also the address in the index: no attribute's code has a colon.
"""


VOCABULARY = 1
"""Goes up when words are remembered in another way: then the words are made again."""
VERSION = 3
"""Goes up when entries or words are made in another way: then every part is rebuilt."""


@dataclass(frozen=True)
class IndexPartName:
    """A part's name taken apart: of which records it tells, and what.

    ``name``: the address of a filterable attribute, ``categories``, ``status``, ``complete:`` or
    ``gaps:`` with a scope, ``endings:`` or ``words``; the index holds it under ``address``, and
    where ``term`` is given, only this term of it belongs to the part.
    """

    store: RecordStore
    name: str

    @property
    def is_words(self) -> bool:
        return self.name == WORDS

    @property
    def scope(self) -> str | None:
        """The scope of a part that tells what is complete, or what has gaps."""
        prefix = next(filter(self.name.startswith, (COMPLETE, GAPS)), None)
        return None if prefix is None else self.name.removeprefix(prefix)

    @property
    def address(self) -> str:
        if self.name.startswith(GAPS):
            return self.store.indexed_at(GAPS)
        name = "complete" if self.name.startswith(COMPLETE) else self.name
        return self.store.indexed_at(name)

    @property
    def term(self) -> str | None:
        return self.scope


def named_at(address: str, key: str) -> str:
    """The term of a product that names another one: where it does, and the other one's key. One
    that is too long for the index is told by its digest, so that no two are ever the same.
    """
    spelled = f"{address} {key}"
    if len(spelled) <= TERM_LENGTH:
        return spelled
    return blake2b(spelled.encode(), digest_size=16).hexdigest()


def parse(part: str) -> IndexPartName:
    """What the name of a part, as :func:`fingerprints` spells it, tells of."""
    for store in STORES.values():
        if store.index_prefix and part.startswith(store.index_prefix):
            return IndexPartName(store, part.removeprefix(store.index_prefix))
    return IndexPartName(PRODUCTS, part)


def fingerprints(structure: Structure) -> dict[str, str]:
    """Part -> fingerprint.

    The parts of what is no product are there only where the structure has families for it.
    """
    parts = {PRODUCTS.indexed_at(name): _hash(VERSION) for name in (CATEGORIES, STATUS, DISABLED)}
    for store in STORES.values():
        if store is PRODUCTS or structure.families_of(store.code):
            own = _fingerprints_of(store, structure)
            parts |= {store.indexed_at(name): fingerprint for name, fingerprint in own.items()}
    return parts


def _fingerprints_of(store: RecordStore, structure: Structure) -> dict[str, str]:
    addresses = store.addresses(structure)
    parts = {
        address: _hash(attribute.type.made_terms_by())
        for address, attribute in structure.filterable_at.items()
        if address in addresses
    }
    if store is PRODUCTS:
        parts |= {
            NAMES + locale: _hash(sorted(map(str, addresses.items())))
            for locale, addresses in structure.names_in.items()
        }
        everywhere = [dict(_requirements(store, structure, one)) for one in structure.scopes]
        parts[MISSING] = _hash(everywhere)
        parts[PICTURED] = _hash(dict(structure.pictures_of))
        parts[NAMED] = _hash(sorted(structure.naming_addresses))
    for scope in structure.scopes:
        requirements = _hash(dict(_requirements(store, structure, scope)))
        parts[COMPLETE + scope.code] = requirements
        if store is PRODUCTS:  # elsewhere there are no levels: what is not complete has gaps
            parts[GAPS + scope.code] = requirements
    parts[ENDINGS] = _hash(sorted(structure.known_by_end_at))
    families: list[str | None] = [None, *structure.families_of(store.code)]
    searched = {code or "": sorted(structure.searchable(code)) for code in families}
    parts[WORDS] = _hash([searched, VOCABULARY, sorted(structure.worded)])
    return parts


def _requirements(
    store: RecordStore, structure: Structure, scope: Scope
) -> Iterator[tuple[str, list[str]]]:
    """Family (or family variant and depth) -> what a record of it must fill in this scope."""
    for family in structure.families_of(store.code):
        yield family, sorted(structure.required(family).get(scope, ()))
    if store is not PRODUCTS:
        return  # only products have models and variants
    for code, variant in structure.variants.items():
        for depth in range(len(variant.levels)):
            required = structure.required(variant.family, code, depth)
            yield f"{code}:{depth}", sorted(required.get(scope, ()))


def _hash(made_by: object) -> str:
    spelled = orjson.dumps([VERSION, made_by], option=orjson.OPT_SORT_KEYS)
    return blake2b(spelled, digest_size=16).hexdigest()
