"""The list of products: what the address asks for, and the rows as people read them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from media.presets import path_for
from pim import completeness
from pim.labels import label
from pim.listing import label_of, value_in
from pim.products import matching, policy, queries, relatives
from pim.products.matching import NO_FAMILY, Filters
from pim.products.relatives import VariantProgress
from pim.structure.objects import PRODUCT, Scope, Structure
from pim.values import Document
from pim.web.page import language, principal
from pim.web.products.form import shown_value
from pim.web.products.scope import is_scope
from pim.workflow import RETIRED, STATUSES

KEPT = ("q", "family", "status", "completeness", "category", "variants")
"""What an address says about the list, besides the scope and the page."""


@dataclass(frozen=True)
class ListRow:
    """A product in the list. ``axes``: what tells a variant from its siblings, in words.

    ``percent``: of what the scope requires; None for a model, whose variants are counted instead,
    and for a product without a family, of which nothing is required: it is never complete.
    """

    identifier: str
    label: str
    axes: str
    is_model: bool
    is_enabled: bool
    picture: str
    family: str
    status: str
    percent: int | None
    variants: VariantProgress | None
    updated: datetime


@dataclass(frozen=True)
class ListPage:
    """A page of the list. ``total`` stops at one above :data:`queries.MOST`. ``newer``, ``older``:
    addresses of the pages beside it.
    """

    lines: list[ListRow]
    total: int
    newer: str
    older: str


@dataclass(frozen=True)
class NotUnderstood:
    """A part of the list's address that means nothing here, perhaps since the structure changed.
    ``without``: the address with the rest.
    """

    part: str
    without: str


def not_understood(structure: Structure, arguments: Mapping[str, str]) -> list[NotUnderstood]:
    """What an address asks for that there is not. A list of something else would pass for the
    answer, so nothing is listed then.
    """
    said = {name: arguments[name] for name in (*KEPT, "in") if arguments.get(name)}
    return [
        NotUnderstood(f"{name}={said[name]}", _list_without(name, said))
        for name in _strange(structure, said)
    ]


def _strange(structure: Structure, said: Mapping[str, str]) -> list[str]:
    """The names of the address's parts whose value is none of those that there are."""
    there_are: dict[str, Collection[str]] = {
        "family": {NO_FAMILY, *structure.families_of(PRODUCT)},
        "status": STATUSES,
        "completeness": ("complete", "missing"),
        "category": structure.categories,
        "variants": ("1",),
    }
    strange = [
        name for name, values in there_are.items() if said.get(name) and said[name] not in values
    ]
    if said.get("in") and not is_scope(structure, said["in"]):
        strange.append("in")
    return strange


def _list_without(name: str, said: Mapping[str, str]) -> str:
    values: dict[str, Any] = {one: value for one, value in said.items() if one != name}
    return url_for("products.index", **values)


def asked(arguments: Mapping[str, str], scope: Scope) -> Filters:
    """The filters of an address whose parts are all understood (:func:`not_understood`)."""
    state = arguments.get("completeness")
    return Filters(
        words=arguments.get("q", "").strip(),
        family=arguments.get("family") or None,
        status=arguments.get("status") or None,
        complete=str(scope) if state == "complete" else None,
        incomplete=str(scope) if state == "missing" else None,
        category=arguments.get("category") or None,
        grouped=arguments.get("variants") != "1",
    )


def visible_filters(structure: Structure, arguments: Mapping[str, str], scope: Scope) -> Filters:
    """The filters of an address, within what the person who asks may see; they match nothing where
    not all of it is understood.
    """
    seen = policy.visible(principal(), structure)
    filters = asked(arguments, scope)
    if _strange(structure, arguments):
        seen = frozenset()
    return replace(filters, within=seen)


def count_retired(
    session: Session, structure: Structure, arguments: Mapping[str, str], scope: Scope
) -> int:
    """How many retired products this list would have if it asked for them; none where it asks for
    another status.
    """
    if arguments.get("status"):
        return 0
    filters = visible_filters(structure, {**arguments, "status": RETIRED}, scope)
    return matching.count(session, structure, filters, queries.MOST + 1)


def kept(arguments: Mapping[str, str]) -> dict[str, str]:
    """The part of an address that goes along to the next page."""
    return {name: arguments[name] for name in KEPT if arguments.get(name)}


