"""What a list can be filtered by: the filterable attributes, and the fields beside them."""

from collections.abc import Iterator

from pim.products.filter_kinds import AttributeField, FilterField
from pim.products.own_filters import OWN
from pim.structure.objects import PRODUCT, Structure


def field_at(structure: Structure, code: str) -> FilterField | None:
    """What is filtered by under this code; None where there is no such field."""
    attribute = structure.filterable_at.get(code)
    if attribute is None:
        return OWN.get(code)
    return AttributeField(
        code,
        attribute.type.operators,
        looks_inside=attribute.code in structure.held_by_variants,
        attribute=attribute,
    )


def offered(structure: Structure) -> Iterator[FilterField]:
    """Everything that a list of products can be filtered by, in the order of the structure."""
    yield from OWN.values()
    held = {code for one in structure.families_of(PRODUCT).values() for code in one.attributes}
    for address, attribute in structure.filterable_at.items():
        field = field_at(structure, address)
        if attribute.code in held and field is not None:
            yield field
