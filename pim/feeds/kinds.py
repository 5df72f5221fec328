"""The kinds of a target field: what came out of the sources and operations is made what the field
promises.
"""

from collections.abc import Callable

from pim.attributes.characters import FORBIDDEN, is_blank
from pim.feeds.contract import Field, Measure, Money, Picture
from pim.feeds.lookup import FeedLookup
from pim.feeds.measures import read_measure
from pim.feeds.operations import NUMBER, MappedValue, OperationStep, to_unit
from pim.feeds.sources import ValueColumn


def finishing(field: Field, scope: FeedLookup) -> Callable[[ValueColumn], ValueColumn]:
    """Make what came out what the field's kind promises; what cannot be made so stays text, for the
    check to name.
    """
    usual, make = _FINISHES.get(field.kind, (str, _as_text))
    finish = _without_blanks(make(field, scope))
    if field.repeat:
        each = _each_of(finish)
        return lambda column: [each(value) for value in column]
    one = _one_of(finish, field)
    if field.unit:
        return lambda column: [one(value) for value in column]
    if usual is str:
        return lambda column: [
            value if type(value) is str and value[:1].isalnum() else one(value) for value in column
        ]  # nearly all there is: no call
    return lambda column: [value if type(value) is usual else one(value) for value in column]


def _without_blanks(finish: OperationStep) -> OperationStep:
    """A text with nothing to read or to see is no value: the channel would find the field empty."""

    def step(value: MappedValue) -> MappedValue:
        return None if type(value) is str and is_blank(FORBIDDEN.sub("", value)) else finish(value)

    return step


def _each_of(finish: OperationStep) -> OperationStep:
    def each(value: MappedValue) -> MappedValue:
        if value is None:
            return None
        return [
            done
            for one in (value if type(value) is list else [value])
            if (done := finish(one)) is not None
        ] or None

    return each


def _one_of(finish: OperationStep, field: Field) -> OperationStep:
    """A list where one value belongs: the first picture or address, all words of a text."""
    takes_first = field.kind in ("picture", "url")

    def one(value: MappedValue) -> MappedValue:
        if type(value) is str or value is None:
            return finish(value) if value else None
        if type(value) is list:
            return finish(value[0] if takes_first else ", ".join(map(str, value)))
        return finish(value)

    return one


def _as_text(field: Field, scope: FeedLookup) -> OperationStep:
    return lambda value: (
        value
        if type(value) is str
        else ("true" if value else "false")
        if type(value) is bool
        else str(value)
    )


def _as_price(field: Field, scope: FeedLookup) -> OperationStep:
    currency = scope.currency
    return lambda value: (
        Money(value, currency) if type(value) is str and NUMBER.fullmatch(value) else value
    )


def _as_number(field: Field, scope: FeedLookup) -> OperationStep:
    """Of a price the amount: whoever asks for a number knows the currency."""
    return lambda value: value.amount if type(value) is Money else value


def _as_measure(field: Field, scope: FeedLookup) -> OperationStep:
    """A text that is a measurement becomes one; a number alone is in the field's own unit, where it
    has one.
    """
    unit = field.unit

    def finish(value: MappedValue) -> MappedValue:
        found = (read_measure(value, unit) or value) if type(value) is str else value
        return to_unit(found, unit) if unit and type(found) is Measure else found

    return finish


def _as_boolean(field: Field, scope: FeedLookup) -> OperationStep:
    yes, no = field.choices
    words = {True: yes, False: no, "true": yes, "false": no}
    return lambda value: words.get(value, value) if type(value) in (bool, str) else str(value)


def _as_is(field: Field, scope: FeedLookup) -> OperationStep:
    return lambda value: value


_FINISHES: dict[str, tuple[type, Callable[[Field, FeedLookup], OperationStep]]] = {
    "number": (str, _as_number),
    "price": (Money, _as_price),
    "measurement": (Measure, _as_measure),
    "boolean": (type(None), _as_boolean),
    "picture": (Picture, _as_is),
}
"""Kind of field -> the type that is fine as it is, and how anything else is made so."""
