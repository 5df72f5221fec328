"""Fingerprints: what somebody uses of the structure, as one short text. Pure.

The structure has one version, and every correction of a label moves it. Whoever keeps something
that was made with the structure (a feed its file, an import the hashes of its rows) keeps the
fingerprint of what it used, and makes it again only when that changes.

The index has fingerprints of its own, one per part: see :mod:`pim.products.index_parts`.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

import orjson

from pim.structure.objects import PRODUCT, Scope, Structure


def digest(parts: object) -> str:
    """40 hex digits that stand for lists, mappings, texts and numbers, however deep."""
    spelled = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    return blake2b(spelled, digest_size=20).hexdigest()


def of_feed(
    structure: Structure, scope: Scope, sources: Mapping[str, object], *, only_complete: bool
) -> str:
    """What a feed of this channel and locale uses.

    ``sources``: name of a source (an address, or a provider's) -> what its listing depends on,
    such as the options' labels where the feed shows them. Besides its sources a feed depends on
    which categories lie in the channel's tree and, where it takes ``only_complete`` products, on
    what each family must fill.
    """
    tree = structure.channels[scope.channel].tree
    in_tree = sorted(structure.below(tree)) if tree is not None else None
    required = required_by_family(structure, scope) if only_complete else None
    return digest([sources, in_tree, required])


def required_by_family(structure: Structure, scope: Scope) -> dict[str, list[str]]:
    """Family -> the addresses that its products must fill in this scope, sorted."""
    families = structure.families_of(PRODUCT)
    return {code: sorted(structure.required(code).get(scope, ())) for code in families}


def of_columns(structure: Structure, addresses: Iterable[str]) -> str:
    """What the reading and writing of values at these addresses uses: the profile of an import.

    While it stays the same, the same cells give the same values, and the same of them are taken.
    """
    return digest({address: _column(structure, address) for address in addresses})


def _column(structure: Structure, address: str) -> object:
    attribute = structure.attribute_at.get(address)
    if attribute is not None:
        rules = [attribute.owner, attribute.fact, attribute.unique]
        return [attribute.type.made_values_by(), rules]
    if address == "categories":
        return sorted(structure.categories)
    if address in ("family", "family_variant", "parent"):
        levels = {code: _levels(structure, code) for code in structure.variants}
        return [sorted(structure.families), levels]
    return None


def _levels(structure: Structure, family_variant: str) -> list[object]:
    """The family and the steps of variation: what decides whether a product fits below another."""
    variant = structure.variants[family_variant]
    return [variant.family, [[level.axes, level.attributes] for level in variant.levels]]
