"""Making the variants of a model that are missing, copying a product, and taking one away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import request
from flask.typing import ResponseReturnValue

from pim import row_reader as edits
from pim.accounts.permissions import Permission
from pim.errors import NotFound, Text, ngettext, text
from pim.problems import Problem
from pim.products import relatives, revert, service
from pim.products.change import NOTHING_YET, Origin, ProductInput, ProductPlan, RecordKind
from pim.products.combinations import PossibleVariant, combine, wanted
from pim.products.deleting import delete
from pim.products.policy import STEP_PERMISSIONS
from pim.products.queries import ProductDetail
from pim.structure import queries as catalog
from pim.structure.objects import FamilyVariant, Structure
from pim.values import ReadValues, replaced
from pim.web.page import demand, go, needs, now, principal, say, session
from pim.web.products import walk
from pim.web.products.blueprint import pages
from pim.web.products.shared import source, visible_product
from pim.web.products.variants import MOST, chosen_options
from pim.workflow import RETIRED


@pages.post("/product/variants/<identifier:identifier>")
@needs(Permission.PRODUCTS_EDIT)
def make_variants(identifier: str) -> ResponseReturnValue:
    """Makes the combinations that were ticked, all or none."""
    structure = catalog.structure(session())
    detail = visible_product(identifier)
    variant = structure.variants.get(detail.family_variant or "")
    if variant is None or detail.ancestors:
        raise NotFound(text("There is no model “%(code)s”.", code=identifier))
    new = _ticked(variant, detail)
    planned = _plan(structure, new)
    if planned.why_not is not None:
        say(planned.why_not, "warning")
        chosen = chosen_options(variant).items()
        asked: dict[str, Any] = {f"axis-{axis}": codes for axis, codes in chosen}
        return go("products.show", identifier=identifier, tab="variants", **asked)
    made = Origin.by(principal(), "user", f"variants-{uuid4().hex}")
    service.apply(session(), planned.plans, made, now())
    count = sum(one.kind == "product" for one in new)
    say(ngettext("%(num)s variant was made.", "%(num)s variants were made.", count))
    return go("products.show", identifier=identifier, tab="variants", made=made.reference)


def _ticked(variant: FamilyVariant, detail: ProductDetail) -> Sequence[PossibleVariant]:
    """The combinations that the form ticks, under the SKUs that stand beside them, with the models
    that they need.
    """
    below = relatives.below(session(), [detail.product.id])
    possible = combine(variant, detail.product, below, chosen_options(variant))
    ticked = request.form.getlist("make")[:MOST]
    names = {one: request.form.get(f"sku-{one}", one).strip() or one for one in ticked}
    return wanted(possible, names)


@dataclass(frozen=True)
class _PlannedVariants:
    """``why_not``: the first thing that speaks against making them; None where nothing does."""

    plans: Sequence[ProductPlan]
    why_not: Text | None


def _plan(structure: Structure, new: Sequence[PossibleVariant]) -> _PlannedVariants:
    if not new:
        return _PlannedVariants((), text("Tick the variants that are to be made."))
    inputs: list[ProductInput] = []
    problems: list[Problem] = []
    for one in new:
        values, unread = edits.read_form(structure, one.typed)
        inputs.append(ProductInput(one.identifier, values, one.kind, base=NOTHING_YET))
        problems += unread
    plans = service.plan(session(), inputs, source(), now())
    for plan in plans:
        if plan.is_refused:
            problems += plan.problems
    return _PlannedVariants(plans, problems[0].message if problems else None)


@pages.post("/product/variants/undo/<identifier:identifier>")
@needs(Permission.PRODUCTS_REVERT)
def undo_variants(identifier: str) -> ResponseReturnValue:
    """What was made in one step goes in one step; what somebody worked on since is retired."""
    reference = request.form.get("made", "")
    ids = revert.products_of(session(), reference) if reference.startswith("variants-") else []
    undo = Origin.by(principal().for_owner(None), "revert")
    results = revert.revert(session(), reference, ids, undo, now())
    gone = sum(one.outcome in ("removed", "retired") for one in results.values())
    say(ngettext("Undone: %(num)s product is gone.", "Undone: %(num)s products are gone.", gone))
    return go("products.show", identifier=identifier, tab="variants")


@pages.post("/product/duplicate/<identifier:identifier>")
@needs(Permission.PRODUCTS_EDIT)
def duplicate(identifier: str) -> ResponseReturnValue:
    """A draft under another SKU with the same values, but for those that only one may have."""
    structure = catalog.structure(session())
    detail = visible_product(identifier)
    name = request.form.get("identifier", "").strip()
    kind: RecordKind = "model" if detail.product.kind == "model" else "product"
    copy = ProductInput(name, _copied(structure, detail), kind, base=NOTHING_YET)
    [result] = service.write(session(), [copy], source(), now())
    if result.is_refused:
        say(result.problems[0].message, "warning")
        return go("products.show", identifier=identifier)
    say(text("This is a copy of %(code)s.", code=identifier))
    return go("products.show", identifier=name)


def _copied(structure: Structure, detail: ProductDetail) -> ReadValues:
    product = detail.product
    copied: dict[str, Any] = {}
    if product.family:
        copied["family"] = product.family
    if product.family_variant:
        copied["family_variant"] = product.family_variant
    for address, value in product.values.items():
        if address not in structure.unique_at and address != structure.identifier:
            copied[address] = value
    return replaced(copied)


@pages.post("/product/delete/<identifier:identifier>")
@needs(Permission.PRODUCTS_EDIT)
def remove(identifier: str) -> ResponseReturnValue:
    """Gone, where no channel ever saw it; otherwise it is retired."""
    demand(STEP_PERMISSIONS[RETIRED])
    visible_product(identifier)
    result = delete(session(), identifier, source(), now())
    if result.is_refused:
        say(result.problems[0].message, "warning")
    elif result.outcome == "retired":
        say(text("%(code)s is retired: channels have seen it.", code=identifier))
    else:
        say(text("%(code)s is deleted.", code=identifier))
        return go("products.index", **walk.said_list())
    return go("products.show", identifier=identifier)
