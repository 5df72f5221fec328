"""Adding a filter to the list, and changing one: the dialog, the editor of a field's values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.attributes.operators import Operator
from pim.errors import Invalid, Text, text
from pim.i18n import number
from pim.labels import label
from pim.products import conditions, filter_fields, policy
from pim.products.condition_words import OPERATORS
from pim.products.conditions import PARAMETER, Condition
from pim.products.filter_kinds import AttributeField, FilterControl, FilterField, InWords
from pim.products.list_words import spelled_conditions
from pim.products.own_filters import QUALITY
from pim.quality import figures as quality
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.values import parse_address
from pim.web.controls.number import with_point
from pim.web.page import PageContent, go, language, needs, principal, session, show_page, tell
from pim.web.products import chips, listing
from pim.web.products.blueprint import LIST, pages
from pim.web.products.scope import chosen_scope


@dataclass(frozen=True)
class FieldGroup:
    """Fields that belong together in the list to choose from: (code, name) pairs."""

    label: str
    fields: list[tuple[str, str]]


@dataclass(frozen=True)
class OperatorChoice:
    """``arity``: how many values it wants, "many" for a list."""

    code: str
    label: str
    arity: str


@dataclass(frozen=True)
class FilterEditor:
    """What a field can be asked, and with which values. ``kind``: of the controls: "options",
    "date", "figure" or "text"; ``options``: (code, name) pairs.
    """

    field: str
    operators: list[OperatorChoice]
    kind: FilterControl
    options: list[tuple[str, str]]
    operator: str
    values: Sequence[str]


@dataclass(frozen=True)
class FilterEditorPart(PageContent):
    """The editor of a field that was chosen in the dialog."""

    template = "products/filter_field.html"
    editor: FilterEditor


@dataclass(frozen=True)
class FilterDialog(PageContent):
    """``editor``: of the field that is chosen, None for a new filter. ``replaced``: the condition
    that is changed.
    """

    template = "products/filter.html"
    groups: list[FieldGroup]
    editor: FilterEditor | None
    action: str
    editor_url: str
    replaced: str


@pages.get("/product/filter")
@needs(Permission.PRODUCTS_VIEW)
def filter_dialog() -> ResponseReturnValue:
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    replaced = request.args.get("replaced", "")
    condition = conditions.read(structure, replaced) if replaced else None
    editor = _editor(structure, condition.field, condition) if condition else None
    along: dict[str, Any] = dict(listing.kept(request.args))
    return show_page(
        FilterDialog(
            _groups(structure, scope),
            editor,
            url_for("products.add_filter", **along),
            url_for("products.filter_field"),
            replaced,
        )
    )


@pages.get("/product/filter/field")
@needs(Permission.PRODUCTS_VIEW)
def filter_field() -> ResponseReturnValue:
    structure = catalog.structure(session())
    return show_page(FilterEditorPart(_editor(structure, request.args.get("field", ""), None)))


@pages.post("/product/filter")
@needs(Permission.PRODUCTS_VIEW, reading=True)
def add_filter() -> ResponseReturnValue:
    """Back to the list with one more condition, or with another one in its place."""
    structure = catalog.structure(session())
    condition = _as_written(structure, _said(request.form))
    conditions.check(structure, condition)
    kept = listing.kept(request.args)
    spelled, replaced = spelled_conditions(kept), request.form.get("replaced", "")
    if replaced in spelled:
        spelled[spelled.index(replaced)] = str(condition)
    else:
        spelled.append(str(condition))
    return go(LIST, **{**kept, PARAMETER: chips.joined(spelled)})


def _said(form: Mapping[str, Any]) -> Condition:
    try:
        operator = Operator(form.get("operator", ""))
    except ValueError:
        raise Invalid({"operator": [text("Choose what to filter by.")]}) from None
    values = [" ".join(one.split()) for one in request.form.getlist("value")]
    values = [one for one in values if one]
    if operator.takes_many and "list" in form:
        values = [one.strip() for one in form["list"].replace("\n", ",").split(",") if one.strip()]
    wanted = values if operator.takes_many else values[: operator.arity]
    return Condition(form.get("field", ""), operator, tuple(wanted))


def _as_written(structure: Structure, condition: Condition) -> Condition:
    """With figures as files write them, whatever the reader's decimal sign is."""
    if conditions.field_of(structure, condition).control != "figure":
        return condition
    return replace(condition, values=tuple(map(with_point, condition.values)))


def _editor(structure: Structure, code: str, condition: Condition | None) -> FilterEditor:
    asked = condition or Condition(code, Operator.FILLED)
    field = conditions.field_of(structure, asked)
    return FilterEditor(
        code,
        [OperatorChoice(one, tell(OPERATORS[one]), _arity(one)) for one in field.operators],
        field.control,
        _with_asked(structure, field, _options(structure, field), asked),
        condition.operator if condition else "",
        condition.values if condition else (),
    )


def _arity(operator: Operator) -> str:
    return "many" if operator.takes_many else str(operator.arity)


def _options(structure: Structure, field: FilterField) -> list[tuple[str, str]]:
    choices = field.choices(session(), structure, language())
    named = [(code, _shown(words)) for code, words in choices.items()]
    if field.keeps_order:
        return named
    options = sorted(named, key=lambda one: one[1].casefold())
    return _counted(structure, options) if field.code == QUALITY else options


def _counted(structure: Structure, options: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """With the number of products that each kind of warning would list."""
    counts = quality.counts(session(), policy.visible(principal(), structure))
    return [(code, f"{name} ({number(counts.get(code, 0), language())})") for code, name in options]


def _with_asked(
    structure: Structure, field: FilterField, offered: list[tuple[str, str]], asked: Condition
) -> list[tuple[str, str]]:
    """What an address asks for can be kept, also where it would not be offered any more."""
    if field.control != "options":
        return offered
    others = set(asked.values) - {code for code, _ in offered}
    named = ((code, _shown(field.shown(session(), structure, code, language()))) for code in others)
    return offered + sorted(named)


def _shown(value: InWords) -> str:
    if isinstance(value, Text):
        return tell(value)
    return value if isinstance(value, str) else label(value.labels, language(), value.code)


def _groups(structure: Structure, scope: Scope) -> list[FieldGroup]:
    """Everything that can be asked, as this scope sees it: the facts, then attributes by group."""
    own: list[tuple[str, str]] = []
    by_group: dict[str, list[tuple[str, str]]] = {code: [] for code in structure.groups}
    for field in filter_fields.offered(structure):
        pair = (field.code, tell(field.label(structure, language())))
        if not isinstance(field, AttributeField):
            own.append(pair)
        elif _is_seen(field, scope):
            by_group.setdefault(field.attribute.group or "", []).append(pair)
    named = [
        FieldGroup(_group_label(structure, code), fields)
        for code, fields in by_group.items()
        if fields
    ]
    return [FieldGroup(tell(text("The product")), own), *named]


def _is_seen(field: AttributeField, scope: Scope) -> bool:
    at = parse_address(field.code)
    return at.locale in (None, scope.locale) and at.channel in (None, scope.channel)


def _group_label(structure: Structure, code: str) -> str:
    group = structure.groups.get(code)
    return label(group.labels, language(), code) if group else tell(text("Without a group"))
