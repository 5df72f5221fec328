"""The named operations of a mapping: each one small function, its parameters declared, so that the
form can draw and check them.

A value is a str, a bool, :class:`Money`, :class:`Measure`, :class:`Picture`, a list of those, or
None for nothing. An operation that cannot use what it gets (adding to a word) leaves it as it is:
the check names it afterwards.
"""

import html
import re
import string
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any, Literal

from pim.attributes import units
from pim.attributes.currencies import decimals_of
from pim.attributes.quantities import Measure, Money, measure
from pim.errors import NotFound, Text, text
from pim.feeds.measures import read_measure

MappedValue = Any
OperationStep = Callable[[MappedValue], MappedValue]
ParameterKind = Literal["text", "whole", "number", "table", "unit", "date_format", "choice"]

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
EXACT = Context(prec=20_000)
"""What operations calculate in: nothing of a number is lost, however many digits it has."""
BREAKS = re.compile(
    r"</?(?:p|br|hr|div|li|ul|ol|d[ldt]|h[1-6]|t[rdh]|table|blockquote|pre)\b[^>]*>", re.IGNORECASE
)
TAGS = re.compile(
    r"<(?:(?P<hidden>script|style)\b.*?</(?P=hidden)\s*>|!--.*?-->|[/a-zA-Z][^>]*>)",
    re.DOTALL | re.IGNORECASE,
)
NOT_DIGITS = re.compile(r"[^0-9]+")
NOT_SLUG = re.compile(r"[^a-z0-9]+")
SPELLED = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
MILLIONTH = Decimal("0.000001")
DATE_FORMAT = re.compile(r"(%[YmdyBbjHMSz%]|[^%])+")


@dataclass(frozen=True)
class Parameter:
    """``kind`` decides widget and check; a parameter without ``default`` must be given."""

    name: str
    kind: ParameterKind = "text"
    default: Any = None
    choices: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class Operation:
    """``make`` takes the parameters by name and gives the step; ``help`` is what the form says."""

    name: str
    help: Text
    make: Callable[..., OperationStep]
    parameters: tuple[Parameter, ...] = ()


def on_text(change: Callable[[str], str]) -> OperationStep:
    """Apply to a text, or to each of a list; what has become empty is nothing."""

    def step(value: MappedValue) -> MappedValue:
        if type(value) is str:
            return change(value) or None
        if type(value) is list:
            return [changed for one in value if (changed := change(str(one)))] or None
        return None if value is None else change(str(value)) or None

    return step


def on_number(change: Callable[[Decimal], Decimal]) -> OperationStep:
    """Apply to a decimal string or to the amount of money or a measure, exactly."""

    def step(value: MappedValue) -> MappedValue:
        if type(value) is Money:
            return Money(number(value.amount), value.currency)
        if type(value) is Measure:
            return Measure(number(value.amount), value.unit, value.symbol, value.code)
        return number(value) if type(value) is str else value

    def number(amount: str) -> str:
        return f"{change(Decimal(amount)):f}" if NUMBER.fullmatch(amount) else amount

    return step


def truncate(length: int) -> OperationStep:
    """At the last word boundary that fits; one long word is cut hard."""

    def cut(value: str) -> str:
        if len(value) <= length:
            return value
        kept = value[: length + 1].rpartition(" ")[0] if " " in value[: length + 1] else ""
        return (kept or value[:length]).rstrip()

    return on_text(cut)


def strip_html() -> OperationStep:
    """Blocks and line breaks become a blank, other markup nothing."""

    def strip(value: str) -> str:
        if "<" in value:
            value = TAGS.sub("", BREAKS.sub(" ", value))
        if "&" in value:
            value = html.unescape(value)
        untidy = "  " in value or "\n" in value or "\t" in value or "\xa0" in value or "\r" in value
        return " ".join(value.split()) if untidy else value.strip()

    return on_text(strip)


def replace(find: str, by: str) -> OperationStep:
    return on_text(lambda value: value.replace(find, by))


def table(entries: Mapping[str, str], other: str | None) -> OperationStep:
    """What is not in the table stays as it is, or becomes ``other``."""

    def look_up(value: str) -> str:
        return entries.get(value, value if other is None else other)

    step = on_text(look_up)
    return lambda value: step(("true" if value else "false") if type(value) is bool else value)


def default(value: str) -> OperationStep:
    return lambda found: value if found is None or found == "" or found == [] else found


def first_of() -> OperationStep:
    return lambda value: (value[0] if value else None) if type(value) is list else value


def join(separator: str) -> OperationStep:
    return lambda value: separator.join(map(str, value)) if type(value) is list else value


def split(separator: str) -> OperationStep:
    def cut(value: MappedValue) -> MappedValue:
        if type(value) is not str:
            return value
        return [part for piece in value.split(separator) if (part := piece.strip())] or None

    return cut


def add(amount: str) -> OperationStep:
    other = Decimal(amount)
    return on_number(lambda number: EXACT.add(number, other))


def multiply(factor: str) -> OperationStep:
    other = Decimal(factor)
    return on_number(lambda number: EXACT.multiply(number, other))


def round_to(decimals: int) -> OperationStep:
    """Half up, as a till does."""
    exponent = Decimal(1).scaleb(-decimals)
    return on_number(lambda number: _quantized(number, exponent))


def _quantized(number: Decimal, exponent: Decimal) -> Decimal:
    return number.quantize(exponent, rounding=ROUND_HALF_UP, context=EXACT)


