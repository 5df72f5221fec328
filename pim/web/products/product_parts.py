"""Parts of the page of a product that are loaded after it, or asked for by its scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.assets import queries as assets
from pim.assets.queries import AssetFilters
from pim.errors import NotFound
from pim.products import finding, policy
from pim.structure import queries as catalog
from pim.structure.objects import why_no_address
from pim.web.page import PageContent, database, needs, principal, session, show_page
from pim.web.products.blueprint import pages
from pim.web.products.channels import FeedStanding, in_feeds
from pim.web.products.form import FieldErrors
from pim.web.products.history import Event, events
from pim.web.products.linked import OFFERED, LinkedProduct, linked, products_of
from pim.web.products.pictures import PictureTile, pictures, receive
from pim.web.products.product_page import may_edit
from pim.web.products.provenance import Provenance, provenance
from pim.web.products.scope import chosen_scope
from pim.web.products.shared import visible_product
from pim.workflow import RETIRED

CHOICES = 24
"""Pictures to choose from at once."""
RECENT = 8
"""Changes that the panel beside the sheet shows."""


@dataclass(frozen=True)
class ChannelsPart(PageContent):
    """Whether each feed takes the product; loaded into its page. ``is_forecast``: it says what an
    approval would change.
    """

    template = "products/channels.html"
    feeds: list[FeedStanding]
    identifier: str
    is_forecast: bool


@dataclass(frozen=True)
class RecentPart(PageContent):
    """The latest changes, for the panel beside the sheet. ``more``: whether there are others."""

    template = "products/recent.html"
    events: Sequence[Event]
    more: bool
    identifier: str


@dataclass(frozen=True)
class ChoosePicturesPart(PageContent):
    """``found``: pictures to choose from; ``name``: of the control that takes them."""

    template = "products/choose_pictures.html"
    found: Sequence[PictureTile]
    name: str


@dataclass(frozen=True)
class LinkOffersPart(PageContent):
    """``found``: products to choose from; ``meant``: the words that they were found by, where those
    that were typed find nothing.
    """

    template = "products/link_offers.html"
    found: Sequence[LinkedProduct]
    meant: str


@dataclass(frozen=True)
class ValuePart(PageContent):
    """Where one value comes from, opened beside its field. ``may_return``: the reader may give it
    back what a file said.
    """

    template = "products/value.html"
    about: Provenance
    identifier: str
    may_return: bool


@dataclass(frozen=True)
class PicturesPart(PageContent):
    """``taken``: address -> codes of files that came with a form; ``refused``: address ->
    complaints.
    """

    template = "products/pictures.html"
    pictures: Mapping[str, PictureTile]
    taken: Mapping[str, list[str]]
    refused: FieldErrors


@pages.get("/product/link-offers")
@needs(Permission.PRODUCTS_VIEW)
def link_offers() -> ResponseReturnValue:
    """Products for a picker of links: for the words somebody types, also with a slip, or those that
    a draft names.
    """
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    named = request.args.getlist("sku")
    if named:
        return show_page(
            LinkOffersPart(list(linked(session(), structure, scope, named).values()), "")
        )
    within = policy.visible(principal(), structure)
    found = finding.find(session(), structure, request.args.get("q", ""), within, OFFERED)
    # A SKU finds what is retired too, and nobody wants to lead customers there.
    rows = [row for row in found.rows if row.status != RETIRED]
    offered = products_of(session(), structure, scope, rows)
    return show_page(LinkOffersPart(offered, found.meant))


@pages.get("/product/assets")
@needs(Permission.MEDIA_VIEW)
def choose_pictures() -> ResponseReturnValue:
    """Pictures that are there already, newest first, for a field of an open form."""
    words = request.args.get("q", "").strip()
    rows = assets.page(session(), AssetFilters(words)).rows[:CHOICES]
    shown = pictures(session(), [one.code for one in rows])
    return show_page(
        ChoosePicturesPart(list(shown.values()), f"value-{request.args.get('address', '')}")
    )


@pages.get("/product/channels/<identifier:identifier>")
@needs(Permission.PRODUCTS_VIEW)
def channels(identifier: str) -> ResponseReturnValue:
    """A part of the product's page, loaded after it: it asks every feed."""
    visible_product(identifier)
    is_forecast = request.args.get("if") == "approved"
    found = in_feeds(session(), catalog.structure(session()), identifier, if_approved=is_forecast)
    return show_page(ChannelsPart(found, identifier, is_forecast))


@pages.get("/product/recent/<identifier:identifier>")
@needs(Permission.PRODUCTS_VIEW)
def recent(identifier: str) -> ResponseReturnValue:
    """A part of the product's page, loaded when it is looked at."""
    detail = visible_product(identifier)
    past = events(session(), catalog.structure(session()), detail, RECENT + 1)
    return show_page(RecentPart(past[:RECENT], len(past) > RECENT, identifier))


@pages.get("/product/value/<identifier:identifier>")
@needs(Permission.PRODUCTS_VIEW)
def about_value(identifier: str) -> ResponseReturnValue:
    """A part of the product's page, loaded when somebody asks for it."""
    structure = catalog.structure(session())
    detail = visible_product(identifier)
    address = request.args.get("address", "")
    if address not in structure.attribute_at:
        raise NotFound(why_no_address(structure, address))
    about = provenance(session(), structure, detail, address)
    is_own = about.holder == detail.product.identifier
    may_return = is_own and may_edit(structure, detail)(address)
    return show_page(ValuePart(about, detail.product.identifier, may_return))


@pages.post("/product/pictures")
@needs(Permission.PRODUCTS_EDIT, reading=True)
def add_pictures() -> ResponseReturnValue:
    """Takes pictures in for a form that is still open. Decoding takes time, so the database is
    written to after it, and briefly.
    """
    received = receive(catalog.structure(session()), request.files)
    with database().writing_page() as opened:
        taken = received.record(opened)
        shown = pictures(opened, [code for codes in taken.values() for code in codes])
    return show_page(PicturesPart(shown, taken, received.refused))
