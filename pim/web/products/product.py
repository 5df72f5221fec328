"""The pages of one product: its form, its categories, links, pictures and feeds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim import row_reader as edits
from pim.accounts.permissions import Permission
from pim.assets import queries as assets
from pim.assets.queries import AssetFilters
from pim.errors import NotFound, Text, text
from pim.http.numbers import number_from
from pim.problems import Problem
from pim.products import finding, policy, queries, service
from pim.products.change import ProductInput, RecordKind
from pim.products.deleting import can_be_deleted
from pim.products.models import Product
from pim.products.policy import STEP_PERMISSIONS
from pim.products.queries import ProductDetail
from pim.quality import service as quality
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure, why_no_address
from pim.values import ReadValues
from pim.web.page import (
    PageContent,
    database,
    go,
    needs,
    now,
    person,
    principal,
    session,
    show_page,
)
from pim.web.products import around, confirmation, walk
from pim.web.products.around import Box, ProductHeader, Rung, ScopeStanding
from pim.web.products.blueprint import pages
from pim.web.products.channels import FeedStanding, in_feeds
from pim.web.products.form import (
    FieldErrors,
    Form,
    UnsavedForm,
    build_form,
    changed_texts,
    complaints,
    lost_fields,
)
from pim.web.products.history import Event, events
from pim.web.products.linked import (
    OFFERED,
    LinkedProduct,
    LinkKind,
    NamingKind,
    link_kinds,
    linked,
    linked_in,
    naming_kinds,
    products_of,
)
from pim.web.products.outcome import in_words, say_saved
from pim.web.products.picture_texts import PictureText, picture_texts
from pim.web.products.pictures import PictureTile, pictures, pictures_in, receive, with_new
from pim.web.products.provenance import Provenance, provenance
from pim.web.products.quality_views import (
    DismissedNote,
    FieldMarks,
    QualityNote,
    dismissed,
    field_marks,
    notes,
)
from pim.web.products.scope import chosen_beside, chosen_scope
from pim.web.products.shared import (
    ScopedPage,
    families,
    in_scope,
    new_step,
    source,
    undo_of,
)
from pim.web.products.sheet import SheetLook, chosen_look
from pim.web.products.unlocked import FeedsBefore, reaches_feeds, say_entering
from pim.web.products.variants import VariantView, variant_view
from pim.workflow import STEPS

TABS = ("values", "variants", "categories", "links", "history")
CHOICES = 24
"""Pictures to choose from at once."""
RECENT = 8
"""Changes that the panel beside the sheet shows."""


@dataclass(frozen=True)
class ProductPage(ScopedPage):
    """``head``: the top of the page. ``standings``: how complete it is in each scope, also
    ``by_channel``. ``notes``: what may be wrong, and ``dismissed`` what somebody called right.
    ``neighbours``: addresses of the products beside it in the list. ``bar``: its
    variants. ``steps``: of the workflow, those that the person may take; ``seen``: what an
    approval says it was given on.

    What only one tab shows is empty in the others: ``form``, ``pictures``, their
    ``picture_texts``, the ``marks`` of what may be wrong beside a field, ``beside`` and
    ``families`` of the values, ``events`` of the history, ``variants`` of the table of them.
    ``linked``: identifier -> the product that a value names. ``links``: to other products, and
    ``named_by`` from others to this one. ``look``: how the reader likes the sheet.
    ``variants_below``: how many variants each model of the bar has. ``can_be_deleted``: no channel
    ever saw it. ``errors``: of the tabs without a form of values.
    """

    template = "products/show.html"
    parts = (
        *(f"pages/products/tab_{tab}.html" for tab in TABS),
        *("widgets/asset.html", "widgets/link.html"),
    )
    product: Product
    tab: str
    head: ProductHeader
    standings: list[ScopeStanding]
    notes: list[QualityNote]
    dismissed: list[DismissedNote]
    by_channel: list[tuple[str, list[ScopeStanding]]]
    list_url: str
    neighbours: tuple[str, str]
    bar: list[Rung]
    boxes: list[Box]
    steps: list[str]
    seen: str
    linked: Mapping[str, LinkedProduct]
    can_be_deleted: bool
    look: SheetLook
    variants_below: Mapping[str, int]
    form: Form | None = None
    pictures: Mapping[str, PictureTile] = field(default_factory=dict)
    picture_texts: Mapping[str, Sequence[PictureText]] = field(default_factory=dict)
    marks: Mapping[str, FieldMarks] = field(default_factory=dict)
    beside: str = ""
    families: Sequence[tuple[str, str]] = ()
    events: Sequence[Event] = ()
    variants: VariantView | None = None
    links: Sequence[LinkKind] = ()
    named_by: Sequence[NamingKind] = ()
    errors: FieldErrors = field(default_factory=dict)


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


@pages.get("/products/<identifier:identifier>")
@needs(Permission.PRODUCTS_VIEW)
def show(identifier: str) -> ResponseReturnValue:
    return _show(identifier)


@pages.post("/products/<identifier:identifier>")
@needs(Permission.PRODUCTS_EDIT)
def save(identifier: str) -> ResponseReturnValue:
    """Only what differs from what the form was drawn with is sent on, together with the version it
    was drawn from.
    """
    structure = catalog.structure(session())
    detail = visible_product(identifier)
    typed = changed_texts(structure, request.form)
    received = receive(structure, request.files)
    for address, codes in received.record(session()).items():
        typed[address] = with_new(
            structure, address, typed.get(address, request.form.get(f"was-{address}", "")), codes
        )
    values, problems = edits.read_form(structure, typed)
    lost = lost_fields(structure, request.form)
    errors = {**edits.refusals(problems), **received.refused, **lost}
    if errors:
        # What can be read may be refused as well, and is told in the same round.
        [planned] = service.plan(session(), [_edit(detail, values)], source(), now())
        return _show(identifier, 422, typed, {**_refusals(detail, planned.problems), **errors})
    return _write(detail, values, typed)


def _write(
    detail: ProductDetail, values: ReadValues, typed: Mapping[str, str]
) -> ResponseReturnValue:
    structure = catalog.structure(session())
    before = (
        FeedsBefore(session(), detail.product.identifier)
        if reaches_feeds(structure, values)
        else None
    )
    step = new_step()
    [result] = service.write(session(), [_edit(detail, values)], source(step), now())
    if result.is_refused:
        status = 409 if any(problem.rule == "conflict" for problem in result.problems) else 422
        errors = _refusals(detail, result.problems)
        return _show(detail.product.identifier, status, typed, errors)
    quality.check_now(session(), structure, [detail.product.id])
    say_saved(structure, result, _saved(structure, detail.product.identifier), undo_of(step))
    say_entering(before)
    return go("products.show", identifier=detail.product.identifier, tab=request.form.get("tab"))


def _refusals(detail: ProductDetail, problems: Iterable[Problem]) -> FieldErrors:
    structure = catalog.structure(session())
    return complaints(in_words(structure, detail.document, problem) for problem in problems)


def _edit(detail: ProductDetail, values: ReadValues) -> ProductInput:
    base = request.form.get("version", type=number_from)
    kind: RecordKind = "model" if detail.product.kind == "model" else "product"
    return ProductInput(detail.product.identifier, values, kind, base=base)


def _saved(structure: Structure, identifier: str) -> Text:
    scope = chosen_scope(structure)
    session().expire_all()  # the write path does not go through the objects of this session
    here = [
        one
        for one in around.standings(structure, queries.get(session(), identifier), scope)
        if one.is_chosen
    ]
    if not here:
        return text("Saved.")
    where = f"{here[0].channel} ({here[0].locale})"
    return text("Saved. %(where)s: %(percent)s %% complete.", where=where, percent=here[0].percent)


def _show(
    identifier: str,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    errors: FieldErrors | None = None,
) -> ResponseReturnValue:
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    detail = visible_product(identifier)
    tab = request.values.get("tab", TABS[0])
    context: dict[str, Any] = {
        "product": detail.product,
        "tab": tab if tab in TABS else TABS[0],
    }
    context |= in_scope(structure, scope) | _around(structure, detail, scope)
    if context["tab"] == "values":
        left, beside = UnsavedForm(typed or {}, errors or {}), chosen_beside(structure)
        form = build_form(structure, detail, scope, _may_edit(structure, detail), left, beside)
        fields = (one for group in form.groups for one in group.fields)
        context |= {
            "form": form,
            "pictures": pictures_in(session(), form),
            "picture_texts": picture_texts(session(), structure, form, scope),
            "marks": field_marks(session(), structure, detail, context["notes"]),
            "beside": beside,
            "families": families(structure),
            "linked": linked_in(session(), structure, scope, fields),
        }
    else:
        past = events(session(), structure, detail) if context["tab"] == "history" else []
        context |= {"errors": errors or {}, "events": past, "linked": {}}
    if context["tab"] == "links":
        left, may_edit = UnsavedForm(typed or {}, errors or {}), _may_edit(structure, detail)
        context["links"] = link_kinds(session(), structure, detail, scope, left, may_edit)
        context["named_by"] = naming_kinds(session(), structure, detail, scope)
    if context["tab"] == "variants":
        context["variants"] = variant_view(session(), structure, detail, scope)
    part = None if context["tab"] == TABS[0] else context["tab"]
    at = url_for("products.show", identifier=identifier, tab=part)
    return show_page(ProductPage(**context), status, at=at)


def _may_edit(structure: Structure, detail: ProductDetail) -> Callable[[str], bool]:
    """Whether the person who asks may change the value at an address of this product."""
    categories = policy.categories_of(detail.document)
    return lambda address: policy.may_write(principal(), structure, address, categories)


def _around(structure: Structure, detail: ProductDetail, scope: Scope) -> dict[str, object]:
    standings = around.standings(structure, detail, scope)
    bar = around.variant_bar(session(), structure, detail, scope)
    return {
        "head": around.head(session(), structure, detail, scope),
        "standings": standings,
        "notes": notes(session(), structure, detail, scope),
        "dismissed": dismissed(session(), structure, detail),
        "by_channel": [
            (channel, list(rows))
            for channel, rows in groupby(standings, key=lambda one: one.channel)
        ],
        "list_url": walk.back(),
        "neighbours": walk.beside(session(), structure, scope, detail.product),
        "bar": bar,
        "variants_below": {
            one.identifier: one.progress.variants
            for rung in bar
            for one in rung.tiles
            if one.progress is not None
        },
        "boxes": around.category_boxes(structure, detail.document.get("categories", ())),
        "seen": confirmation.seen_on_page(detail),
        # What has no family yet is asked for one.
        "can_be_deleted": can_be_deleted(detail),
        "look": chosen_look("" if detail.product.family else "facts"),
        "steps": [
            step for step in STEPS[detail.product.status] if person().may(STEP_PERMISSIONS[step])
        ],
    }


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
    offered = products_of(session(), structure, scope, found.rows)
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
    may_return = is_own and _may_edit(structure, detail)(address)
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


@pages.post("/product/categories/<identifier:identifier>")
@needs(Permission.PRODUCTS_EDIT)
def categories(identifier: str) -> ResponseReturnValue:
    detail = visible_product(identifier)
    ticked = {"categories": request.form.getlist("category")}
    return _write(detail, edits.read_lists(catalog.structure(session()), ticked), {})


def visible_product(identifier: str) -> ProductDetail:
    """A product that the person who asks may see. For them others are not there: NotFound."""
    detail = queries.get(session(), identifier)
    if not policy.may_see(principal(), catalog.structure(session()), detail.document):
        raise NotFound(text("There is no product “%(code)s”.", code=identifier))
    return detail
