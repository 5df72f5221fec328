"""The rules of a feed: IF conditions hold for a product, THEN fields are filled otherwise, changed,
or the product is left out. They are data::

    [
        {
            "label": "Cheap things say so",
            "if": [{"price": {"at_most": 20}}],
            "set": {"custom_label_0": {"value": "cheap"}},
        },
        {"label": "No bulky goods", "if": [{"weight": {"at_least": 30}}], "leave_out": True},
    ]

Rules are asked in order. Conditions look at the product, not at what an earlier rule made of it;
``change`` goes on from what the field has by then. A rule that is ``paused`` does nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pim.errors import Invalid, Text, text
from pim.feeds.conditions import ProductTest, compile_conditions
from pim.feeds.contract import Field, Listing
from pim.feeds.kinds import finishing
from pim.feeds.mapping import CompiledMapping, Decide, sound_column
from pim.feeds.mapping_compiler import MappingCompiler
from pim.feeds.operations import MappedValue, OperationStep
from pim.feeds.pipeline import InvalidOperation, compile_steps
from pim.feeds.selection import compile_selection
from pim.feeds.sources import ColumnReader, MappingSource, ValueColumn
from pim.problems import Problem
from pim.providers.base import ListedProduct

IF, SET, CHANGE, LEAVE_OUT, PAUSED, LABEL = "if", "set", "change", "leave_out", "paused", "label"
BY_RULE = "left_out_by_rule"
Apply = Callable[[Sequence[ListedProduct], Sequence[Listing]], None]


@dataclass(frozen=True)
class CompiledRules:
    """``apply``: makes the listings of a window what the rules say; None where no rule does so.
    ``decide``: what rules leave out; None where none does. ``fields``: those that a rule fills or
    changes.
    """

    apply: Apply | None
    decide: Decide | None
    fields: frozenset[str]


@dataclass
class _Rule:
    """A rule, compiled."""

    label: str
    holds: ProductTest
    leaves_out: bool
    readers: dict[str, ColumnReader] = field(default_factory=dict)
    steps: dict[str, Callable[[Sequence[MappedValue]], ValueColumn]] = field(default_factory=dict)


def compile_rules(
    given: Any, fields: Iterable[Field], compiler: MappingCompiler
) -> tuple[CompiledRules, dict[str, list[Text]]]:
    """The rules, and what is wrong with them: number of the rule -> complaints. ``compiler``: that
    of the feed's mapping, so that a source which both read is read once.
    """
    if not isinstance(given, list):
        return CompiledRules(None, None, frozenset()), {"": [text("Rules are a list.")]}
    by_name = {one.name: one for one in fields}
    rules: list[_Rule] = []
    wrong: dict[str, list[Text]] = {}
    for number, one in enumerate(given):
        try:
            rule = _compile(one, by_name, compiler)
        except InvalidOperation as refused:
            wrong[str(number)] = [refused.message]
            continue
        if not one.get(PAUSED):
            rules.append(rule)
    return _together(rules), wrong


def _compile(given: Any, fields: Mapping[str, Field], compiler: MappingCompiler) -> _Rule:
    known = {IF, SET, CHANGE, LEAVE_OUT, PAUSED, LABEL}
    if not isinstance(given, Mapping) or not given.keys() <= known:
        raise InvalidOperation(
            text("A rule has “label”, “if”, “set”, “change”, “leave_out” and “paused”.")
        )
    does = [name for name in (SET, CHANGE, LEAVE_OUT) if given.get(name)]
    if not does:
        raise InvalidOperation(text("The rule does nothing: it sets, changes or leaves out."))
    holds = compile_conditions(
        given.get(IF, []), compiler.lookup.structure, compiler.source_of_code
    )
    rule = _Rule(str(given.get(LABEL, "")), holds, bool(given.get(LEAVE_OUT)))
    for name, said in _fields_of(given, SET, fields):
        rule.readers[name] = compiler.reader_of(said, fields[name])
    for name, said in _fields_of(given, CHANGE, fields):
        rule.steps[name] = _step(said, fields[name], compiler)
    return rule


def _fields_of(
    given: Mapping[str, Any], what: str, fields: Mapping[str, Field]
) -> Iterable[tuple[str, Any]]:
    said = given.get(what) or {}
    if not isinstance(said, Mapping):
        raise InvalidOperation(text("“%(what)s” names fields of the channel.", what=what))
    for name in said:
        if name not in fields:
            raise InvalidOperation(text("The channel has no field “%(field)s”.", field=str(name)))
    return said.items()


def _step(
    operations: Any, changed: Field, compiler: MappingCompiler
) -> Callable[[Sequence[MappedValue]], ValueColumn]:
    step: OperationStep | None = compile_steps(operations)
    if step is None:
        raise InvalidOperation(text("A change names at least one operation."))
    if changed.kind == "properties":
        raise InvalidOperation(text("Properties take no operations."))
    finish = finishing(changed, compiler.lookup)
    return lambda column: finish([step(value) for value in column])


def _together(rules: Sequence[_Rule]) -> CompiledRules:
    filling = [one for one in rules if one.readers or one.steps]
    leaving_out = [one for one in rules if one.leaves_out]
    touched = {name for one in filling for name in (*one.readers, *one.steps)}
    return CompiledRules(
        _application(filling) if filling else None,
        _decision(leaving_out) if leaving_out else None,
        frozenset(touched),
    )


def _application(rules: Sequence[_Rule]) -> Apply:
    def apply(window: Sequence[ListedProduct], listings: Sequence[Listing]) -> None:
        for rule in rules:
            held = rule.holds(window)
            chosen = [index for index, holds in enumerate(held) if holds]
            if not chosen:
                continue
            products = [window[index] for index in chosen]
            meant = [listings[index] for index in chosen]
            for name, read in rule.readers.items():
                _put(name, meant, sound_column(name, read, products, meant))
            for name, change in rule.steps.items():
                values = [one.get(name) for one in meant]
                _put(name, meant, sound_column(name, change, values, meant))

    return apply


def _put(name: str, listings: Sequence[Listing], column: ValueColumn) -> None:
    for listing, value in zip(listings, column, strict=True):
        if value is None:
            listing.pop(name, None)
        else:
            listing[name] = value


def _decision(rules: Sequence[_Rule]) -> Decide:
    reasons = [Problem("", BY_RULE, _said(rule.label)) for rule in rules]

    def decide(window: Sequence[ListedProduct]) -> Sequence[Problem | None]:
        found: list[Problem | None] = [None] * len(window)
        for rule, reason in zip(rules, reasons, strict=True):
            for index, holds in enumerate(rule.holds(window)):
                if holds and found[index] is None:
                    found[index] = reason
        return found

    return decide


def _said(label: str) -> Text:
    if not label:
        return text("A rule of this feed leaves it out.")
    return text("The rule “%(rule)s” of this feed leaves it out.", rule=label)


def with_rules(
    mapping: CompiledMapping, rules: Any, selection: Any, fields: Iterable[Field], day: date
) -> CompiledMapping:
    """The mapping with a feed's rules and selection on a day. :class:`~pim.errors.Invalid`
    (``rules.0``, ``selection`` -> complaints) names all that does not fit.
    """
    if not rules and not selection:
        return mapping
    compiler = MappingCompiler(mapping.lookup)
    compiled, complaints = compile_rules(rules, fields, compiler)
    wrong = {f"rules.{number}".rstrip("."): said for number, said in complaints.items()}
    chosen = None
    try:
        structure = mapping.lookup.structure
        chosen = compile_selection(selection, structure, compiler.source_of_code, day)
    except InvalidOperation as refused:
        wrong["selection"] = [refused.message]
    if wrong:
        raise Invalid(wrong)
    decisions = [one for one in (chosen and chosen.decide, compiled.decide) if one]
    return replace(
        mapping,
        resolve=_resolved(mapping.resolve, compiled.apply),
        fixed={name: one for name, one in mapping.fixed.items() if name not in compiled.fields},
        sources={**mapping.sources, **compiler.sources},
        addresses=_joined(mapping.addresses, compiler.addresses),
        sources_of=_joined_sources(mapping.sources_of, compiler.sources_of),
        decide=_first_decision(decisions) if decisions else None,
        set_by_rules=compiled.fields,
        named=chosen.on_the_day if chosen else (),
    )


def _resolved(
    resolve: Callable[[Sequence[ListedProduct]], list[Listing]], apply: Apply | None
) -> Callable[[Sequence[ListedProduct]], list[Listing]]:
    if apply is None:
        return resolve

    def resolved(window: Sequence[ListedProduct]) -> list[Listing]:
        listings = resolve(window)
        apply(window, listings)
        return listings

    return resolved


def _joined(
    one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]
) -> Mapping[str, frozenset[str]]:
    names = one.keys() | other.keys()
    return {name: one.get(name, frozenset()) | other.get(name, frozenset()) for name in names}


def _joined_sources(
    one: Mapping[str, Sequence[MappingSource]], other: Mapping[str, Sequence[MappingSource]]
) -> Mapping[str, Sequence[MappingSource]]:
    names = one.keys() | other.keys()
    return {name: [*one.get(name, ()), *other.get(name, ())] for name in names}


def _first_decision(decisions: Sequence[Decide]) -> Decide:
    """What keeps a product out first: the selection before the rules."""

    def decide(window: Sequence[ListedProduct]) -> Sequence[Problem | None]:
        found = [one(window) for one in decisions]
        return [next(filter(None, row), None) for row in zip(*found, strict=True)]

    return decide
