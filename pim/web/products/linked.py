"""Links between products as their page shows them: those that a product names, which are chosen and
put in order there, and those that name it, which are read there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from pim.attributes.base import InvalidValue
from pim.attributes.lists import join, split
from pim.errors import Text
from pim.products import policy, queries
from pim.products.matching import Filters
from pim.products.named_by import named_by
from pim.products.queries import ProductDetail
from pim.products.workspace import key_of
from pim.structure.objects import Scope, Structure
from pim.web.controls import Control
from pim.web.page import principal
from pim.web.products.around import address_label
from pim.web.products.form import UnsavedForm
from pim.web.products.rows import make_rows

OFFERED = 12
"""Products that the search for one offers."""


@dataclass(frozen=True)
class LinkedProduct:
    """A product that a link leads to. ``picture``: the address of a small one. ``is_there``: links
    may name what is still to come.
    """

    identifier: str
    label: str
    picture: str
    is_there: bool = True


@dataclass(frozen=True)
class LinkKind:
    """A kind of link with the products that it leads to, by their SKUs, in order. ``text``: their
    SKUs as a form sends them, as they were typed; ``was``: as they are stored. ``may_edit``: the
    reader may.
    """

    address: str
    label: str
    products: Mapping[str, LinkedProduct]
    text: str
    was: str
    may_edit: bool
    errors: Sequence[Text]


@dataclass(frozen=True)
class NamingKind:
    """The products that name this one by a kind of link. ``has_more``: others are not told of."""

    label: str
    products: Sequence[LinkedProduct]
    has_more: bool


def link_kinds(
    opened: Session,
    structure: Structure,
    detail: ProductDetail,
    scope: Scope,
    left: UnsavedForm,
    may_edit: Callable[[str], bool],
) -> list[LinkKind]:
    """The product's links to others, one for each kind that the shop has."""
    stored = {
        f"{code}-products": join(detail.document.get(f"{code}-products", ()))
        for code in structure.associations
    }
    texts = {address: left.typed.get(address, was) for address, was in stored.items()}
    shown = linked(opened, structure, scope, (one for text in texts.values() for one in _in(text)))
    return [
        LinkKind(
            address,
            address_label(structure, address),
            {one: shown[one] for one in _in(texts[address])},
            texts[address],
            was,
            may_edit(address),
            left.errors.get(address, ()),
        )
        for address, was in stored.items()
    ]


def _in(text: str) -> Sequence[str]:
    """What a list names; nothing where it is no list, which is complained of beside it."""
    try:
        return split(text, ",")
    except InvalidValue:
        return ()


def linked(
    opened: Session, structure: Structure, scope: Scope, identifiers: Iterable[str]
) -> dict[str, LinkedProduct]:
    """Identifier -> product; one that is not there, or that the reader may not see, is shown by its
    identifier alone.
    """
    wanted = list(dict.fromkeys(identifiers))
    within = policy.visible(principal(), structure)
    filters = Filters(within=within, identifiers=tuple(wanted))
    rows = queries.some(opened, structure, filters, len(wanted)) if wanted else ()
    found = {key_of(one.identifier): one for one in products_of(opened, structure, scope, rows)}
    return {
        one: found.get(key_of(one), LinkedProduct(one, one, "", is_there=False)) for one in wanted
    }


def linked_in(
    opened: Session, structure: Structure, scope: Scope, fields: Iterable[Control]
) -> dict[str, LinkedProduct]:
    """The same for all that the values of some fields name."""
    items = (one for field in fields if field.attribute.type.names_products for one in field.items)
    return linked(opened, structure, scope, items)


def products_of(
    opened: Session, structure: Structure, scope: Scope, rows: Sequence[Any]
) -> list[LinkedProduct]:
    """Rows (:data:`pim.products.queries.LISTED`) as links."""
    return [
        LinkedProduct(one.identifier, _called(one.label, one.axes), one.picture)
        for one in make_rows(opened, structure, scope, (), rows)
    ]


def _called(name: str, axes: str) -> str:
    return f"{name} · {axes}" if axes else name


def naming_kinds(
    opened: Session, structure: Structure, detail: ProductDetail, scope: Scope
) -> list[NamingKind]:
    """The products that name this one, by kind of link."""
    within = policy.visible(principal(), structure)
    return [
        NamingKind(
            address_label(structure, one.address),
            products_of(opened, structure, scope, one.rows),
            one.has_more,
        )
        for one in named_by(opened, structure, detail.product.key, within)
    ]
