"""Setting a bulk edit up: a selection, and what is to be done to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from pim.accounts.permissions import Permission
from pim.attributes.lists import join
from pim.bulk_edits import selection, service
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
from pim.web.products.scope import chosen_scope, spelled


@dataclass(frozen=True)
class ConfigurePage(PageContent):
    """Setting a bulk edit up. ``steps``: those it has, as sentences. ``form``: of the next one;
    ``errors``: what is wrong with it. ``spelled``: the scope as addresses say it.
    """

    template = "bulk/configure.html"
    edit: BulkEdit
    steps: Sequence[Text]
    form: StepForm
    errors: Sequence[Text]
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
        list_url=walk.back(),
        spelled=spelled(scope),
    )
    at = url_for("products.bulk_edit", edit_id=edit.id, do=form.doing, attribute=form.attribute)
    return show_page(content, 422 if errors else 200, at=at)


@pages.post("/products/bulk/<edit_id>/steps")
@needs(Permission.PRODUCTS_EDIT)
def add_bulk_step(edit_id: str) -> ResponseReturnValue:
    """One more step; then another one, or the preview."""
    edit = own_draft(edit_id)
    structure = catalog.structure(session())
    try:
        step = bulk_form.posted_step(structure, request.form)
        demand_status(step)
        service.set_steps(session(), edit, (*read_steps(edit.steps), step))
    except Invalid as error:
        wrong = [one for texts in error.messages.values() for one in texts]
        return configure(edit, request.form, request.form, wrong)
    if request.form.get("then") == "preview":
        return to_preview(session(), edit)
    return go("products.bulk_edit", edit_id=edit.id)


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
