"""What moves one product through the workflow: approval, the other steps, and undoing a change."""

from flask import request
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Invalid, text
from pim.products import publishing, service
from pim.products.change import Origin, ProductInput, RecordKind
from pim.products.history import unpublished_addresses
from pim.products.policy import STEP_PERMISSIONS
from pim.products.revert import values_before
from pim.structure import queries as catalog
from pim.web.page import (
    demand,
    go,
    needs,
    now,
    principal,
    say,
    session,
)
from pim.web.products import around
from pim.web.products.blueprint import pages
from pim.web.products.product import visible_product
from pim.web.products.shared import source
from pim.workflow import STATUSES


@pages.post("/product/approve/<path:identifier>")
@needs(Permission.PRODUCTS_APPROVE)
def approve(identifier: str) -> ResponseReturnValue:
    structure = catalog.structure(session())
    product = visible_product(identifier).product
    before = None if product.published is None else unpublished_addresses(product)
    result = publishing.approve(
        session(), [identifier], source(), now(), request.form.get("reason", "").strip()
    )[0]
    if result.is_refused:
        say(result.problems[0].message, "warning")
    else:
        session().expire_all()
        say(around.published_sentence(structure, before, visible_product(identifier)))
    return go("products.show", identifier=identifier)


@pages.post("/product/move/<path:identifier>")
@needs(Permission.PRODUCTS_EDIT)
def move(identifier: str) -> ResponseReturnValue:
    """To draft, review or retired; retiring takes more than editing."""
    status = request.form.get("status", "")
    if status not in STATUSES:
        raise Invalid({"status": [text("There is no such status.")]})
    demand(STEP_PERMISSIONS[status])
    result = publishing.move(session(), [identifier], status, source(), now())[0]
    if result.is_refused:
        say(result.problems[0].message, "warning")
    return go("products.show", identifier=identifier)


@pages.post("/product/undo/<path:identifier>")
@needs(Permission.PRODUCTS_REVERT)
def undo(identifier: str) -> ResponseReturnValue:
    """Gives the values of one change back what they held before it, whoever owns them."""
    detail = visible_product(identifier)
    restored = values_before(session(), detail.product.id, request.form.get("change", 0, type=int))
    kind: RecordKind = "model" if detail.product.kind == "model" else "product"
    result = service.write(
        session(),
        [ProductInput(identifier, restored, kind)],
        Origin.by(principal().for_owner(None), "revert"),
        now(),
    )[0]
    around.say_undone(catalog.structure(session()), result, restored)
    return go("products.show", identifier=identifier, tab="history")
