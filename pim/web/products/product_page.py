"""What the page of a product shows, tab by tab."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.products import policy
from pim.products.deleting import can_be_deleted
from pim.products.models import Product
from pim.products.policy import STEP_PERMISSIONS
from pim.products.queries import ProductDetail
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.web.page import person, principal, session, show_page
from pim.web.products import around, confirmation, walk
from pim.web.products.around import Box, ProductHeader, Rung, ScopeStanding
from pim.web.products.form import FieldErrors, Form, UnsavedForm, build_form
from pim.web.products.history import Event, events
from pim.web.products.linked import (
    LinkedProduct,
    LinkKind,
    NamingKind,
    link_kinds,
    linked_in,
    naming_kinds,
)
from pim.web.products.picture_texts import PictureText, picture_texts
from pim.web.products.pictures import PictureTile, pictures_in
from pim.web.products.quality_views import (
    DismissedNote,
    FieldMarks,
    QualityNote,
    dismissed,
    field_marks,
    notes,
)
from pim.web.products.scope import chosen_beside, chosen_scope
from pim.web.products.shared import ScopedPage, families, in_scope, visible_product
from pim.web.products.sheet import SheetLook, chosen_look
from pim.web.products.variants import VariantView, variant_view
from pim.workflow import STEPS

TABS = ("values", "variants", "categories", "links", "history")


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
    linked: Mapping[str, LinkedProduct] = field(default_factory=dict)
    links: Sequence[LinkKind] = ()
    named_by: Sequence[NamingKind] = ()
    errors: FieldErrors = field(default_factory=dict)


def show_product(
    identifier: str,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    errors: FieldErrors | None = None,
) -> ResponseReturnValue:
    """The page, on the tab that is asked for; with what was typed there, and why it was refused."""
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    detail = visible_product(identifier)
    asked = request.values.get("tab", TABS[0])
    tab = asked if asked in TABS else TABS[0]
    left = UnsavedForm(typed or {}, errors or {})
    shown = {
        "product": detail.product,
        "tab": tab,
        **in_scope(structure, scope),
        **_around(structure, detail, scope),
        **_in_tab(tab, structure, detail, scope, left),
    }
    if tab == "values":
        shown["marks"] = field_marks(session(), structure, detail, shown["notes"])
    at = url_for("products.show", identifier=identifier, tab=None if tab == TABS[0] else tab)
    return show_page(ProductPage(**shown), status, at=at)


def _in_tab(
    tab: str, structure: Structure, detail: ProductDetail, scope: Scope, left: UnsavedForm
) -> dict[str, Any]:
    """What only this tab shows. Complaints stand beside the fields of a form, and elsewhere above
    all.
    """
    if tab == "values":
        return _values(structure, detail, scope, left)
    shown: dict[str, Any] = {"errors": left.errors}
    if tab == "history":
        shown["events"] = events(session(), structure, detail)
    elif tab == "links":
        allowed = may_edit(structure, detail)
        shown["links"] = link_kinds(session(), structure, detail, scope, left, allowed)
        shown["named_by"] = naming_kinds(session(), structure, detail, scope)
    elif tab == "variants":
        shown["variants"] = variant_view(session(), structure, detail, scope)
    return shown


def _values(
    structure: Structure, detail: ProductDetail, scope: Scope, left: UnsavedForm
) -> dict[str, Any]:
    beside = chosen_beside(structure)
    form = build_form(structure, detail, scope, may_edit(structure, detail), left, beside)
    fields = (one for group in form.groups for one in group.fields)
    return {
        "form": form,
        "pictures": pictures_in(session(), form),
        "picture_texts": picture_texts(session(), structure, form, scope),
        "beside": beside,
        "families": families(structure),
        "linked": linked_in(session(), structure, scope, fields),
    }


def may_edit(structure: Structure, detail: ProductDetail) -> Callable[[str], bool]:
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
