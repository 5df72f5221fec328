"""A new product, or a new model, whose variants are made on its page next."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from pim import row_reader as edits
from pim.accounts.permissions import Permission
from pim.errors import Denied, text
from pim.labels import label
from pim.products import service
from pim.products.change import NOTHING_YET, ProductInput, RecordKind
from pim.structure import queries as catalog
from pim.structure.objects import FamilyVariant, Structure
from pim.web.page import PageContent, go, language, needs, now, person, session, show_page, tell
from pim.web.products.blueprint import pages
from pim.web.products.form import FieldErrors
from pim.web.products.shared import families, source

MODEL = "model:"
"""Before the code of a family variant, where a model is chosen instead of a product."""


@dataclass(frozen=True)
class NewProductPage(PageContent):
    """``form``: what was typed; ``errors``: what is wrong with it, by field. ``families``: value
    and label of what there is to choose, products and models.
    """

    template = "products/new.html"
    form: Mapping[str, str]
    errors: FieldErrors
    families: list[tuple[str, str]]


@pages.get("/product/new")
@needs(Permission.PRODUCTS_EDIT)
def new() -> ResponseReturnValue:
    if not person().may_create_products:
        raise Denied(text("You may not create products here."))
    return show_page(NewProductPage({}, {}, _choices(catalog.structure(session()))))


@pages.post("/product/new")
@needs(Permission.PRODUCTS_EDIT)
def create() -> ResponseReturnValue:
    structure = catalog.structure(session())
    choices = _choices(structure)
    chosen = request.form.get("family", "")
    made = _input(structure, request.form.get("identifier", "").strip(), chosen)
    if chosen in dict(choices):
        errors = edits.refusals(service.write(session(), [made], source(), now())[0].problems)
    else:
        errors = edits.refusals(service.plan(session(), [made], source(), now())[0].problems)
        errors["family"] = [
            text("Choose a family: without one nothing says which values the product has.")
        ]
    if errors:
        return show_page(NewProductPage(request.form, errors, choices), 422)
    return go("products.show", identifier=made.identifier)


def _input(structure: Structure, identifier: str, chosen: str) -> ProductInput:
    """A model takes its family from its family variant."""
    is_model = chosen.startswith(MODEL)
    place = {"family_variant": chosen.removeprefix(MODEL)} if is_model else {"family": chosen}
    values, _ = edits.read_form(structure, place)
    kind: RecordKind = "model" if is_model else "product"
    return ProductInput(identifier, values, kind, base=NOTHING_YET)


def _choices(structure: Structure) -> list[tuple[str, str]]:
    """Each family, with the models that its variants may have."""
    found = []
    for family, name in families(structure):
        found.append((family, name))
        found += [
            (f"{MODEL}{code}", _model_label(structure, name, variant))
            for code, variant in structure.variants.items()
            if variant.family == family
        ]
    return found


def _model_label(structure: Structure, family: str, variant: FamilyVariant) -> str:
    axes = [axis for level in variant.levels for axis in level.axes]
    names = [label(structure.attributes[axis].labels, language(), axis) for axis in axes]
    return tell(
        text("%(family)s: a model with variants by %(axes)s", family=family, axes=tuple(names))
    )
