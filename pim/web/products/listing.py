"""The list of products: what the address asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from pim.errors import Text
from pim.labels import label
from pim.products import conditions, facets, list_words, matching, policy, queries, sorting
from pim.products.facets import Facet
from pim.products.matching import Filters
from pim.products.sorting import Sort
from pim.structure.objects import Scope, Structure
from pim.web.list_places import number_at, say_lost
from pim.web.page import language, principal
from pim.web.products.chips import joined, why_not
from pim.web.products.columns import ListColumn
from pim.web.products.rows import ListRow, make_rows
from pim.web.products.scope import is_scope
from pim.workflow import RETIRED

KEPT = (
    "q",
    "family",
    "status",
    "completeness",
    "category",
    "variants",
    "columns",
    "sku",
    "view",
    "look",
    conditions.PARAMETER,
    sorting.PARAMETER,
)
"""What an address says about the list, besides the scope and the page."""


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
    ``why``: where there is more to say; ``without``: the address with the rest.
    """

    part: str
    why: Text | None
    without: str


def not_understood(structure: Structure, arguments: Mapping[str, str]) -> list[NotUnderstood]:
    """What an address asks for that there is not. A list of something else would pass for the
    answer, so nothing is listed then.
    """
    said = {name: arguments[name] for name in (*KEPT, "in") if arguments.get(name)}
    found: list[NotUnderstood] = []
    for name in _strange(structure, said):
        if name == conditions.PARAMETER:
            found += _strange_conditions(structure, said)
        else:
            part = f"{name}={said[name]}"
            found.append(NotUnderstood(part, None, _list_with({**said, name: ""})))
    return found


def _strange_conditions(structure: Structure, said: Mapping[str, str]) -> list[NotUnderstood]:
    """Each condition for itself: who leaves one out keeps the others."""
    spelled = list_words.spelled_conditions(said)
    return [
        NotUnderstood(
            one,
            why,
            _list_with({**said, conditions.PARAMETER: joined([it for it in spelled if it != one])}),
        )
        for one in spelled
        if (why := why_not(structure, one)) is not None
    ]


def _strange(structure: Structure, said: Mapping[str, str]) -> list[str]:
    """The names of the address's parts whose value is none of those that there are."""
    is_elsewhere = said.get("in") and not is_scope(structure, said["in"])
    return list_words.strange(structure, said) + (["in"] if is_elsewhere else [])


def understood_sort(structure: Structure, arguments: Mapping[str, str]) -> Sort | None:
    """The order of a list; of what is not understood nothing is listed, in no order."""
    return None if _strange(structure, arguments) else list_words.asked_sort(structure, arguments)


def _list_with(said: Mapping[str, str]) -> str:
    values: dict[str, Any] = {name: value for name, value in said.items() if value}
    return url_for("products.index", **values)


def visible_filters(structure: Structure, arguments: Mapping[str, str], scope: Scope) -> Filters:
    """The filters of an address, within what the person who asks may see; they match nothing where
    not all of it is understood.
    """
    seen = policy.visible(principal(), structure)
    filters = list_words.asked(arguments, scope)
    if _strange(structure, arguments):
        return replace(filters, within=frozenset())
    wanted = list_words.asked_conditions(structure, arguments)
    return replace(filters, within=seen, conditions=wanted)


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
    session: Session,
    structure: Structure,
    arguments: Mapping[str, str],
    scope: Scope,
    columns: Sequence[ListColumn],
) -> ListPage:
    """The page that this address asks for."""
    filters = visible_filters(structure, arguments, scope)
    page = queries.page(
        session,
        structure,
        filters,
        **_edge(session),
        sort=understood_sort(structure, arguments),
    )
    along = kept(arguments)
    return ListPage(
        make_rows(session, structure, scope, columns, page.rows),
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


def _edge(session: Session) -> dict[str, int]:
    """The product that the page begins behind, or ends before; none for the first page."""
    found = {name: number for name in ("after", "before") if (number := number_at(name))}
    if not found:
        return {}
    if len(found) == 1 and queries.by_ids(session, list(found.values())):
        return found
    say_lost()
    return {}


@dataclass(frozen=True)
class Branch:
    """A category in the tree beside the list. ``is_open``: it or something below it is chosen.
    ``count``: how many products of the list stand in it.
    """

    code: str
    label: str
    is_chosen: bool
    is_open: bool
    count: int
    children: list["Branch"]


@dataclass(frozen=True)
class CategoryTree:
    """The trees beside the list. ``unclassified``: how many products stand in none, and ``total``
    in all; not ``is_exact``: there are more of any.
    """

    branches: list[Branch]
    unclassified: int
    total: int
    is_exact: bool


def category_tree(
    session: Session, structure: Structure, arguments: Mapping[str, str], scope: Scope
) -> CategoryTree:
    """The category trees with what is chosen in them, and the products of the list in each."""
    filters = visible_filters(structure, arguments, scope)
    counted = facets.counts(session, structure, filters).categories
    return CategoryTree(
        _branches(structure, counted, arguments.get("category")),
        counted.counts.get(facets.NOTHING, 0),
        counted.total,
        counted.is_exact,
    )


def _branches(
    structure: Structure, counted: Facet, chosen: str | None, parent: str | None = None
) -> list[Branch]:
    path = structure.path(chosen) if chosen else ()
    return [
        Branch(
            code,
            label(structure.categories[code].labels, language(), code),
            code == chosen,
            code in path,
            counted.counts.get(code, 0),
            _branches(structure, counted, chosen, code),
        )
        for code in structure.children.get(parent, ())
    ]
