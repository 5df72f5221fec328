"""A product as one channel and locale sees it: own values over those of its models, addresses
resolved for a scope. Pure.
"""

from collections.abc import Iterable

from pim.structure.objects import Structure
from pim.values import Document, Value


def merge(documents: Iterable[Document]) -> Document:
    """Top model first, the product itself last: what a product has not itself, it inherits."""
    merged: Document = {}
    for document in documents:
        merged.update(document)
    return merged


def value_in(
    structure: Structure,
    document: Document,
    code: str,
    channel: str | None,
    locale: str | None,
    currency: str | None = None,
) -> Value:
    """The value of an attribute as this scope sees it, or None."""
    attribute = structure.attributes.get(code)
    return (
        None
        if attribute is None
        else document.get(structure.address_in(attribute, channel, locale, currency))
    )


def label_of(
    structure: Structure, identifier: str, family: str | None, document: Document, locale: str
) -> str:
    """What people call the product: its family's label attribute in this locale, else in any, else
    its identifier.
    """
    own = structure.families.get(family or "")
    if own is None or own.label is None:
        return identifier
    attribute = structure.attributes[own.label]
    wanted = (structure.address_in(attribute, channel, locale) for channel in structure.channels)
    anywhere = (str(address) for address in structure.addresses(attribute))
    return next(
        (document[address] for address in (*wanted, *anywhere) if address in document), identifier
    )


def in_tree(structure: Structure, document: Document, channel: str) -> bool:
    """Whether one of the product's categories lies in the channel's tree; a channel without tree
    takes every product.
    """
    tree = structure.channels[channel].tree
    return tree is None or any(
        tree in structure.path(category) for category in document.get("categories", ())
    )
