"""How a list can be asked about the values of an attribute, and which terms of the index answer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pim.errors import Text, ngettext, text

LAST: Final = "\U0010ffff"
"""Comes after every term."""


class Operator(StrEnum):
    """Its value is what stands in an address."""

    CONTAINS = "contains"
    IS = "is"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    YES = "yes"
    NO = "no"
    EMPTY = "empty"
    FILLED = "filled"

    @property
    def takes_many(self) -> bool:
        """Whether any number of values may follow it, but at least one."""
        return self in (Operator.ONE_OF, Operator.NONE_OF)

    @property
    def arity(self) -> int:
        """How many values follow it; of those that take many, how many at least."""
        return _ARITY.get(self, 1)


_ARITY: Final = {
    Operator.BETWEEN: 2,
    Operator.YES: 0,
    Operator.NO: 0,
    Operator.EMPTY: 0,
    Operator.FILLED: 0,
}

OF_WORDS: Final = (Operator.CONTAINS,)
OF_TERMS: Final = (Operator.IS, Operator.ONE_OF)
OF_AMOUNTS: Final = (Operator.IS, Operator.AT_LEAST, Operator.AT_MOST, Operator.BETWEEN)
OF_OPTIONS: Final = (Operator.ONE_OF, Operator.NONE_OF)
OF_PRESENCE: Final = (Operator.EMPTY, Operator.FILLED)


def why_not(operator: Operator, values: tuple[str, ...]) -> Text | None:
    """What is wrong with how many values follow an operator."""
    enough = len(values) >= operator.arity if operator.takes_many else len(values) == operator.arity
    if enough and all(value.strip() for value in values):
        return None
    if operator.takes_many:
        return text("“%(operator)s” wants at least one value.", operator=str(operator))
    if operator.arity == 0:
        return text("“%(operator)s” takes no value.", operator=str(operator))
    return ngettext(
        "“%(operator)s” wants %(num)s value.",
        "“%(operator)s” wants %(num)s values.",
        operator.arity,
        operator=str(operator),
    )


@dataclass(frozen=True)
class Sought:
    """The terms at an address that answer a question.

    ``terms``: one of these; None: any from ``first`` to ``last``, both included. ``words``: each of
    them begins a word of the value, instead of any term. ``is_without``: asked for is who has no
    such term.
    """

    terms: tuple[str, ...] | None = None
    first: str = ""
    last: str = LAST
    words: str = ""
    is_without: bool = False
