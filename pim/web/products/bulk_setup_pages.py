"""Setting a bulk edit up: a selection, and what is to be done to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from pim.accounts.permissions import Permission
from pim.attributes.lists import join
from pim.bulk_edits import queries, selection, service
from pim.bulk_edits.models import BulkEdit
from pim.bulk_edits.selection import Selection
from pim.bulk_edits.steps import TakeStep, read_steps
from pim.errors import Invalid, Text, text
from pim.http.numbers import number_from
from pim.products.finding import MOST_NAMED
from pim.structure import queries as catalog
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
from pim.web.products import bulk_form, listing, walk
from pim.web.products.blueprint import pages
from pim.web.products.bulk_access import (
    demand_status,
    own_draft,
    sentences,
    to_preview,
)
from pim.web.products.bulk_form import StepForm, step_form
from pim.web.products.pictures import PictureTile, Received, pictures, receive
from pim.web.products.scope import chosen_scope, spelled


@dataclass(frozen=True)
class ConfigurePage(PageContent):
    """Setting a bulk edit up. ``steps``: those it has, as sentences. ``form``: of the next one;
    ``errors``: what is wrong with it; ``pictures``: those that stand in it. ``spelled``: the scope
    as addresses say it.
    """

    template = "bulk/configure.html"
    parts = ("widgets/asset.html",)
    edit: BulkEdit
    steps: Sequence[Text]
    form: StepForm
    errors: Sequence[Text]
    pictures: Mapping[str, PictureTile]
    list_url: str
    spelled: str


@pages.post("/products/bulk")
@needs(Permission.PRODUCTS_EDIT, reading=True)
def begin_bulk_edit() -> ResponseReturnValue:
    """With the ticked products, or with all that the list's filters match; finding those may take
    longer than others should wait.
    """
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    form = request.form
    if form.get("open") == "translate":
        return go("products.translate", **{"from": _spelled_selection(form)})
    matching = "all" in form
    if matching:
        filters = listing.visible_filters(structure, form, scope)
        ids = selection.all_that_match(session(), structure, filters)
    else:
        names = form.getlist("identifier")
        ids = selection.named(session(), structure, principal(), names)
    chosen = Selection(len(ids), listing.kept(form) if matching else None)
    products = selection.with_variants(session(), ids)
    step = TakeStep(form["to"]) if form.get("to") else None
    if step is not None:
        demand_status(step)
    with database().writing_page() as writing:
        edit = service.begin(writing, chosen, products, person().email, now())
        if step is None:
            return go("products.bulk_edit", edit_id=edit.id, do=form.get("do") or None)
        service.set_steps(writing, edit, [step])
        return to_preview(writing, edit)


def _spelled_selection(form: MultiDict[str, str]) -> str:
    """The selection as the list that an address says: what the filters match, or the ticked
    products by name.
    """
    names = form.getlist("identifier")
    if "all" in form:
        return urlencode(listing.kept(form))
    if not names:
        raise Invalid({"identifier": [text("Choose at least one product.")]})
    if len(names) > MOST_NAMED:
        raise Invalid({"identifier": [_too_many(len(names))]})
    return urlencode({"sku": join(names)})


def _too_many(number: int) -> Text:
    return text(
        "So many cannot be translated by name: %(count)s selected, %(most)s at most. Filter the"
        " list instead, and select all that match.",
        most=MOST_NAMED,
        count=number,
    )


def configure(
    edit: BulkEdit,
    said_so_far: MultiDict[str, str],
    typed: MultiDict[str, str] | None,
    errors: Sequence[Text],
) -> ResponseReturnValue:
    """The page of a bulk edit that is set up; ``errors``: why its next step is none."""
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    may_approve = person().may(Permission.PRODUCTS_APPROVE)
    form = step_form(structure, scope, said_so_far, may_approve, typed)
    content = ConfigurePage(
        edit=edit,
        steps=sentences(structure, edit),
        form=form,
        errors=errors,
        pictures=_pictures_in(form),
        list_url=walk.back(),
        spelled=spelled(scope),
    )
    at = url_for("products.bulk_edit", edit_id=edit.id, do=form.doing, attribute=form.attribute)
    return show_page(content, 422 if errors else 200, at=at)


def _pictures_in(form: StepForm) -> Mapping[str, PictureTile]:
    if form.field is None or not form.field.attribute.type.names_assets:
        return {}
    return pictures(session(), form.field.items)


@pages.post("/products/bulk/<edit_id>/steps")
@needs(Permission.PRODUCTS_EDIT, reading=True)
def add_bulk_step(edit_id: str) -> ResponseReturnValue:
    """One more step; then another one, or the preview. Decoding pictures takes time, so the
    database is written to after it.
    """
    edit = own_draft(edit_id)
    structure = catalog.structure(session())
    received = receive(structure, request.files)
    form = _with_received(received, request.form)
    try:
        if received.refused:
            raise Invalid(received.refused)
        step = bulk_form.posted_step(structure, form)
        demand_status(step)
        with database().writing_page() as writing:
            edit = queries.get(writing, edit_id)
            service.set_steps(writing, edit, (*read_steps(edit.steps), step))
            if form.get("then") == "preview":
                return to_preview(writing, edit)
            return go("products.bulk_edit", edit_id=edit.id)
    except Invalid as error:
        wrong = error.sentences
        return configure(own_draft(edit_id), form, form, wrong)


def _with_received(received: Received, form: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form with the files that came with it as if somebody had chosen them there, so that they
    are still in it should something else be refused.
    """
    if not received.prepared:
        return form
    with database().writing_page() as writing:
        recorded = received.record(writing)
    filled = MultiDict(form)
    for address, codes in recorded.items():
        for code in codes:
            filled.add(f"value-{address}", code)
    return filled


@pages.post("/products/bulk/<edit_id>/steps/remove")
@needs(Permission.PRODUCTS_EDIT)
def remove_bulk_step(edit_id: str) -> ResponseReturnValue:
    edit = own_draft(edit_id)
    place = request.form.get("place", -1, type=number_from)
    steps = [one for number, one in enumerate(read_steps(edit.steps)) if number != place]
    service.set_steps(session(), edit, steps)
    return go("products.bulk_edit", edit_id=edit.id)


@pages.post("/products/bulk/<edit_id>/preview")
@needs(Permission.PRODUCTS_EDIT)
def try_bulk_edit(edit_id: str) -> ResponseReturnValue:
    return to_preview(session(), own_draft(edit_id))
