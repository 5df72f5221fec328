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

NamedCode = tuple[str, str]
"""A code and what people call it."""
ROWS = range(4)
"""Operations, and sources, that one step of the form has room for."""
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
    addresses that values can come from; ``operations``: what can be done with them. ``typed``: what
    stood in a form that was refused.
    """

    doings: Sequence[OptionGroup]
    doing: str
    attributes: Sequence[OptionGroup]
    attribute: str
    places: Sequence[StepPlace]
    field: Control | None
    sources: Sequence[OptionGroup]
    operations: Sequence[NamedCode]
    categories: Sequence[NamedCode]
    families: Sequence[NamedCode]
    associations: Sequence[NamedCode]
    statuses: Sequence[NamedCode]
    typed: Mapping[str, str]

    @property
    def is_of_value(self) -> bool:
        return self.doing in VALUES

    @property
    def is_ready(self) -> bool:
        """Whether everything is chosen that the rest of the form depends on."""
        return bool(self.doing) and (not self.is_of_value or bool(self.attribute))


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
        field=_field(attribute, places, doing) if attribute else None,
        sources=_addresses(structure, scope, attribute) if doing in _WITH_SOURCES else [],
        operations=_operations(attribute, doing),
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
        typed=typed.to_dict() if typed is not None else {},
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


def _can_be_typed(one: Attribute) -> bool:
    return _is_editable(one) and not one.type.names_assets


def _is_text(one: Attribute) -> bool:
    return one.type.is_free_text or one.type.has_markup


_FITS: Mapping[str, Callable[[Attribute], bool]] = {
    kinds.SetValue.name: _can_be_typed,
    kinds.ClearValue.name: _is_editable,
    kinds.AppendItems.name: _is_list,
    kinds.RemoveItems.name: _is_list,
    kinds.ReplaceText.name: _is_text,
    kinds.CopyValue.name: _is_editable,
    kinds.ConvertValue.name: _can_be_typed,
    kinds.ComputeValue.name: _can_be_typed,
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


def _field(attribute: Attribute, places: Sequence[StepPlace], doing: str) -> Control:
    """The control in which somebody types what is to be set, added or taken out."""
    first = next((one.address for one in places if one.is_ticked), places[0].address)
    kind = Control if attribute.type.names_products else control_of(attribute.type)
    return kind(address=first, attribute=attribute, text="", was="", value=None)


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


def _operations(attribute: Attribute | None, doing: str) -> list[NamedCode]:
    """What can be done with a value of this attribute."""
    if attribute is None or doing not in (kinds.ConvertValue.name, kinds.ComputeValue.name):
        return []
    if doing == kinds.ComputeValue.name:
        names: Sequence[str] = list(OPERATIONS)
    elif len(attribute.type.columns("")) > 1:
        names = ("convert_unit", "multiply", "add", "round")
    elif attribute.type.has_markup:
        names = ("trim", "strip_html")
    elif attribute.type.is_free_text:
        names = ("trim", "upper", "lower", "title", "prefix", "suffix", "truncate", "strip_html")
    else:
        names = ("multiply", "add", "round")
    return [(name, tell(OPERATIONS[name].help)) for name in names if _is_simple(name)]


def _is_simple(name: str) -> bool:
    """Whether its parameters are texts and numbers; a table does not fit into a line."""
    return all(one.kind != "table" for one in OPERATIONS[name].parameters)


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
        raise Invalid(
            {"do": [one for texts in error.messages.values() for one in texts]}
        ) from error


def _no_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    return {}


def _typed(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    """What stands in the control, as the one text that the type reads."""
    attribute = structure.attributes.get(form.get("attribute", ""))
    if attribute is None:
        raise Invalid({"attribute": [text("Choose what to change.")]})
    name = next((one for one in form if one.startswith("value-") and not one.endswith("-unit")), "")
    parts = [part.replace("\r\n", "\n") for part in form.getlist(name)]
    kind = Control if attribute.type.names_products else control_of(attribute.type)
    return {"text": kind.posted(attribute.type, parts, form.get(f"{name}-unit", ""))}


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
    return {"do": _posted_operations(form)}


def _compute_parts(structure: Structure, form: MultiDict[str, str]) -> dict[str, Any]:
    return {
        "sources": [one for one in form.getlist("sources") if one],
        "do": _posted_operations(form),
        "only_empty": "only_empty" in form,
    }


def _posted_operations(form: MultiDict[str, str]) -> list[Any]:
    """A list as mappings have it: names alone, or with their parameters."""
    found: list[Any] = []
    for row in ROWS:
        name = form.get(f"operation-{row}", "")
        operation = OPERATIONS.get(name)
        if operation is None:
            continue
        given = [form.get(f"first-{row}", ""), form.get(f"second-{row}", "")]
        parameters = {
            one.name: value
            for one, value in zip(operation.parameters, given, strict=False)
            if value != ""
        }
        found.append({name: parameters} if parameters else name)
    return found


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
