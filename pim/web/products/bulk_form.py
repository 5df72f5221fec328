"""The form in which a step of a bulk edit is made: what it offers, and the step that somebody made
with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from pim.bulk_edits import steps as kinds
from pim.bulk_edits.steps import STEPS, Step, ValueStep, read_steps
from pim.errors import Invalid, Text, text
from pim.feeds.operations import OPERATIONS
from pim.labels import label
from pim.structure.objects import Attribute, Scope, Structure
from pim.values import parse_address
from pim.web.controls import Control, control_of
from pim.web.page import language, tell
from pim.web.products.around import address_label
from pim.web.products.bulk_words import STATUS_STEPS
from pim.web.products.form import tags_of
from pim.web.products.shared import families
from pim.web.products.value_tables import (
    TableReader,
    ValueTable,
    option_labels,
    table_to_begin_with,
    typed_table,
)

NamedCode = tuple[str, str]
"""A code and what people call it."""
_ROWS_OF: Mapping[str, Sequence[int]] = {
    kinds.ConvertValue.name: range(2),
    kinds.ComputeValue.name: range(4),
}
"""The operations that a step of the form has room for."""
NUMBERS = frozenset({"number", "price"})
"""The controls of the types whose values one can calculate with."""
WHOLE: Mapping[str, Text] = {
    kinds.AddCategories.name: text("Add to categories"),
    kinds.MoveCategory.name: text("Move to another category"),
    kinds.RemoveCategories.name: text("Take out of categories"),
    kinds.AddAssociations.name: text("Add associated products"),
    kinds.RemoveAssociations.name: text("Take associated products away"),
    kinds.SetFamily.name: text("Change the family"),
    kinds.SetEnabled.name: text("Switch on or off"),
    kinds.TakeStep.name: text("Change the status"),
}
VALUES: Mapping[str, Text] = {
    kinds.SetValue.name: text("Set a value"),
    kinds.ClearValue.name: text("Empty"),
    kinds.AppendItems.name: text("Add to a list"),
    kinds.RemoveItems.name: text("Take out of a list"),
    kinds.ReplaceText.name: text("Find and replace"),
    kinds.CopyValue.name: text("Copy from elsewhere"),
    kinds.ConvertValue.name: text("Convert"),
    kinds.ComputeValue.name: text("Compute from other values"),
}


@dataclass(frozen=True)
class OptionGroup:
    """Options that stand together under a name."""

    label: str
    options: Sequence[NamedCode]


@dataclass(frozen=True)
class StepPlace:
    """An address that a step may change. ``label``: its locale, channel and currency in words."""

    address: str
    label: str
    is_ticked: bool


@dataclass(frozen=True)
class StepForm:
    """The form of one step. ``doings``: what a step can do; ``doing``: what this one does.

    ``attributes``: those that it can be done to; ``attribute``: the chosen one, "" before.
    ``places``: its addresses; ``field``: the control in which a value is typed; ``sources``: the
    addresses that values can come from; ``operations``: what can be done with them, ``tables``: of
    each for which the form has room, should it be a table of values; ``options``: what may come out
    of one. ``typed``: what stood in a form that was refused.
    """

    doings: Sequence[OptionGroup]
    doing: str
    attributes: Sequence[OptionGroup]
    attribute: str
    places: Sequence[StepPlace]
    field: Control | None
    sources: Sequence[OptionGroup]
    operations: Sequence[NamedCode]
    tables: Sequence[ValueTable]
    options: Sequence[str]
    categories: Sequence[NamedCode]
    families: Sequence[NamedCode]
    associations: Sequence[NamedCode]
    statuses: Sequence[NamedCode]
    typed: MultiDict[str, str]

    @property
    def is_of_value(self) -> bool:
        return self.doing in VALUES

    @property
    def is_ready(self) -> bool:
        """Whether everything is chosen that the rest of the form depends on."""
        return bool(self.doing) and (not self.is_of_value or bool(self.attribute))

    @property
    def takes_files(self) -> bool:
        """Whether pictures can be sent with it; what is taken out is there already."""
        is_of_assets = self.field is not None and self.field.attribute.type.names_assets
        return is_of_assets and self.doing != kinds.RemoveItems.name


def step_form(
    structure: Structure,
    scope: Scope,
    said: MultiDict[str, str],
    may_approve: bool,
    typed: MultiDict[str, str] | None = None,
) -> StepForm:
    """``said``: what was chosen so far. ``may_approve``: whether the reader may approve and retire.
    ``typed``: a form that was refused.
    """
    doing = said.get("do", kinds.SetValue.name)
    doing = doing if doing in VALUES or doing in WHOLE else kinds.SetValue.name
    fitting = (
        {code: one for code, one in structure.attributes.items() if _FITS[doing](one)}
        if doing in VALUES
        else {}
    )
    attribute = fitting.get(said.get("attribute", ""))
    chosen = typed.getlist("address") if typed is not None else None
    places = _places(structure, scope, attribute, chosen) if attribute else []
    return StepForm(
        doings=[
            OptionGroup(tell(text("Values")), _told(VALUES)),
            OptionGroup(tell(text("Products")), _told(_available(structure))),
        ],
        doing=doing,
        attributes=_by_group(structure, fitting),
        attribute=attribute.code if attribute else "",
        places=places,
        field=_field(attribute, places, typed) if attribute else None,
        sources=_addresses(structure, scope, attribute) if doing in _WITH_SOURCES else [],
        operations=_operations(attribute, doing),
        tables=_tables(attribute, doing, typed),
        options=option_labels(attribute.type) if attribute else [],
        categories=_categories(structure) if "categor" in doing else [],
        families=families(structure),
        associations=[
            (f"{code}-products", label(one.labels, language(), code))
            for code, one in structure.associations.items()
        ],
        statuses=_told(
            {
                code: sentence
                for code, sentence in STATUS_STEPS.items()
                if may_approve or code not in (kinds.APPROVE, kinds.RETIRE)
            }
        ),
        typed=typed if typed is not None else MultiDict(),
    )


_WITH_SOURCES = (kinds.CopyValue.name, kinds.ComputeValue.name)


def _told(names: Mapping[str, Text]) -> list[NamedCode]:
    return [(code, tell(sentence)) for code, sentence in names.items()]


def _available(structure: Structure) -> Mapping[str, Text]:
    """Without what this shop has not got."""
    missing: set[str] = set()
    if not structure.categories:
        missing |= {code for code in WHOLE if "categor" in code}
    if not structure.associations:
        missing |= {code for code in WHOLE if "associations" in code}
    return {code: sentence for code, sentence in WHOLE.items() if code not in missing}


def _is_editable(one: Attribute) -> bool:
    return not one.type.is_identifier


def _is_list(one: Attribute) -> bool:
    return one.type.takes_many


def _can_be_computed(one: Attribute) -> bool:
    return _is_editable(one) and not one.type.names_assets


def _is_text(one: Attribute) -> bool:
    return one.type.is_free_text or one.type.has_markup


_FITS: Mapping[str, Callable[[Attribute], bool]] = {
    kinds.SetValue.name: _is_editable,
    kinds.ClearValue.name: _is_editable,
    kinds.AppendItems.name: _is_list,
    kinds.RemoveItems.name: _is_list,
    kinds.ReplaceText.name: _is_text,
    kinds.CopyValue.name: _is_editable,
    kinds.ConvertValue.name: lambda one: bool(_conversions(one)),
    kinds.ComputeValue.name: _can_be_computed,
}


def _by_group(structure: Structure, attributes: Mapping[str, Attribute]) -> list[OptionGroup]:
    """Attributes under their groups, in the order of the structure."""
    found: dict[str, list[NamedCode]] = {code: [] for code in structure.groups}
    for code, one in attributes.items():
        found.setdefault(one.group or "", []).append((code, label(one.labels, language(), code)))
    return [
        OptionGroup(_group_label(structure, code), options)
        for code, options in found.items()
        if options
    ]


def _group_label(structure: Structure, code: str) -> str:
    group = structure.groups.get(code)
    return label(group.labels, language(), code) if group else tell(text("Others"))


def _places(
    structure: Structure, scope: Scope, attribute: Attribute, chosen: Sequence[str] | None
) -> list[StepPlace]:
    addresses = [str(one) for one in structure.addresses(attribute)]
    if chosen is None:
        here = [one for one in addresses if _is_in(one, scope)]
        chosen = here or addresses[:1]
    return [StepPlace(one, _place_label(structure, one), one in chosen) for one in addresses]


def _is_in(address: str, scope: Scope) -> bool:
    at = parse_address(address)
    return at.locale in (None, scope.locale) and at.channel in (None, scope.channel)


def _place_label(structure: Structure, address: str) -> str:
    currency = parse_address(address).currency
    return " · ".join([*tags_of(structure, address), *([currency] if currency else [])])


def _field(
    attribute: Attribute, places: Sequence[StepPlace], typed: MultiDict[str, str] | None
) -> Control:
    """The control in which somebody says what is to be set, added or taken out."""
    first = next((one.address for one in places if one.is_ticked), places[0].address)
    said = _posted_text(attribute, typed) if typed is not None else ""
    return _control(attribute)(address=first, attribute=attribute, text=said, was="", value=None)


def _control(attribute: Attribute) -> type[Control]:
    """Products are named by their SKUs here."""
    return Control if attribute.type.names_products else control_of(attribute.type)


def _addresses(structure: Structure, scope: Scope, own: Attribute | None) -> list[OptionGroup]:
    """Every address: those of the attribute itself, then those of the scope that is shown."""
    same: list[NamedCode] = []
    here: list[NamedCode] = []
    others: list[NamedCode] = []
    for address, attribute in structure.attribute_at.items():
        option = (address, address_label(structure, address))
        if own is not None and attribute.code == own.code:
            same.append(option)
        else:
            (here if _is_in(address, scope) else others).append(option)
    groups = [
        OptionGroup(tell(text("The same attribute")), same),
        OptionGroup(tell(text("Here")), here),
        OptionGroup(tell(text("Elsewhere")), others),
    ]
    return [one for one in groups if one.options]


MAP = "map"
"""The operation whose parameters are a table."""
_OPERATION_NAMES: Mapping[str, Text] = {MAP: text("Exchange values by a table.")}
"""Where what an operation says of itself is about feeds."""


def _operations(attribute: Attribute | None, doing: str) -> list[NamedCode]:
    """What can be done with a value of this attribute."""
    if attribute is None or doing not in _ROWS_OF:
        return []
    names = list(OPERATIONS) if doing == kinds.ComputeValue.name else _conversions(attribute)
    return [(name, tell(_OPERATION_NAMES.get(name, OPERATIONS[name].help))) for name in names]


def _conversions(attribute: Attribute) -> Sequence[str]:
    """What can be done with a value that stays where it is."""
    type_ = attribute.type
    if not _can_be_computed(attribute) or type_.names_products:
        return ()
    if type_.has_options:
        return (MAP,)
    if len(type_.columns("")) > 1:
        return ("convert_unit", "multiply", "add", "round")
    if type_.has_markup:
        return ("trim", "strip_html")
    if type_.is_free_text:
        texts = ("trim", "upper", "lower", "title", "prefix", "suffix", "truncate", "strip_html")
        return (*texts, MAP)
    return ("multiply", "add", "round") if type_.control in NUMBERS else ()


def _tables(
    attribute: Attribute | None, doing: str, typed: MultiDict[str, str] | None
) -> list[ValueTable]:
    """One for each operation of the form."""
    rows = _ROWS_OF.get(doing, ())
    if attribute is None:
        return []
    if typed is not None:
        return [typed_table(typed, row) for row in rows]
    looked_up = attribute.type if doing == kinds.ConvertValue.name else None
    return [table_to_begin_with(looked_up) for _ in rows]


def _categories(structure: Structure) -> list[NamedCode]:
    """Every category with the way to it, trees first."""
    return [
        (code, " › ".join(_names_of_path(structure, code)))
        for code in sorted(structure.categories, key=lambda one: structure.path(one)[::-1])
    ]


def _names_of_path(structure: Structure, code: str) -> list[str]:
    return [
        label(structure.categories[one].labels, language(), one)
        for one in reversed(structure.path(code))
    ]


def posted_step(structure: Structure, form: MultiDict[str, str]) -> Step:
    """The step that somebody made; :class:`Invalid` where it is none."""
    doing = form.get("do", "")
    if doing not in STEPS:
        raise Invalid({"do": [text("Choose what to do.")]})
    raw: dict[str, Any] = {"step": doing}
    if issubclass(STEPS[doing], ValueStep):
        raw["addresses"] = form.getlist("address")
        if not raw["addresses"]:
            raise Invalid({"address": [text("Choose at least one value to change.")]})
    raw |= _PARTS[doing](structure, form)
    try:
        return read_steps([raw])[0]
    except Invalid as error:
        raise Invalid({"do": error.sentences}) from error


def _no_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    return {}


def _typed(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    """What stands in the control, as the one text that the type reads."""
    attribute = structure.attributes.get(form.get("attribute", ""))
    if attribute is None:
        raise Invalid({"attribute": [text("Choose what to change.")]})
    return {"text": _posted_text(attribute, form)}


def _posted_text(attribute: Attribute, form: MultiDict[str, str]) -> str:
    name = next((one for one in form if one.startswith("value-") and not one.endswith("-unit")), "")
    parts = [part.replace("\r\n", "\n") for part in form.getlist(name)]
    return _control(attribute).posted(attribute.type, parts, form.get(f"{name}-unit", ""))


def _set_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    return {**_typed(structure, form), "only_empty": "only_empty" in form}


def _replace_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    return {
        "find": form.get("look_for", ""),
        "by": form.get("put", ""),
        "ignore_case": "ignore_case" in form,
    }


def _copy_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    return {"source": form.get("source", ""), "only_empty": "only_empty" in form}


def _convert_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    attribute = structure.attributes.get(form.get("attribute", ""))
    return {"do": _posted_operations(form, attribute, [attribute] if attribute else [])}


def _compute_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    addresses = [one for one in form.getlist("sources") if one]
    sources = [found for one in addresses if (found := structure.attribute_at.get(one))]
    attribute = structure.attributes.get(form.get("attribute", ""))
    return {
        "sources": addresses,
        "do": _posted_operations(form, attribute, sources),
        "only_empty": "only_empty" in form,
    }


def _posted_operations(
    form: MultiDict[str, str], target: Attribute | None, sources: Sequence[Attribute]
) -> list[Any]:
    """A list as mappings have it: names alone, or with their parameters. ``target``: the attribute
    that gets what comes out, of the values of these ``sources``.
    """
    has_room_for = _ROWS_OF[form["do"]]
    rows = [row for row in has_room_for if form.get(f"operation-{row}") in OPERATIONS]
    found: list[Any] = []
    for row in rows:
        name = form[f"operation-{row}"]
        if name == MAP:
            looked_up = [one.type for one in sources] if row == rows[0] else []
            stored = target.type if target is not None and row == rows[-1] else None
            parameters = TableReader(looked_up, stored).parameters(form, row)
        else:
            parameters = _posted_parameters(form, row, name)
        found.append({name: parameters} if parameters else name)
    return found


def _posted_parameters(form: MultiDict[str, str], row: int, name: str) -> dict[str, Any]:
    given = [form.get(f"first-{row}", ""), form.get(f"second-{row}", "")]
    named = zip(OPERATIONS[name].parameters, given, strict=False)
    return {one.name: value for one, value in named if value != ""}


def _category_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    return {"codes": form.getlist("categories")}


def _move_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    return {"source": form.get("from_category", ""), "target": form.get("to_category", "")}


def _association_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    named = form.get("skus", "").replace("\n", ",").split(",")
    skus = [one.strip() for one in named if one.strip()]
    return {"address": form.get("association", ""), "identifiers": skus}


def _family_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    return {"family": form.get("family", "")}


def _enabled_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    return {"enabled": form.get("enabled") == "1"}


def _status_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    return {"to": form.get("to", ""), "reason": form.get("reason", "").strip()}


_PARTS: Mapping[str, Callable[[Structure, MultiDict[str, str]], dict[str, Any]]] = {
    kinds.SetValue.name: _set_parts,
    kinds.ClearValue.name: _no_parts,
    kinds.AppendItems.name: _typed,
    kinds.RemoveItems.name: _typed,
    kinds.ReplaceText.name: _replace_parts,
    kinds.CopyValue.name: _copy_parts,
    kinds.ConvertValue.name: _convert_parts,
    kinds.ComputeValue.name: _compute_parts,
    kinds.AddCategories.name: _category_parts,
    kinds.RemoveCategories.name: _category_parts,
    kinds.MoveCategory.name: _move_parts,
    kinds.AddAssociations.name: _association_parts,
    kinds.RemoveAssociations.name: _association_parts,
    kinds.SetFamily.name: _family_parts,
    kinds.SetEnabled.name: _enabled_parts,
    kinds.TakeStep.name: _status_parts,
}
