"""What a list is asked beside its plain filters: conditions, and how an address spells them.

``weight.between.1..5``, ``color.one_of.red,blue``, ``name-nl_NL.contains.light tent``,
``material.empty``: a field, an operator and what belongs to it, with points between them. A comma
that belongs to a value has a backslash before it.
"""

import re
from dataclasses import dataclass

from pim.attributes.operators import Operator, why_not
from pim.errors import Invalid, Text, text
from pim.products.filter_fields import field_at
from pim.products.filter_kinds import FilterField
from pim.structure.objects import Structure

PARAMETER = "f"
"""The parameter of an address that holds a condition; there may be several."""
BETWEEN = ".."
_VALUE = re.compile(r"(?:\\.|[^,\\])+")


@dataclass(frozen=True)
class Condition:
    """``field``: the address of a filterable attribute, or the code of a field beside the
    attributes (:mod:`pim.products.own_filters`). ``values``: as the operator wants them, spelled
    neutrally: ``1.5``, ``2026-11-22``, the code of an option.
    """

    field: str
    operator: Operator
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        return spelled(self)


def spelled(condition: Condition) -> str:
    """As an address says it; :func:`read` reads it back."""
    operator, values = condition.operator, condition.values
    if operator.arity == 0:
        return f"{condition.field}.{operator}"
    if operator.takes_many:
        told = ",".join(value.replace("\\", "\\\\").replace(",", "\\,") for value in values)
    else:
        told = BETWEEN.join(values)
    return f"{condition.field}.{operator}.{told}"


def read(structure: Structure, spelling: str) -> Condition:
    """The condition of an address. :class:`Invalid`, under the spelling, for what is not
    understood.
    """
    code, _, rest = spelling.partition(".")
    word, _, told = rest.partition(".")
    if not code or not word:
        raise _invalid(
            spelling,
            text(
                "“%(spelling)s” is no filter: a field and an operator are due, as in"
                " “weight.between.1..5”.",
                spelling=spelling,
            ),
        )
    condition = Condition(code, _operator(spelling, word), ())
    condition = Condition(code, condition.operator, _values(condition.operator, told))
    check(structure, condition)
    return condition


def check(structure: Structure, condition: Condition) -> None:
    """:class:`Invalid`, under its spelling, for a condition that this shop cannot be asked."""
    field, spelling = field_of(structure, condition), spelled(condition)
    if condition.operator not in field.operators:
        raise _invalid(
            spelling,
            text(
                "“%(field)s” cannot be asked “%(operator)s”, but: %(offered)s.",
                field=condition.field,
                operator=str(condition.operator),
                offered=", ".join(field.operators),
            ),
        )
    problem = why_not(condition.operator, condition.values)
    problem = problem or field.why_not(structure, condition.operator, condition.values)
    if problem is not None:
        raise _invalid(spelling, problem)


def field_of(structure: Structure, condition: Condition) -> FilterField:
    """What is asked; :class:`Invalid`, under the condition's spelling, where there is no such
    field.
    """
    field = field_at(structure, condition.field)
    if field is not None:
        return field
    spelling = spelled(condition)
    if condition.field in structure.attribute_at:
        raise _invalid(
            spelling,
            text(
                "Lists cannot filter by “%(field)s”: its attribute is not filterable.",
                field=condition.field,
            ),
        )
    raise _invalid(
        spelling, text("There is nothing called “%(field)s” to filter by.", field=condition.field)
    )


def _operator(spelling: str, word: str) -> Operator:
    try:
        return Operator(word)
    except ValueError:
        raise _invalid(
            spelling,
            text(
                "“%(operator)s” is no operator; there are: %(known)s.",
                operator=word,
                known=", ".join(Operator),
            ),
        ) from None


def _values(operator: Operator, told: str) -> tuple[str, ...]:
    if not told:
        return ()
    if operator.takes_many:
        return tuple(
            re.sub(r"\\(.)", r"\1", value) for value in _VALUE.findall(told) if value.strip()
        )
    if operator is Operator.BETWEEN:
        return tuple(told.split(BETWEEN))
    return (told,)


def _invalid(spelling: str, problem: Text) -> Invalid:
    return Invalid({spelling: [problem]})
