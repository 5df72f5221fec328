"""The page of one product, and saving what somebody changed on it."""

from collections.abc import Iterable, Mapping

from flask import request
from flask.typing import ResponseReturnValue

from pim import row_reader as edits
from pim.accounts.permissions import Permission
from pim.errors import Text, text
from pim.http.numbers import number_from
from pim.problems import Problem
from pim.products import queries, service
from pim.products.change import ProductInput, RecordKind
from pim.products.queries import ProductDetail
from pim.quality import service as quality
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.values import ReadValues
from pim.web.page import go, needs, now, session
from pim.web.products import around
from pim.web.products.blueprint import pages
from pim.web.products.form import FieldErrors, changed_texts, complaints, lost_fields
from pim.web.products.outcome import in_words, say_saved
from pim.web.products.pictures import receive, with_new
from pim.web.products.product_page import show_product
from pim.web.products.scope import chosen_scope
from pim.web.products.shared import new_step, source, undo_of, visible_product
from pim.web.products.unlocked import FeedsBefore, reaches_feeds, say_entering


@pages.get("/products/<identifier:identifier>")
@needs(Permission.PRODUCTS_VIEW)
def show(identifier: str) -> ResponseReturnValue:
    return show_product(identifier)


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
        return show_product(
            identifier, 422, typed, {**_refusals(detail, planned.problems), **errors}
        )
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
        return show_product(detail.product.identifier, status, typed, errors)
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


@pages.post("/product/categories/<identifier:identifier>")
@needs(Permission.PRODUCTS_EDIT)
def categories(identifier: str) -> ResponseReturnValue:
    detail = visible_product(identifier)
    ticked = {"categories": request.form.getlist("category")}
    return _write(detail, edits.read_lists(catalog.structure(session()), ticked), {})