def listing(
    session: Session, structure: Structure, arguments: Mapping[str, str], scope: Scope
) -> ListPage:
    """The page that this address asks for."""
    filters = visible_filters(structure, arguments, scope)
    page = queries.page(
        session,
        structure,
        filters,
        _number(arguments.get("after")),
        _number(arguments.get("before")),
    )
    along = kept(arguments)
    return ListPage(
        _lines(session, structure, page.rows, scope),
        (
            matching.count(session, structure, filters, queries.MOST + 1)
            if page.total is None
            else page.total
        ),
        _page(along, "before", page.newer),
        _page(along, "after", page.older),
    )


def _page(along: Mapping[str, str], name: str, edge: int | None) -> str:
    values: dict[str, Any] = {**along, name: edge}
    return url_for("products.index", **values) if edge else ""


def _number(raw: str | None) -> int | None:
    return int(raw) if raw and raw.isascii() and raw.isdecimal() and len(raw) < 19 else None


def _lines(session: Session, structure: Structure, rows: Any, scope: Scope) -> list[ListRow]:
    documents = relatives.documents(session, rows)
    roots = sorted({row.root_id for row in rows if row.kind == "model"})
    below = relatives.below(session, roots)
    progress = relatives.progress(below, relatives.complete_among(session, roots, str(scope)))
    pictures = {row.id: picture_in(structure, row.family, documents[row.id], scope) for row in rows}
    _lend_pictures(structure, rows, below, pictures, scope)
    return [
        _line(structure, row, documents[row.id], scope, pictures[row.id], progress.get(row.id))
        for row in rows
    ]


def _lend_pictures(
    structure: Structure, rows: Any, below: Any, pictures: dict[int, str], scope: Scope
) -> None:
    """A model without a picture shows that of its first variant that has one."""
    family = {row.id: row.family for row in rows if row.kind == "model"}
    for one in below:
        for model in (one.parent_id, one.root_id):
            if model in family and not pictures[model]:
                pictures[model] = picture_in(structure, family[model], one.values, scope)


def picture_in(structure: Structure, family: str | None, document: Document, scope: Scope) -> str:
    """The code of a product's first picture, or nothing."""
    own = structure.families.get(family or "")
    found = (
        value_in(structure, document, own.picture, scope.channel, scope.locale)
        if own and own.picture
        else None
    )
    if isinstance(found, list):
        found = found[0]
    return found or ""


def _line(
    structure: Structure,
    row: Row[Any],
    document: Document,
    scope: Scope,
    picture: str,
    variants: VariantProgress | None,
) -> ListRow:
    is_model = row.kind == "model"
    required = structure.required(row.family).get(scope, frozenset())
    return ListRow(
        identifier=row.identifier,
        label=label_of(structure, row.identifier, row.family, document, scope.locale),
        axes=_axes(structure, row.family, document) if row.parent_id is not None else "",
        is_model=is_model,
        is_enabled=row.enabled,
        picture=path_for(picture, "thumb") if picture else "",
        family=(
            label(structure.families[row.family].labels, language(), row.family)
            if row.family in structure.families
            else ""
        ),
        status=row.status,
        percent=(
            None
            if is_model or row.family not in structure.families
            else completeness.ratio(required, document)
        ),
        variants=variants if is_model else None,
        updated=row.updated,
    )


def _axes(structure: Structure, family: str | None, document: Document) -> str:
    levels = (
        level
        for variant in structure.variants.values()
        if variant.family == family
        for level in variant.levels
    )
    axes = dict.fromkeys(axis for level in levels for axis in level.axes)
    return " · ".join(
        shown_value(structure, axis, document[axis]) for axis in axes if axis in document
    )


@dataclass(frozen=True)
class Branch:
    """A category in the tree beside the list. ``is_open``: it or something below it is chosen."""

    code: str
    label: str
    is_chosen: bool
    is_open: bool
    children: list["Branch"]


def tree(structure: Structure, chosen: str | None, parent: str | None = None) -> list[Branch]:
    """The category trees with what is chosen in them."""
    path = structure.path(chosen) if chosen else ()
    return [
        Branch(
            code,
            label(structure.categories[code].labels, language(), code),
            code == chosen,
            code in path,
            tree(structure, chosen, code),
        )
        for code in structure.children.get(parent, ())
    ]
