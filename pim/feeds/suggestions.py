"""What a feed may begin with: a mapping by what the shop's attributes mean."""

from collections.abc import Mapping, Sequence
from typing import Any

from pim.feeds.contract import Exporter
from pim.feeds.mapping import suggest_mapping
from pim.structure.objects import Structure


def suggested_mapping(structure: Structure, exporter: type[Exporter]) -> dict[str, Any]:
    """Target field -> rule, for every field whose meaning some attribute of this shop has."""
    types = {code: attribute.type for code, attribute in structure.attributes.items()}
    return suggest_mapping(exporter.fields, types, attributes_by_meaning(structure))


def attributes_by_meaning(structure: Structure) -> Mapping[str, Sequence[str]]:
    """Meaning -> the codes of the attributes of which somebody has said that they have it."""
    found: dict[str, list[str]] = {}
    for code, attribute in structure.attributes.items():
        if attribute.meaning:
            found.setdefault(attribute.meaning, []).append(code)
    return found
