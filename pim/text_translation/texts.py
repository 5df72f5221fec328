"""Which texts people translate: pairs of addresses, one in each locale. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from pim.structure.objects import HUB, Attribute, Structure


@dataclass(frozen=True)
class Direction:
    """From one locale into another one, as a channel has them."""

    channel: str
    source: str
    target: str


@dataclass(frozen=True)
class TextPair:
    """The address of a text and that of its translation, on one product's own level."""

    source: str
    target: str


def text_pairs(
    structure: Structure, direction: Direction, attributes: Collection[str] | None = None
) -> dict[TextPair, Attribute]:
    """The texts that people translate, in the structure's order; ``attributes``: only those of
    these.
    """
    return {
        TextPair(
            structure.address_in(one, direction.channel, direction.source),
            structure.address_in(one, direction.channel, direction.target),
        ): one
        for code, one in structure.attributes.items()
        if is_translatable(one) and (attributes is None or code in attributes)
    }


def is_translatable(attribute: Attribute) -> bool:
    """Whether people give this attribute a text in each language. What another system owns comes
    from there in every language.
    """
    return attribute.localizable and attribute.type.is_free_text and attribute.owner == HUB
