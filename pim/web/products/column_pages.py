"""Choosing the columns of the list: the dialog, and what a person wants from now on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pim.accounts import queries as accounts
from pim.accounts import service
from pim.accounts.permissions import Permission
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.web.page import PageContent, go, needs, person, session, show_page
from pim.web.products import columns, listing
from pim.web.products.blueprint import LIST, pages
from pim.web.products.columns import ColumnGroup, ListColumn

PREFERENCE = "list_columns"
LONGEST = 2000


@dataclass(frozen=True)
class ColumnsPart(PageContent):
    """The dialog. ``chosen``: the columns in their order; ``others``: those there are besides.
    ``action``: where the choice goes.
    """

    template = "products/columns.html"
    chosen: list[ListColumn]
    others: list[ColumnGroup]
    action: str


def chosen_columns(
    reading: Session, structure: Structure, said: Mapping[str, str] | None = None
) -> list[ListColumn]:
    """What the address asks for, else what the person wants, else the usual. ``said``: what a form
    knows of the list's address.
    """
    asked = request.args if said is None else said
    spelled = asked.get("columns") or accounts.preference(reading, person().id, PREFERENCE)
    return columns.read(structure, spelled or columns.USUAL)


@pages.get("/product/columns")
@needs(Permission.PRODUCTS_VIEW)
def columns_dialog() -> ResponseReturnValue:
    structure = catalog.structure(session())
    chosen = chosen_columns(session(), structure)
    others = _others(structure, chosen)
    action = url_for("products.choose_columns", **listing.kept(request.args))  # type: ignore[arg-type]
    return show_page(ColumnsPart(chosen[1:], others, action))


def _others(structure: Structure, chosen: Iterable[ListColumn]) -> list[ColumnGroup]:
    """The columns that are not chosen; a group of which all are is left out."""
    taken = {one.code for one in chosen}
    others = []
    for group in columns.groups(structure):
        left = [one for one in group.columns if one.code not in taken]
        if left:
            others.append(ColumnGroup(group.label, left))
    return others


@pages.post("/product/columns")
@needs(Permission.PRODUCTS_VIEW)
def choose_columns() -> ResponseReturnValue:
    """The columns as they were ticked, in the order of the form; none for the usual ones."""
    structure = catalog.structure(session())
    ticked = columns.read(structure, ",".join(request.form.getlist("column")))
    spelled = _remembered(columns.spell(ticked))
    return go(LIST, **{**listing.kept(request.args), "columns": spelled or None})


@pages.post("/product/columns/widths")
@needs(Permission.PRODUCTS_VIEW)
def keep_widths() -> ResponseReturnValue:
    """The columns as they are, with the widths that somebody gave them on the page."""
    structure = catalog.structure(session())
    _remembered(columns.spell(columns.read(structure, request.form.get("columns", ""))))
    return "", 204


def _remembered(spelled: str) -> str:
    """Keeps the columns for the person. What is too long to be kept lives in the address alone."""
    if len(spelled) <= LONGEST:
        service.prefer(session(), person().id, PREFERENCE, spelled)
    return spelled
