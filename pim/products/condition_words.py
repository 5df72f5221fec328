"""A condition in words, as a chip above a list says it."""

from typing import Any, Final

from sqlalchemy.orm import Session

from pim.attributes.operators import Operator
from pim.errors import Text, text
from pim.products.conditions import Condition, field_of
from pim.structure.objects import Structure

SAID: Final = {
    Operator.CONTAINS: text("%(field)s contains “%(first)s”"),
    Operator.IS: text("%(field)s is %(first)s"),
    Operator.ONE_OF: text("%(field)s: %(values)s"),
    Operator.NONE_OF: text("%(field)s: not %(values)s"),
    Operator.AT_LEAST: text("%(field)s: from %(first)s"),
    Operator.AT_MOST: text("%(field)s: up to %(first)s"),
    Operator.BETWEEN: text("%(field)s: %(first)s to %(last)s"),
    Operator.YES: text("%(field)s: yes"),
    Operator.NO: text("%(field)s: no"),
    Operator.EMPTY: text("%(field)s: empty"),
    Operator.FILLED: text("%(field)s: filled"),
}
"""A condition as a sentence: ``field``, ``first`` and ``last`` of its ``values``."""
OPERATORS: Final = {
    Operator.CONTAINS: text("contains"),
    Operator.IS: text("is"),
    Operator.ONE_OF: text("is one of"),
    Operator.NONE_OF: text("is none of"),
    Operator.AT_LEAST: text("is at least"),
    Operator.AT_MOST: text("is at most"),
    Operator.BETWEEN: text("is between"),
    Operator.YES: text("yes"),
    Operator.NO: text("no"),
    Operator.EMPTY: text("is empty"),
    Operator.FILLED: text("is filled"),
}
"""What people call the operators."""


def said(session: Session, structure: Structure, condition: Condition, language: str) -> Text:
    """The condition as a sentence. :class:`~pim.errors.Invalid` where there is no such field."""
    field = field_of(structure, condition)
    values = tuple(field.shown(session, structure, value, language) for value in condition.values)
    parts: dict[str, Any] = {"field": field.label(structure, language), "values": values}
    if values:
        parts |= {"first": values[0], "last": values[-1]}
    return Text(SAID[condition.operator].msgid, parts)
