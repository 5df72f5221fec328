"""Values that name other products: associations, and attributes of the type link. Pure."""

from collections.abc import Sequence

from pim.structure.objects import Structure
from pim.values import Value


def naming_addresses(structure: Structure) -> frozenset[str]:
    """The addresses at which a value names other products."""
    links = (
        address
        for address, attribute in structure.attribute_at.items()
        if attribute.type.names_products
    )
    return structure.association_addresses | frozenset(links)


def identifiers_in(value: Value) -> Sequence[str]:
    """The products that a value names."""
    if not value:
        return ()
    return value if isinstance(value, list) else (value,)
