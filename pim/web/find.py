"""The command field of every page: what somebody types or pastes leads to products, pages, feeds
and what can be done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.attributes.lists import join
from pim.errors import Text, ngettext, text
from pim.products import finding, policy
from pim.products.finding import FoundProducts
from pim.structure import queries as catalog
from pim.web import commands
from pim.web.commands import Offer
from pim.web.page import PageContent, needs, principal, session, show_page, tell
from pim.web.products.rows import make_rows
from pim.web.products.scope import chosen_scope

pages = Blueprint("find", __name__)
PRODUCTS = 8
"""Products that are offered at once."""
LONGEST = 200
"""Characters of what somebody typed that are looked at, where it is no list."""


@dataclass(frozen=True)
class OfferGroup:
    """Offers of one kind. ``label``: what they are, empty for one that speaks for itself."""

    label: Text | None
    offers: Sequence[Offer]


@dataclass(frozen=True)
class OffersPart(PageContent):
    """What is offered for what was typed, in the dialog. ``is_choice``: as the options of a
    listbox, which a script walks through, and not as links.
    """

    template = "find/offers.html"
    groups: Sequence[OfferGroup]
    typed: str
    is_choice: bool = True


@dataclass(frozen=True)
class FindPage(PageContent):
    """The same as a page, for who has no scripts."""

    template = "find/show.html"
    groups: Sequence[OfferGroup]
    typed: str
    is_choice: bool = field(default=False)


@pages.get("/find")
@needs(Permission.PRODUCTS_VIEW)
def show() -> ResponseReturnValue:
    typed = request.args.get("q", "")
    return show_page(FindPage(_groups(typed), typed))


@pages.post("/find")
@needs(Permission.PRODUCTS_VIEW, reading=True)
def offer() -> ResponseReturnValue:
    """For the dialog: a list that somebody pasted may be longer than an address."""
    typed = request.form.get("q", "")
    return show_page(OffersPart(_groups(typed), typed), at=url_for("find.show"))


def _groups(typed: str) -> list[OfferGroup]:
    """The best first: a list, the product with this SKU, then pages and what can be done, then
    products with these words.
    """
    asked = typed[:LONGEST]
    places = [
        OfferGroup(text("Go to"), commands.pages(asked)),
        OfferGroup(text("Do"), commands.actions(session(), asked)),
    ]
    found = _found(asked)
    products = OfferGroup(_heading(found), list(_products(found, asked)))
    groups = [products, *places] if found.is_named else [*places, products]
    groups.insert(0, OfferGroup(None, list(_list(typed))))
    return [one for one in groups if one.offers]


def _found(typed: str) -> FoundProducts:
    structure = catalog.structure(session())
    within = policy.visible(principal(), structure)
    return finding.find(session(), structure, typed, within, PRODUCTS)


def _heading(found: FoundProducts) -> Text:
    if found.meant:
        return text("Products, for “%(words)s”", words=found.meant)
    return text("Products")


def _products(found: FoundProducts, typed: str) -> Iterator[Offer]:
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    for line in make_rows(session(), structure, scope, (), found.rows):
        hint = f"{line.identifier} · {line.axes}" if line.axes else line.identifier
        yield Offer(
            label=line.label,
            hint=hint,
            url=url_for("products.show", identifier=line.identifier),
            icon="stack-2" if line.is_model else "package",
            picture=line.picture,
        )
    if len(found.rows) == PRODUCTS:
        words = found.meant or typed.strip()
        label = tell(text("All products with “%(words)s”", words=words))
        yield Offer(label, "", url_for("products.index", q=words), "list-search")


def _list(pasted: str) -> Iterator[Offer]:
    """A pasted list of SKUs and EANs as one list of products."""
    items = finding.items_of(pasted)
    if len(items) < 2:
        return
    structure = catalog.structure(session())
    known = finding.named(session(), structure, items, policy.visible(principal(), structure))
    count = len(known.identifiers)
    if not count:
        return
    url = url_for("products.index", sku=join([*known.identifiers, *known.unknown]))
    yield Offer(_show_these(count), _left_out(known), url, "list-search")


def _show_these(count: int) -> str:
    return tell(ngettext("Show this %(num)s product", "Show these %(num)s products", count))


def _left_out(known: finding.NamedProducts) -> str:
    said = []
    if known.unknown:
        said.append(tell(text("Unknown: %(codes)s.", codes=", ".join(known.unknown))))
    if known.left_out:
        said.append(
            tell(
                text(
                    "A list has at most %(most)s; %(count)s more were left out.",
                    most=finding.MOST_NAMED,
                    count=known.left_out,
                )
            )
        )
    return " ".join(said)
