"""A product as one channel and locale sees it: own values over those of its models, addresses
resolved for a scope. Pure.
"""

from collections.abc import Iterable

from pim.structure.objects import Attribute, Structure
from pim.values import Address, Document, Value, parse_address


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
    address = label_address(structure, family, document, locale)
    label: str = identifier if address is None else document[address]
    return label


def label_address(
    structure: Structure, family: str | None, document: Document, locale: str
) -> str | None:
    """Where :func:`label_of` finds what it says; None where the product has no name."""
    own = structure.families.get(family or "")
    if own is None or own.label is None:
        return None
    attribute = structure.attributes[own.label]
    wanted = (structure.address_in(attribute, channel, locale) for channel in structure.channels)
    anywhere = (str(address) for address in structure.addresses(attribute))
    return next((address for address in (*wanted, *anywhere) if address in document), None)


def borrowed_locale(
    structure: Structure, family: str | None, document: Document, locale: str
) -> str | None:
    """The locale that the product's name is lent by, where it has none in this one."""
    address = label_address(structure, family, document, locale)
    lender = None if address is None else parse_address(address).locale
    return lender if lender != locale else None


def ghost_address(
    structure: Structure, document: Document, attribute: Attribute, wanted: Address
) -> str | None:
    """Where a value stands in another locale or channel that this address, which is empty, could be
    filled like: in the same channel rather than in the same locale.
    """
    others = [
        address
        for address in structure.addresses(attribute)
        if address.currency == wanted.currency and str(address) in document
    ]
    nearest = min(
        others,
        key=lambda one: (one.channel != wanted.channel, one.locale != wanted.locale),
        default=None,
    )
    return None if nearest is None else str(nearest)


def in_tree(structure: Structure, document: Document, channel: str) -> bool:
    """Whether one of the product's categories lies in the channel's tree; a channel without tree
    takes every product.
    """
    tree = structure.channels[channel].tree
    return tree is None or any(
        tree in structure.path(category) for category in document.get("categories", ())
    )
