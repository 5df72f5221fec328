"""What somebody says of a quality warning: that the value is right as it is, or that it is not
after all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Denied, text
from pim.products import policy
from pim.products.queries import ProductDetail
from pim.quality import dictionaries
from pim.quality import service as quality
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.web.page import (
    PageContent,
    Undo,
    go_back,
    needs,
    now,
    person,
    principal,
    say,
    session,
    show_page,
)
from pim.web.products.around import address_label
from pim.web.products.blueprint import pages
from pim.web.products.shared import visible_product


@dataclass(frozen=True)
class MeantPart(PageContent):
    """What somebody may have meant by a word that no dictionary knows; loaded beside it."""

    template = "products/meant.html"
    word: str
    meant: Sequence[str]
    locale: str


@pages.get("/product/quality/meant")
@needs(Permission.PRODUCTS_EDIT)
def meant_words() -> ResponseReturnValue:
    word, locale = request.args.get("word", ""), request.args.get("locale", "")
    is_known = locale in catalog.structure(session()).locales
    found = dictionaries.suggestions(locale, word) if is_known else ()
    return show_page(MeantPart(word, found, locale))


@pages.post("/product/quality/dismiss/<identifier:identifier>")
@needs(Permission.PRODUCTS_EDIT)
def dismiss_warning(identifier: str) -> ResponseReturnValue:
    structure, detail = catalog.structure(session()), visible_product(identifier)
    kind, address = request.form.get("kind", ""), request.form.get("address", "")
    _demand(structure, detail, address)
    by = person().email
    quality.dismiss(session(), structure, detail.product.id, kind, address, by, now())
    undo = Undo(
        url_for("products.restore_warning", identifier=identifier),
        {"kind": kind, "address": address},
    )
    say(
        text(
            "%(field)s is right as it is: you are not told of it again until it changes.",
            field=address_label(structure, address),
        ),
        undo=undo,
    )
    return go_back()


@pages.post("/product/quality/restore/<identifier:identifier>")
@needs(Permission.PRODUCTS_EDIT)
def restore_warning(identifier: str) -> ResponseReturnValue:
    structure, detail = catalog.structure(session()), visible_product(identifier)
    kind, address = request.form.get("kind", ""), request.form.get("address", "")
    _demand(structure, detail, address)
    quality.restore(session(), structure, detail.product.id, kind, address)
    say(text("%(field)s is looked at again.", field=address_label(structure, address)))
    return go_back()


def _demand(structure: Structure, detail: ProductDetail, address: str) -> None:
    """Who may not change a value has no say in whether it is right."""
    categories = policy.categories_of(detail.document)
    is_known = address in structure.attribute_at
    if not is_known or not policy.may_write(principal(), structure, address, categories):
        raise Denied(text("You may not change this value."))
