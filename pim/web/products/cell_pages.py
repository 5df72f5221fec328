"""Editing cells of the list in place: the editor of one, saving it, and pasting a block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Invalid, Text, ngettext, text
from pim.http.numbers import number_from
from pim.products import queries
from pim.products.queries import ProductDetail
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.web.controls import Control
from pim.web.page import PageContent, drawn, needs, now, session, show_page, tell
from pim.web.products import cell_edits, columns, listing
from pim.web.products.blueprint import pages
from pim.web.products.cell_edits import EditedRow, RowEdit
from pim.web.products.column_pages import chosen_columns
from pim.web.products.form import changed_texts
from pim.web.products.linked import LinkedProduct, linked_in
from pim.web.products.list_pages import VariantRows
from pim.web.products.rows import make_rows
from pim.web.products.scope import chosen_scope
from pim.web.products.shared import source, visible_product

MOST = 2000
"""Cells that are pasted at once."""
NO_VALUE = text("This is no value: it follows from the product.")


@dataclass(frozen=True)
class CellEditor(PageContent):
    """The editor of a cell, or ``why_not`` there is none; ``page``: where the product's own field
    is. ``fields``: one, or one for each currency. ``linked``: as on the product's page.
    """

    template = "products/cell_editor.html"
    parts = ("widgets/link.html",)
    fields: list[Control]
    why_not: Text | None
    label: str
    version: int
    action: str
    page: str
    linked: Mapping[str, LinkedProduct]


@dataclass(frozen=True)
class AskedRow:
    """A row that a script wants to change. ``below``: the model under which it is opened.
    ``locked``: column -> why nothing is pasted there.
    """

    edit: RowEdit
    below: str
    locked: Mapping[str, Text] = field(default_factory=dict)


@pages.get("/product/cell/<identifier:identifier>")
@needs(Permission.PRODUCTS_VIEW)
def cell_editor(identifier: str) -> ResponseReturnValue:
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    detail = visible_product(identifier)
    found = columns.read(structure, request.args.get("column", ""))
    column = found[1] if len(found) > 1 else None
    if column is None or column.attribute is None:
        fields: list[Control] = []
        why_not: Text | None = NO_VALUE
    else:
        fields = cell_edits.fields_of(structure, detail, scope, column.code)
        why_not = cell_edits.why_locked(fields, detail)
    return show_page(
        CellEditor(
            fields,
            why_not,
            column.label if column else "",
            detail.product.version,
            url_for("products.save_cell", identifier=identifier, **_asked()),
            _page_of(identifier, fields),
            linked_in(session(), structure, scope, fields),
        )
    )


def _page_of(identifier: str, fields: Sequence[Control]) -> str:
    """Where the value can be edited: on the page of the model that holds it, where one does."""
    holder = fields[0].inherited if fields and fields[0].lock == "level" else ""
    anchor = f"field-{fields[0].address}" if fields else None
    return url_for("products.show", identifier=holder or identifier, _anchor=anchor)


@pages.post("/product/cell/<identifier:identifier>")
@needs(Permission.PRODUCTS_EDIT)
def save_cell(identifier: str) -> ResponseReturnValue:
    """What somebody left in the editor of a cell."""
    structure = catalog.structure(session())
    texts = changed_texts(structure, request.form)
    version = request.form.get("version", 0, type=number_from)
    edit = RowEdit(visible_product(identifier), version, texts)
    return _answer(structure, [AskedRow(edit, request.form.get("below", ""))])


@pages.post("/product/cells")
@needs(Permission.PRODUCTS_EDIT)
def save_cells() -> ResponseReturnValue:
    """A block of cells from a spreadsheet, or what undoes one."""
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    asked = _rows_of(request.get_json(silent=True))
    if sum(len(one.get("cells", {})) + len(one.get("texts", {})) for one in asked) > MOST:
        raise Invalid({"cells": [text("This is too much to paste at once: import it as a file.")]})
    return _answer(structure, [_asked_row(structure, scope, one) for one in asked])


def _rows_of(body: Any) -> list[Mapping[str, Any]]:
    """The rows of a request; :class:`Invalid` for what no page of ours sends."""
    rows = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not all(map(_is_row, rows)):
        raise Invalid({"rows": [text("There are no cells in this request.")]})
    return rows


def _is_row(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and isinstance(row.get("identifier"), str)
        and isinstance(row.get("version"), int)
        and isinstance(row.get("below", ""), str)
        and all(_are_texts(row.get(name, {})) for name in ("cells", "texts"))
    )


def _are_texts(found: Any) -> bool:
    return isinstance(found, dict) and all(isinstance(one, str) for one in found.values())


def _asked_row(structure: Structure, scope: Scope, row: Mapping[str, Any]) -> AskedRow:
    """``cells``: column -> as a spreadsheet says it; ``texts``: address -> as a form says it."""
    detail = visible_product(row["identifier"])
    texts = {
        address: one
        for address, one in row.get("texts", {}).items()
        if address in structure.attribute_at
    }
    locked: dict[str, Text] = {}
    for code, cell in row.get("cells", {}).items():
        fields = cell_edits.fields_of(structure, detail, scope, code)
        why_not = _why_not_pasted(code, fields, detail)
        if why_not is not None:
            locked[code] = why_not
        else:
            texts[fields[0].address] = cell_edits.pasted_text(fields[0].attribute, cell)
    return AskedRow(RowEdit(detail, row["version"], texts), row.get("below", ""), locked)


def _why_not_pasted(code: str, fields: Sequence[Control], detail: ProductDetail) -> Text | None:
    if code.startswith("."):
        return NO_VALUE
    if len(fields) > 1:
        return text("It has a value in each currency: edit it by itself.")
    return cell_edits.why_locked(fields, detail)


def _answer(structure: Structure, asked: Sequence[AskedRow]) -> ResponseReturnValue:
    """What a script needs: the rows as they are now, what was refused at which cell, and what
    undoes the rest.
    """
    saved = cell_edits.save_rows(session(), structure, [one.edit for one in asked], source(), now())
    session().expire_all()  # the write path does not go through the objects of this session
    count = sum(len(one.before) for one in saved)
    said = tell(ngettext("%(num)s cell is saved.", "%(num)s cells are saved.", count))
    return jsonify(
        rows=_drawn(structure, asked),
        refused=[
            *(one for row in saved for one in _refused(structure, row)),
            *(one for row in asked for one in _locked(row)),
        ],
        said=said if count else "",
        undo=[
            {"identifier": one.identifier, "version": one.version, "texts": dict(one.before)}
            for one in saved
            if one.before
        ],
    )


def _refused(structure: Structure, row: EditedRow) -> list[dict[str, Any]]:
    return [
        {
            "identifier": row.identifier,
            "version": row.version,
            "column": structure.attribute_at[address].code
            if address in structure.attribute_at
            else "",
            "why": " ".join(tell(one) for one in texts),
        }
        for address, texts in row.errors.items()
    ]


def _locked(row: AskedRow) -> list[dict[str, Any]]:
    product = row.edit.detail.product
    return [
        {
            "identifier": product.identifier,
            "version": product.version,
            "column": code,
            "why": tell(why),
        }
        for code, why in row.locked.items()
    ]


def _drawn(structure: Structure, asked: Sequence[AskedRow]) -> dict[str, str]:
    """SKU -> its row as HTML."""
    scope = chosen_scope(structure)
    shown = chosen_columns(session(), structure)
    html: dict[str, str] = {}
    by_model = sorted(asked, key=lambda one: one.below)
    for below, group in groupby(by_model, key=lambda one: one.below):
        names = [one.edit.detail.product.identifier for one in group]
        for row in queries.rows_named(session(), names):
            lines = make_rows(session(), structure, scope, shown, [row], below)
            html[row.identifier] = drawn(VariantRows(lines, shown, listing.kept(request.args)))
    return html


def _asked() -> dict[str, Any]:
    return dict(listing.kept(request.args))
