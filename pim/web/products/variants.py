"""The variants of a model side by side, and those that could be made, as the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import request
from sqlalchemy.orm import Session

from pim.attributes.choice import ChoiceType
from pim.labels import label
from pim.listing import merge
from pim.products import relatives
from pim.products.combinations import PossibleVariant, combine
from pim.products.queries import ProductDetail
from pim.structure.objects import FamilyVariant, Scope, Structure
from pim.web.page import language
from pim.web.products import around
from pim.web.products.form import shown_value

MOST = 500
"""Combinations that are made in one step."""


@dataclass(frozen=True)
class VariantLine:
    """A variant in the table: what tells it apart, and the values that it holds itself."""

    identifier: str
    label: str
    status: str
    is_complete: bool
    cells: list[str]


@dataclass(frozen=True)
class AxisChoice:
    """An axis with its options: (code, label, whether it is chosen)."""

    code: str
    label: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True)
class Candidate:
    """A combination in words. ``proposed``: the identifier that stands for it in the form."""

    proposed: str
    label: str
    is_there: bool


@dataclass(frozen=True)
class VariantView:
    """``columns``: labels of what variants hold. ``top``: the model that all of it is below.
    ``made``: what to say to undo what was made just now.
    """

    top: str
    columns: list[str]
    lines: list[VariantLine]
    axes: list[AxisChoice]
    candidates: list[Candidate]
    made: str


def variant_view(
    opened: Session, structure: Structure, detail: ProductDetail, scope: Scope
) -> VariantView | None:
    """None for a product that has nothing to do with variants."""
    variant = structure.variants.get(detail.family_variant or "")
    if variant is None:
        return None
    top = detail.ancestors[0] if detail.ancestors else detail.product
    below = relatives.below(opened, [top.id])
    addresses = _held_below(structure, variant, scope)
    chosen = chosen_options(variant)
    return VariantView(
        top.identifier,
        [around.address_label(structure, one) for one in addresses],
        _lines(opened, structure, top, below, addresses, scope),
        [_axis(structure, code, chosen[code]) for code in chosen],
        _candidates(structure, variant, top, below, chosen),
        request.args.get("made", ""),
    )


def _held_below(structure: Structure, variant: FamilyVariant, scope: Scope) -> list[str]:
    """The addresses, in this scope, of what the levels hold; the axes first."""
    codes = [code for level in variant.levels for code in level.axes]
    codes += [code for level in variant.levels for code in level.attributes if code not in codes]
    shown = (structure.attributes[code] for code in codes if code in structure.attributes)
    found = []
    for attribute in shown:
        if attribute.code == structure.identifier or attribute.type.names_assets:
            continue
        channel = structure.channels.get(scope.channel)
        for currency in channel.currencies if channel and attribute.is_per_currency else (None,):
            address = structure.address_in(attribute, scope.channel, scope.locale, currency)
            if address in structure.attribute_at:
                found.append(address)
    return found


def _lines(
    opened: Session,
    structure: Structure,
    top: Any,
    below: Sequence[Any],
    addresses: Sequence[str],
    scope: Scope,
) -> list[VariantLine]:
    complete = relatives.complete_among(opened, [top.id], str(scope))
    by_id = {one.id: one for one in below}
    lines = []
    for one in below:
        if one.kind != "product":
            continue
        above = by_id.get(one.parent_id)
        document = merge([*([above.values] if above is not None else []), one.values])
        cells = [shown_value(structure, address, document.get(address)) for address in addresses]
        lines.append(VariantLine(one.identifier, cells[0], one.status, one.id in complete, cells))
    return lines


def chosen_options(variant: FamilyVariant) -> dict[str, list[str]]:
    """Axis -> the values that the address says."""
    axes = [axis for level in variant.levels for axis in level.axes]
    return {axis: request.values.getlist(f"axis-{axis}") for axis in axes}


def _axis(structure: Structure, code: str, chosen: Sequence[str]) -> AxisChoice:
    attribute = structure.attributes[code]
    options = cast(ChoiceType, attribute.type).options
    return AxisChoice(
        code,
        label(attribute.labels, language(), code),
        [
            (option, label(labels, language(), option), option in chosen)
            for option, labels in options.items()
        ],
    )


def _candidates(
    structure: Structure,
    variant: FamilyVariant,
    top: Any,
    below: Sequence[Any],
    chosen: Mapping[str, Sequence[str]],
) -> list[Candidate]:
    found = combine(variant, top, below, chosen)[:MOST]
    above = {one.identifier: one for one in found if one.kind == "model"}
    return [
        Candidate(one.identifier, _in_words(structure, one, above), one.is_there)
        for one in found
        if one.kind == "product"
    ]


def _in_words(
    structure: Structure, one: PossibleVariant, above: Mapping[str, PossibleVariant]
) -> str:
    model = above.get(one.parent)
    values = (*(model.values if model is not None else ()), *one.values)
    return " · ".join(shown_value(structure, axis, option) for axis, option in values)
