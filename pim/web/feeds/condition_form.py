"""Conditions in a form: what is asked of which value of a product, one in a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from pim.attributes.operators import Operator
from pim.errors import Text, text
from pim.feeds.conditions import CATEGORIES, FAMILY, read_condition
from pim.feeds.contract import Field
from pim.feeds.pipeline import InvalidOperation
from pim.labels import label
from pim.products.condition_words import OPERATORS, SAID
from pim.structure.objects import Structure
from pim.web.feeds.rule_form import ChoiceGroup, NamedChoice, offered_sources
from pim.web.feeds.words import source_label
from pim.web.page import language, tell

_STRUCTURAL: Mapping[str, Text] = {CATEGORIES: text("Categories"), FAMILY: text("Family")}
_PRODUCT = text("Product")
MOST_OFFERED = 300
"""Options and categories that a value is offered from."""


@dataclass(frozen=True)
class ConditionInput:
    """A condition as its line shows it. ``values``: with commas between them; ``offered``: codes
    that a value can be, with their names.
    """

    source: str
    operator: str
    values: str
    offered: Sequence[NamedChoice]


def condition_inputs(structure: Structure, conditions: Any) -> list[ConditionInput]:
    """The lines of a form, with an empty one behind them. What cannot be read is left away: it is
    said elsewhere.
    """
    lines = []
    for one in conditions if isinstance(conditions, list) else ():
        try:
            source, operator, values = read_condition(one)
        except InvalidOperation:
            source, operator, values = _half_read(one)
        lines.append(
            ConditionInput(source, operator, ", ".join(values), _offered(structure, source))
        )
    return [*lines, ConditionInput("", Operator.IS, "", ())]


def _half_read(given: Any) -> tuple[str, Operator, tuple[str, ...]]:
    """The source of a condition that is not whole yet, such as one without a value."""
    if not isinstance(given, Mapping) or not given:
        return "", Operator.IS, ()
    source, asked = next(iter(given.items()))
    name = next(iter(asked), "") if isinstance(asked, Mapping) else ""
    return str(source), Operator(name) if name in set(Operator) else Operator.IS, ()


def _offered(structure: Structure, source: str) -> list[NamedChoice]:
    if source == CATEGORIES:
        named = {code: one.labels for code, one in structure.categories.items()}
    elif source == FAMILY:
        named = {code: one.labels for code, one in structure.families.items()}
    else:
        attribute = structure.attributes.get(source)
        options = getattr(attribute.type, "options", {}) if attribute else {}
        named = dict(options)
    shown = list(named.items())[:MOST_OFFERED]
    return [NamedChoice(code, label(labels, language(), code)) for code, labels in shown]


def read_conditions(form: MultiDict[str, str], prefix: str = "if") -> list[dict[str, Any]]:
    """The conditions that a form says; lines without a source are left away."""
    columns = [form.getlist(f"{prefix}-{name}") for name in ("source", "operator", "values")]
    return [
        {source: {operator: _values(operator, values)}}
        for source, operator, values in zip(*columns, strict=False)
        if source
    ]


def _values(operator: str, typed: str) -> Any:
    known = Operator(operator) if operator in set(Operator) else Operator.IS
    if known.arity == 0:
        return True
    if known.takes_many or known.arity > 1:
        return [one for piece in typed.split(",") if (one := piece.strip())]
    return typed.strip()


def condition_sources(structure: Structure, conditions: Any) -> list[ChoiceGroup]:
    """What can be asked: the categories and the family, and every source of a mapping."""
    chosen = [str(next(iter(one))) for one in conditions if isinstance(one, Mapping) and one]
    own = [NamedChoice(code, tell(shown)) for code, shown in _STRUCTURAL.items()]
    others = [one for one in chosen if one not in _STRUCTURAL]
    return [ChoiceGroup(tell(_PRODUCT), own), *offered_sources(structure, others, Field(""))]


def offered_operators() -> list[NamedChoice]:
    """How a value can be asked."""
    return [NamedChoice(code, tell(shown)) for code, shown in OPERATORS.items()]


def conditions_in_words(structure: Structure, conditions: Any) -> list[Text]:
    """Conditions as sentences; one that cannot be read says why."""
    said = []
    for one in conditions if isinstance(conditions, list) else ():
        try:
            source, operator, values = read_condition(one)
        except InvalidOperation as refused:
            said.append(refused.message)
            continue
        names = {choice.code: choice.label for choice in _offered(structure, source)}
        shown = tuple(names.get(value, value) for value in values)
        parts: dict[str, Any] = {"field": _name_of(structure, source), "values": shown}
        if shown:
            parts |= {"first": shown[0], "last": shown[-1]}
        said.append(Text(SAID[operator].msgid, parts))
    return said


def _name_of(structure: Structure, source: str) -> str:
    if source in _STRUCTURAL:
        return tell(_STRUCTURAL[source])
    return tell(source_label(structure, source))
