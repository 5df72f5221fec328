"""Cells of the list that somebody edits: one in its editor, or a block that comes from a
spreadsheet. Each row is saved by itself, with the version that the page showed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pim import row_reader as edits
from pim.attributes.base import AttributeType
from pim.errors import Text, text
from pim.problems import Problem
from pim.products import policy, service
from pim.products.change import Origin, ProductInput, RecordKind, WriteResult
from pim.products.queries import ProductDetail
from pim.quality import service as quality
from pim.structure.objects import Attribute, Scope, Structure
from pim.web.controls import Control
from pim.web.controls.number import with_point
from pim.web.page import language, principal
from pim.web.products.form import FieldErrors, UnsavedForm, build_form, complaints
from pim.web.products.outcome import in_words

FIGURES = frozenset({"number", "price", "measurement"})
"""The controls of what is written with a decimal comma by many."""
TOO_LARGE = frozenset({"asset", "richtext"})
"""The controls that a cell has no room for."""


@dataclass(frozen=True)
class RowEdit:
    """What somebody wants of one row. ``texts``: address -> text as its type reads it."""

    detail: ProductDetail
    version: int
    texts: Mapping[str, str]


@dataclass(frozen=True)
class EditedRow:
    """What became of it. ``errors``: at the addresses that were not taken; ``before``: address ->
    text of what was changed, which gives it back with ``version``.
    """

    identifier: str
    version: int
    errors: FieldErrors
    before: Mapping[str, str]


def fields_of(
    structure: Structure, detail: ProductDetail, scope: Scope, attribute: str
) -> list[Control]:
    """The controls of an attribute on a product: several where it has a value per currency."""
    categories = policy.categories_of(detail.document)

    def may_edit(address: str) -> bool:
        return policy.may_write(principal(), structure, address, categories)

    form = build_form(structure, detail, scope, may_edit, UnsavedForm())
    return [one for group in form.groups for one in group.fields if one.attribute.code == attribute]


def why_locked(fields: Sequence[Control], detail: ProductDetail) -> Text | None:
    """Why a cell is not edited here; None where it is."""
    if not fields:
        if detail.product.kind == "model":
            return text("Its variants hold this value, or its family does not have it.")
        return text("The family of this product does not have this value.")
    field = fields[0]
    match field.lock:
        case "owner":
            return text("It comes from %(owner)s, which keeps it up to date.", owner=field.owner)
        case "level":
            return text(
                "The model %(model)s holds it for all its variants: edit it there.",
                model=field.giver,
            )
        case "identifier":
            return text("It names the product and stays.")
        case "reader":
            return text("You may not change this value.")
    if field.is_axis and field.was:
        return text("It tells this variant from the others: change it on the variant's own page.")
    if field.name_of_control in TOO_LARGE:
        return text("It is edited on the page of the product.")
    return None


def save_rows(
    session: Session, structure: Structure, rows: Sequence[RowEdit], source: Origin, now: datetime
) -> list[EditedRow]:
    """Writes what can be read of these rows; the outcome of each, in order."""
    read = [edits.read_form(structure, row.texts) for row in rows]
    inputs = [
        _input(row, values)
        for row, (values, problems) in zip(rows, read, strict=True)
        if not edits.refusals(problems)
    ]
    written = {
        one.identifier: one
        for one in (service.write(session, inputs, source, now) if inputs else ())
    }
    quality.check_now(session, structure, [one.id for one in written.values() if one.id])
    return [
        _outcome(structure, row, problems, written.get(row.detail.product.identifier))
        for row, (_values, problems) in zip(rows, read, strict=True)
    ]


def _input(row: RowEdit, values: Any) -> ProductInput:
    kind: RecordKind = "model" if row.detail.product.kind == "model" else "product"
    return ProductInput(row.detail.product.identifier, values, kind, base=row.version)


def _outcome(
    structure: Structure, row: RowEdit, problems: Iterable[Problem], result: WriteResult | None
) -> EditedRow:
    product = row.detail.product
    found = [*problems, *(result.problems if result else ())]
    errors = complaints(in_words(structure, row.detail.document, one) for one in found)
    if result is None or result.is_refused:
        return EditedRow(product.identifier, product.version, errors, {})
    before = (
        {address: _stored(structure, row.detail, address) for address in row.texts}
        if result.outcome == "updated"
        else {}
    )
    return EditedRow(product.identifier, result.version, errors, before)


def _stored(structure: Structure, detail: ProductDetail, address: str) -> str:
    """What the product itself held before, as a form spells it."""
    value = detail.product.values.get(address)
    return "" if value is None else structure.attribute_at[address].type.dump(value)


def pasted_text(attribute: Attribute, cell: str) -> str:
    """A cell of a spreadsheet as the type reads it: options may be called by their labels, and
    figures may have a decimal comma.
    """
    cell = cell.strip()
    if attribute.type.has_options:
        return _options(attribute.type, cell)
    return with_point(cell) if attribute.type.control in FIGURES else cell


def _options(type_: AttributeType, cell: str) -> str:
    if not type_.takes_many:
        return _option(type_, cell)
    return ",".join(_option(type_, one.strip()) for one in cell.split(",") if one.strip())


def _option(type_: AttributeType, called: str) -> str:
    """The code of an option that is called so; what is none stays, and is refused."""
    codes = type_.option_codes()
    if called in codes:
        return called
    wanted = called.casefold()
    matching = (
        code for code in codes if type_.show(_value(type_, code), language()).casefold() == wanted
    )
    return next(matching, called)


def _value(type_: AttributeType, code: str) -> str | list[str]:
    return [code] if type_.takes_many else code
