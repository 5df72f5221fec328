"""The variants of a model side by side, and those that could be made, as the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import request
from sqlalchemy.orm import Session

from pim.attributes.choice import ChoiceType
from pim.labels import label
from pim.products import queries, relatives
from pim.products.combinations import PossibleVariant, combine
from pim.products.queries import ProductDetail
from pim.structure.objects import FamilyVariant, Scope, Structure
from pim.web.page import language
from pim.web.products import columns
from pim.web.products.columns import ListColumn
from pim.web.products.form import shown_value
from pim.web.products.rows import ListRow, make_rows

MOST = 500
"""Combinations that are made in one step."""


SHOWN = "show"
"""The part of an address that names the attributes of the table; without it all of them."""


@dataclass(frozen=True)
class ColumnChoice:
    """An attribute that variants hold, and whether the table shows it."""

    code: str
    label: str
    is_chosen: bool


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
    """``top``: the model that all of it is below. ``columns``: of the table; ``offered``: what can
    be chosen of them. ``asked``: what the addresses of its cells say, as those of a list do.
    ``made``: what to say to undo what was made just now.
    """

    top: str
    lines: list[ListRow]
    columns: list[ListColumn]
    offered: list[ColumnChoice]
    asked: dict[str, str]
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
    offered = _offered(structure, variant)
    shown = _columns(structure, variant, offered)
    rows = queries.rows_of_model(opened, top)
    chosen = chosen_options(variant)
    return VariantView(
        top.identifier,
        make_rows(opened, structure, scope, shown, rows, below=top.identifier),
        shown,
        offered,
        {"columns": columns.spell(shown), "look": columns.MATRIX},
        [_axis(structure, code, chosen[code]) for code in chosen],
        _candidates(structure, variant, top, relatives.below(opened, [top.id]), chosen),
        request.args.get("made", ""),
    )


def _offered(structure: Structure, variant: FamilyVariant) -> list[ColumnChoice]:
    """What the levels of variants hold besides the axes, which the table always shows."""
    axes = _axes_of(variant)
    held = dict.fromkeys(code for level in variant.levels for code in level.attributes)
    asked = request.args.getlist(SHOWN)
    return [
        ColumnChoice(code, _attribute_label(structure, code), not asked or code in asked)
        for code in held
        if code in structure.attributes and code not in (structure.identifier, *axes)
    ]


def _columns(
    structure: Structure, variant: FamilyVariant, offered: Sequence[ColumnChoice]
) -> list[ListColumn]:
    chosen = (one.code for one in offered if one.is_chosen)
    spelled = (".sku", *_axes_of(variant), *chosen, ".status", ".complete")
    return columns.read(structure, ",".join(spelled))


def _axes_of(variant: FamilyVariant) -> list[str]:
    return [axis for level in variant.levels for axis in level.axes]


def _attribute_label(structure: Structure, code: str) -> str:
    return label(structure.attributes[code].labels, language(), code)


def chosen_options(variant: FamilyVariant) -> dict[str, list[str]]:
    """Axis -> the values that the address says."""
    return {axis: request.values.getlist(f"axis-{axis}") for axis in _axes_of(variant)}


def _axis(structure: Structure, code: str, chosen: Sequence[str]) -> AxisChoice:
    options = cast(ChoiceType, structure.attributes[code].type).options
    return AxisChoice(
        code,
        _attribute_label(structure, code),
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