def format_price(decimals: int | None, decimal: str, currency: str) -> OperationStep:
    """Money as text: "12,50", "12.50 EUR" or "EUR 12.50", with the decimals of its currency (ISO
    4217) where none are said; rounded as :func:`round_to` does.
    """

    def spell(value: MappedValue) -> MappedValue:
        if type(value) is not Money or not NUMBER.fullmatch(value.amount):
            return value
        places = decimals_of(value.currency) if decimals is None else decimals
        exponent = Decimal(1).scaleb(-places)
        amount = f"{_quantized(Decimal(value.amount), exponent):f}".replace(".", decimal)
        return {
            "none": amount,
            "after": f"{amount} {value.currency}",
            "before": f"{value.currency} {amount}",
        }[currency]

    return spell


def in_unit(unit: str) -> OperationStep:
    """A number alone is in this unit; a text that names a unit ("12,5 kg") is in that one."""

    def read(value: MappedValue) -> MappedValue:
        if type(value) is list:
            return [read(one) for one in value]
        return (read_measure(value, unit) or value) if type(value) is str else value

    return read


def convert_unit(unit: str) -> OperationStep:
    """A number alone has no unit to be converted from, and stays as it is."""

    def convert(value: MappedValue) -> MappedValue:
        found = read_measure(value) if type(value) is str else value
        return to_unit(found, unit) if type(found) is Measure else value

    return convert


def format_date(pattern: str) -> OperationStep:
    def spell(value: str) -> str:
        try:
            return date.fromisoformat(value).strftime(pattern)
        except ValueError:
            return value

    return on_text(spell)


def slug(value: str) -> str:
    """Letters a-z, digits and dashes; accents fall off, and letters without one are spelt."""
    spelled = value.lower().translate(SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().lower()
    return NOT_SLUG.sub("-", plain).strip("-")


def yes_no(yes: str, no: str) -> OperationStep:
    words = {True: yes, False: no, "true": yes, "false": no}
    return lambda value: words.get(value, value) if isinstance(value, bool | str) else value


def to_unit(value: Measure, unit: str) -> Measure:
    """In the other unit, to six decimals; unchanged when the two measure different things."""
    if value.unit == unit or not NUMBER.fullmatch(value.amount):
        return value
    return _converted(value.amount, value.unit, unit) or value


@lru_cache(maxsize=65536)
def _converted(amount: str, unit: str, wanted: str) -> Measure | None:
    try:
        exact = units.convert(amount, unit, wanted)
    except NotFound:
        return None
    converted = exact.quantize(MILLIONTH, rounding=ROUND_HALF_EVEN, context=EXACT)
    return measure(f"{converted.normalize(EXACT):f}", wanted)


OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(
            "truncate",
            text("Cut at the last word that fits."),
            truncate,
            (Parameter("length", "whole"),),
        ),
        Operation("strip_html", text("Take the markup out and keep the text."), strip_html),
        Operation("upper", text("In capitals."), lambda: on_text(str.upper)),
        Operation("lower", text("In small letters."), lambda: on_text(str.lower)),
        Operation("title", text("Every Word With A Capital."), lambda: on_text(string.capwords)),
        Operation("trim", text("Take blanks off both ends."), lambda: on_text(str.strip)),
        Operation(
            "prefix",
            text("Put this before it."),
            lambda by: on_text(lambda value: by + value),
            (Parameter("by"),),
        ),
        Operation(
            "suffix",
            text("Put this after it."),
            lambda by: on_text(lambda value: value + by),
            (Parameter("by"),),
        ),
        Operation(
            "replace",
            text("Put one text in the place of another."),
            replace,
            (Parameter("find"), Parameter("by", default="", required=False)),
        ),
        Operation(
            "map",
            text(
                "Look it up in a table; as first operation on a choice it sees the option's code."
            ),
            table,
            (Parameter("entries", "table"), Parameter("other", required=False)),
        ),
        Operation(
            "default", text("Take this when there is nothing."), default, (Parameter("value"),)
        ),
        Operation("first_of", text("Take the first of several values."), first_of),
        Operation(
            "join",
            text("Make one text of all sources."),
            join,
            (Parameter("separator", default=", ", required=False),),
        ),
        Operation("split", text("Make a list of one text."), split, (Parameter("separator"),)),
        Operation("add", text("Add this amount."), add, (Parameter("amount", "number"),)),
        Operation(
            "multiply", text("Multiply by this."), multiply, (Parameter("factor", "number"),)
        ),
        Operation(
            "round",
            text("Round half up to so many decimals."),
            round_to,
            (Parameter("decimals", "whole"),),
        ),
        Operation(
            "format_price",
            text("Write a price as text."),
            format_price,
            (
                Parameter("decimals", "whole", required=False),
                Parameter("decimal", "text", ".", required=False),
                Parameter(
                    "currency", "choice", "none", ("none", "after", "before"), required=False
                ),
            ),
        ),
        Operation(
            "unit",
            text("A number without a unit is in this one."),
            in_unit,
            (Parameter("unit", "unit"),),
        ),
        Operation(
            "convert_unit",
            text("Convert a measurement to this unit."),
            convert_unit,
            (Parameter("unit", "unit"),),
        ),
        Operation(
            "date",
            text("Write a date this way, such as %%d-%%m-%%Y."),
            format_date,
            (Parameter("pattern", "date_format"),),
        ),
        Operation("slug", text("Make it fit for a web address."), lambda: on_text(slug)),
        Operation(
            "only_digits",
            text("Keep the digits only."),
            lambda: on_text(lambda value: NOT_DIGITS.sub("", value)),
        ),
        Operation(
            "yes_no",
            text("Words for yes and no."),
            yes_no,
            (
                Parameter("yes", default="yes", required=False),
                Parameter("no", default="no", required=False),
            ),
        ),
    )
}
