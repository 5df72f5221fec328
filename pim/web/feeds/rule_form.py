"""The form of a rule: where a field of the channel takes its value from and what is done to it. It
is drawn from what the operations declare, and read back into the rule.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from pim.errors import Text, text
from pim.feeds.contract import Field
from pim.feeds.mapping_compiler import INVALIDITIES
from pim.feeds.operations import OPERATIONS, Operation, Parameter
from pim.feeds.pipeline import name_of
from pim.feeds.properties import ALL
from pim.feeds.sources import MODEL
from pim.labels import label
from pim.providers.registry import source_names
from pim.structure.objects import Structure
from pim.web.feeds.words import (
    PARAMETER_NAMES,
    address_label,
)
from pim.web.operation_words import OPERATION_NAMES
from pim.web.page import language, tell

FROM, FIXED, NOTHING = "from", "value", "nothing"
TEMPLATE, CALCULATION = "template", "calculate"
"""What fills a field: sources, a fixed value, a template, two amounts, or nothing."""
KINDS: Mapping[str, Text] = {
    FROM: text("From the product"),
    TEMPLATE: text("A text made of several values"),
    CALCULATION: text("Calculated"),
    FIXED: text("Always the same"),
    NOTHING: text("Nothing"),
}
CALCULATION_NAMES: Mapping[str, Text] = {
    "plus": text("plus"),
    "minus": text("minus"),
    "times": text("times"),
    "divided_by": text("divided by"),
}
ATTRIBUTES = text("Attributes")
BUILT_IN = text("What the hub knows besides")
ELSEWHERE = text("In one language or currency")
OF_MODEL = text("Of the model, whatever the variant has")
ASSOCIATIONS = text("Associated products")
OTHERS = text("Others")
MOVES = re.compile(r"(up|down|drop)-(\d{1,3})")
"""What a button beside an operation says: which way it goes, and which one it is."""


@dataclass(frozen=True)
class NamedChoice:
    """Something that can be chosen: its code and what people call it."""

    code: str
    label: str


@dataclass(frozen=True)
class ChoiceGroup:
    """Choices that stand together under a name."""

    label: str
    choices: Sequence[NamedChoice]


@dataclass(frozen=True)
class ParameterInput:
    """One parameter of an operation in the form. ``value``: as it stands there; ``entries``: the
    lines of a table, with an empty one behind them.
    """

    name: str
    label: str
    kind: str
    value: str
    choices: Sequence[str]
    is_required: bool
    entries: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class OperationInput:
    """One operation in the form: ``number`` says which of them it is."""

    number: int
    code: str
    label: str
    help: str
    parameters: Sequence[ParameterInput]


@dataclass(frozen=True)
class RuleForm:
    """A rule as its form shows it.

    ``kind``: what fills the field; ``sources``: those that are chosen, in order; ``value``: the
    fixed one; ``template`` and ``calculation`` as the rule has them; ``invalid`` and
    ``is_required``: what the feed says of a wrong and of a missing value.
    """

    kind: str
    sources: Sequence[str]
    value: str
    template: str
    calculation: Mapping[str, str]
    operations: Sequence[OperationInput]
    invalid: str
    is_required: bool


def rule_form(rule: Mapping[str, Any] | None) -> RuleForm:
    """The form of a rule; that of None fills the field by nothing."""
    rule = rule or {}
    calculation = rule.get(CALCULATION)
    spelled = calculation if isinstance(calculation, Mapping) else {}
    return RuleForm(
        next((one for one in KINDS if one in rule), NOTHING),
        list(rule.get("from", ())),
        str(rule.get("value", "")),
        str(rule.get(TEMPLATE, "")),
        {name: str(one) for name, one in spelled.items()},
        [_operation(number, spec) for number, spec in enumerate(rule.get("do", ()))],
        rule.get("invalid", ""),
        bool(rule.get("required")),
    )


def _operation(number: int, spec: Any) -> OperationInput:
    code = name_of(spec)
    known = OPERATIONS.get(code)
    given = _given(known, spec[code]) if isinstance(spec, Mapping) else {}
    parameters = () if known is None else known.parameters
    return OperationInput(
        number,
        code,
        tell(OPERATION_NAMES[code]) if code in OPERATION_NAMES else code,
        tell(known.help) if known else "",
        [_parameter(f"operation-{number}", one, given.get(one.name)) for one in parameters],
    )


def _given(operation: Operation | None, spelled: Any) -> Mapping[str, Any]:
    """The parameters by their names, whichever way the rule spells them."""
    if operation is None or not operation.parameters:
        return {}
    first = operation.parameters[0]
    is_by_name = isinstance(spelled, Mapping) and (
        first.kind != "table" or isinstance(spelled.get(first.name), Mapping)
    )
    return spelled if is_by_name else {first.name: spelled}


def _parameter(prefix: str, parameter: Parameter, given: Any) -> ParameterInput:
    value = parameter.default if given is None else given
    entries: list[tuple[str, str]] = []
    if parameter.kind == "table":
        lines = given.items() if isinstance(given, Mapping) else ()
        entries = [*((_spelled(key), _spelled(entry)) for key, entry in lines), ("", "")]
        value = None
    named = PARAMETER_NAMES.get(parameter.name)
    return ParameterInput(
        f"{prefix}-{parameter.name}",
        parameter.name if named is None else tell(named),
        parameter.kind,
        "" if value is None else str(value),
        parameter.choices,
        parameter.required and parameter.default is None,
        entries,
    )


def _spelled(cell: Any) -> str:
    """YAML has yes and no where a table has words."""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def read_rule(form: MultiDict[str, str], field: Field) -> dict[str, Any] | None:
    """The rule that a form says; None where nothing fills the field. What is wrong with it is found
    out where it is compiled.
    """
    kind = form.get("kind", NOTHING)
    if kind not in KINDS or kind == NOTHING:
        return None
    rule = _READERS[kind](form)
    operations = [] if kind == FIXED else _moved(_read_operations(form), form.get("move", ""))
    if operations:
        rule["do"] = operations
    if form.get("invalid") in INVALIDITIES:
        rule["invalid"] = form["invalid"]
    if "required" in form and field.need != "required":
        rule["required"] = True
    return rule


def _read_sources(form: MultiDict[str, str]) -> dict[str, Any]:
    return {FROM: list(dict.fromkeys(one for one in form.getlist("source") if one))}


def _read_fixed(form: MultiDict[str, str]) -> dict[str, Any]:
    return {FIXED: form.get("value", "")}


def _read_template(form: MultiDict[str, str]) -> dict[str, Any]:
    written, added = form.get("template", ""), form.get("add_to_template", "")
    return {TEMPLATE: f"{written} {{{added}}}".strip() if added else written}


def _read_calculation(form: MultiDict[str, str]) -> dict[str, Any]:
    said = {name: form.get(f"calculate-{name}", "").strip() for name in ("first", "by", "second")}
    said["second"] = said["second"] or form.get("calculate-number", "").strip()
    decimals = form.get("calculate-decimals", "").strip()
    return {CALCULATION: {**said, **({"decimals": decimals} if decimals else {})}}


_READERS: Mapping[str, Callable[[MultiDict[str, str]], dict[str, Any]]] = {
    FROM: _read_sources,
    FIXED: _read_fixed,
    TEMPLATE: _read_template,
    CALCULATION: _read_calculation,
}


def _read_operations(form: MultiDict[str, str]) -> list[Any]:
    found = []
    for number, code in enumerate(form.getlist("operation")):
        if code in OPERATIONS:
            found.append(_read_operation(form, f"operation-{number}", OPERATIONS[code]))
    if form.get("add_operation") in OPERATIONS:
        added = OPERATIONS[form["add_operation"]]
        found.append(_read_operation(form, "operation-new", added))
    return found


def _read_operation(form: MultiDict[str, str], prefix: str, operation: Operation) -> Any:
    """As a mapping spells it: ``trim``, ``{truncate: {length: 150}}``. What is left blank and need
    not be said is not said.
    """
    given: dict[str, Any] = {}
    for parameter in operation.parameters:
        name = f"{prefix}-{parameter.name}"
        if parameter.kind == "table":
            given[parameter.name] = _read_table(form, name)
        elif form.get(name) or (parameter.required and name in form):
            given[parameter.name] = _typed(parameter, form[name])
    return {operation.name: given} if given else operation.name


def _typed(parameter: Parameter, spelled: str) -> str | int:
    is_whole = parameter.kind == "whole" and spelled.isascii() and spelled.isdecimal()
    return int(spelled) if is_whole and len(spelled) < 10 else spelled


def _read_table(form: MultiDict[str, str], name: str) -> dict[str, str]:
    lines = zip(form.getlist(f"{name}-key"), form.getlist(f"{name}-by"), strict=False)
    return {key: by for key, by in lines if key or by}


def _moved(operations: list[Any], asked: str) -> list[Any]:
    """The operations after one of them was moved or taken out, where a button said so."""
    found = MOVES.fullmatch(asked)
    if found is None or int(found[2]) >= len(operations):
        return operations
    way, place = found[1], int(found[2])
    moved = operations.pop(place)
    if way == "drop":
        return operations
    operations.insert(max(0, place - 1 if way == "up" else place + 1), moved)
    return operations


def offered_kinds() -> list[NamedChoice]:
    """What can fill a field."""
    return [NamedChoice(code, tell(shown)) for code, shown in KINDS.items()]


def offered_calculations() -> list[NamedChoice]:
    """What can be done with two amounts."""
    return [NamedChoice(code, tell(shown)) for code, shown in CALCULATION_NAMES.items()]


def offered_operations() -> list[NamedChoice]:
    """All operations by what they do."""
    return [NamedChoice(code, tell(one.help)) for code, one in OPERATIONS.items()]


def offered_sources(structure: Structure, chosen: Iterable[str], field: Field) -> list[ChoiceGroup]:
    """Everything that a field can take its value from: the attributes by their groups, what the hub
    knows besides, what the model holds, and addresses in one certain language or currency.
    """
    built_in = [NamedChoice(code, tell(one.label)) for code, one in source_names().items()]
    groups = [
        *_attributes_by_group(structure),
        ChoiceGroup(tell(BUILT_IN), built_in),
        ChoiceGroup(tell(ELSEWHERE), _certain_addresses(structure)),
        ChoiceGroup(tell(OF_MODEL), _of_the_model(structure)),
        ChoiceGroup(
            tell(ASSOCIATIONS),
            [
                NamedChoice(address, address_label(structure, address))
                for address in structure.association_addresses
            ],
        ),
    ]
    known = {one.code for group in groups for one in group.choices}
    others = [NamedChoice(one, one) for one in chosen if one not in known]
    if field.kind == "properties" and ALL not in known:
        others.insert(0, NamedChoice(ALL, ALL))
    groups.append(ChoiceGroup(tell(OTHERS), others))
    return [group for group in groups if group.choices]


def _attributes_by_group(structure: Structure) -> list[ChoiceGroup]:
    found: dict[str, list[NamedChoice]] = {code: [] for code in structure.groups}
    for code, one in structure.attributes.items():
        shown = label(one.labels, language(), code)
        found.setdefault(one.group or "", []).append(NamedChoice(code, shown))
    return [
        ChoiceGroup(
            label(structure.groups[code].labels, language(), code)
            if code in structure.groups
            else tell(ATTRIBUTES),
            choices,
        )
        for code, choices in found.items()
    ]


def _certain_addresses(structure: Structure) -> list[NamedChoice]:
    return [
        NamedChoice(address, address_label(structure, address))
        for address, attribute in structure.attribute_at.items()
        if address != attribute.code
    ]


def _of_the_model(structure: Structure) -> list[NamedChoice]:
    if not structure.variants:
        return []
    return [
        NamedChoice(f"{MODEL}{code}", label(one.labels, language(), code))
        for code, one in structure.attributes.items()
    ]
