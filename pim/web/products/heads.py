"""The heads of the list's columns as links that sort it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask import url_for

from pim.errors import Text, text
from pim.products import sorting
from pim.products.sorting import Sort
from pim.structure.objects import Scope, Structure
from pim.web.products.around import address_label
from pim.web.products.blueprint import LIST
from pim.web.products.columns import FACTS, NAME, ListColumn


@dataclass(frozen=True)
class SortLink:
    """``direction``: how the list is sorted by this column now, as ``aria-sort`` says it."""

    url: str
    direction: Literal["ascending", "descending", "none"]


def sort_links(
    structure: Structure,
    scope: Scope,
    columns: Sequence[ListColumn],
    sort: Sort | None,
    asked: Mapping[str, str],
) -> dict[str, SortLink]:
    """Column -> where a click on its head leads: up, then down, then back to the newest first.
    What no index has in order has none.
    """
    found: dict[str, SortLink] = {}
    for column in columns:
        field = _field(structure, scope, column)
        if field and sorting.order_of(structure, field) is not None:
            found[column.code] = _link(field, sort, asked)
    return found


def sort_in_words(structure: Structure, sort: Sort | None) -> Text:
    """The order of a list, as what is made of it says it."""
    if sort is None:
        return text("The rows stand as the list has them: the newest first.")
    field = _field_label(structure, sort.field)
    if sort.descending:
        return text("The rows stand as the list has them: by %(field)s, descending.", field=field)
    return text("The rows stand as the list has them: by %(field)s, ascending.", field=field)


def _field_label(structure: Structure, field: str) -> Text | str:
    """What people call what a list is sorted by."""
    if field in structure.attribute_at:
        return address_label(structure, field)
    if field.startswith(sorting.NAME):
        return text("Name")
    if field.startswith(sorting.COMPLETE):
        return FACTS[".complete"].label
    return FACTS[_COLUMN_OF[field]].label


_COLUMN_OF = {
    sorting.IDENTIFIER: ".sku",
    sorting.FAMILY: ".family",
    sorting.STATUS: ".status",
    sorting.CHANGED: ".changed",
}


def _link(field: str, sort: Sort | None, asked: Mapping[str, str]) -> SortLink:
    if sort is None or sort.field != field:
        return SortLink(_url(asked, str(Sort(field))), "none")
    if not sort.descending:
        return SortLink(_url(asked, str(Sort(field, descending=True))), "ascending")
    return SortLink(_url(asked, ""), "descending")


def _url(asked: Mapping[str, str], sort: str) -> str:
    values: dict[str, Any] = {**asked, "sort": sort or None}
    return url_for(LIST, **values)


def _field(structure: Structure, scope: Scope, column: ListColumn) -> str:
    """What a list is sorted by that is sorted by this column."""
    fields = {
        NAME: sorting.NAME + scope.locale,
        ".sku": sorting.IDENTIFIER,
        ".family": sorting.FAMILY,
        ".status": sorting.STATUS,
        ".complete": sorting.COMPLETE + scope.code,
        ".changed": sorting.CHANGED,
    }
    if column.attribute is None:
        return fields.get(column.code, "")
    channel = structure.channels.get(scope.channel)
    currencies = channel.currencies if channel else structure.currencies
    currency = next(iter(currencies), None)
    return structure.address_in(column.attribute, scope.channel, scope.locale, currency)
