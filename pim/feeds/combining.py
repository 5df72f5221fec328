"""Values that are made of several: a template of texts, and arithmetic between two amounts. Both
are data; no text of a user is ever evaluated.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation
from typing import Any

from pim.attributes.currencies import decimals_of
from pim.attributes.quantities import Measure, Money
from pim.errors import text
from pim.feeds import pipeline
from pim.feeds.operations import EXACT, NUMBER, MappedValue
from pim.feeds.sources import ColumnReader, FindSource, MappingSource, ValueColumn
from pim.providers.base import ListedProduct

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""``{name}``: a source, as ``from`` spells it."""
MOST_DECIMALS = 6
"""Of a quotient whose decimals nobody says."""


@dataclass(frozen=True)
class CombinedReader:
    """A column that is read from several sources."""

    sources: Sequence[MappingSource]
    read: ColumnReader


def compile_template(spelling: Any, find: FindSource) -> CombinedReader:
    """``{brand} {name}, {color}``. Where a product has no value for a placeholder, what stands
    before it is left away too; where it has none at all, there is no text.

    Raises :class:`~pim.feeds.pipeline.InvalidOperation`.
    """
    if not isinstance(spelling, str) or not PLACEHOLDER.search(spelling):
        raise pipeline.InvalidOperation(
            text("A template is a text with sources in it, such as “{brand} {name}”.")
        )
    pieces = PLACEHOLDER.split(spelling)
    before, names, after = pieces[0:-1:2], pieces[1::2], pieces[-1]
    sources = [find(name) for name in names]
    readers = [source.reader() for source in sources]

    def read(window: Sequence[ListedProduct]) -> ValueColumn:
        columns = [reader(window) for reader in readers]
        return [_filled(before, row, after) for row in zip(*columns, strict=True)]

    return CombinedReader(sources, read)


def _filled(before: Sequence[str], values: Sequence[MappedValue], after: str) -> str | None:
    written: list[str] = []
    for index, (literal, value) in enumerate(zip(before, values, strict=True)):
        spelled = _spelled(value)
        if not spelled:
            continue
        # What would separate it from a value that is missing is left away, but not how the text
        # begins.
        written.append(literal if written or index == 0 else "")
        written.append(spelled)
    return "".join([*written, after]) if written else None


def _spelled(value: MappedValue) -> str:
    if type(value) is list:
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


@dataclass(frozen=True)
class _Arithmetic:
    """``by``: one of :data:`CALCULATIONS`. ``decimals``: None for those of the currency."""

    by: str
    decimals: int | None

    def of(self, first: MappedValue, second: MappedValue) -> MappedValue:
        """The result is what the first amount is: money, a measure or a number. Nothing where one
        of them is missing or no amount, or where nothing can be divided.
        """
        left, right = _amount(first), _amount(second)
        if left is None or right is None:
            return None
        try:
            exact = CALCULATIONS[self.by](left, right)
        except (DivisionByZero, InvalidOperation, ZeroDivisionError):
            return None
        if type(first) is Money:
            places = decimals_of(first.currency) if self.decimals is None else self.decimals
            return Money(_rounded(exact, places), first.currency)
        spelled = _rounded(exact, MOST_DECIMALS if self.decimals is None else self.decimals)
        if self.decimals is None and "." in spelled:
            spelled = spelled.rstrip("0").rstrip(".")
        if type(first) is Measure:
            return Measure(spelled, first.unit, first.symbol, first.code)
        return spelled


CALCULATIONS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "plus": EXACT.add,
    "minus": EXACT.subtract,
    "times": EXACT.multiply,
    "divided_by": lambda left, right: left / right,
}
"""What can be done with two amounts."""


def _amount(value: MappedValue) -> Decimal | None:
    spelled = value.amount if type(value) in (Money, Measure) else value
    if type(spelled) is not str or not NUMBER.fullmatch(spelled):
        return None
    return Decimal(spelled)


def _rounded(exact: Decimal, places: int) -> str:
    """Half up, as the operation ``round`` does."""
    return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT):f}"


def compile_calculation(spec: Any, find: FindSource) -> CombinedReader:
    """``{first: price, by: minus, second: cost}``; ``second`` may be a number, ``decimals`` says to
    how many the result is rounded.

    Raises :class:`~pim.feeds.pipeline.InvalidOperation`.
    """
    if not isinstance(spec, Mapping) or not {"first", "by", "second"} <= spec.keys():
        raise pipeline.InvalidOperation(
            text("A calculation names two amounts and what is done with them: first, by, second.")
        )
    if spec["by"] not in CALCULATIONS:
        raise pipeline.InvalidOperation(
            text(
                "“%(by)s” cannot be done with two amounts; there are: %(known)s.",
                by=spec["by"],
                known=", ".join(CALCULATIONS),
            )
        )
    arithmetic = _Arithmetic(spec["by"], _decimals(spec.get("decimals")))
    first = find(str(spec["first"]))
    second = str(spec["second"])
    if NUMBER.fullmatch(second):
        read_first = first.reader()
        return CombinedReader(
            [first],
            lambda window: [arithmetic.of(value, second) for value in read_first(window)],
        )
    other = find(second)
    readers = first.reader(), other.reader()

    def read(window: Sequence[ListedProduct]) -> ValueColumn:
        pairs = zip(*[reader(window) for reader in readers], strict=True)
        return [arithmetic.of(*pair) for pair in pairs]

    return CombinedReader([first, other], read)


def _decimals(given: Any) -> int | None:
    if given is None or given == "":
        return None
    spelled = str(given)
    if isinstance(given, bool) or not (spelled.isascii() and spelled.isdecimal()):
        raise pipeline.InvalidOperation(text("The decimals are a whole number."))
    if int(spelled) > MOST_DECIMALS:
        raise pipeline.InvalidOperation(
            text("There are at most %(most)s decimals.", most=MOST_DECIMALS)
        )
    return int(spelled)


def sources_named(rule: Mapping[str, Any]) -> Sequence[str]:
    """The sources that a rule of a field names, as it spells them."""
    if "template" in rule:
        return PLACEHOLDER.findall(str(rule["template"]))
    if isinstance(rule.get("calculate"), Mapping):
        both = (str(rule["calculate"].get(name, "")) for name in ("first", "second"))
        return [one for one in both if one and not NUMBER.fullmatch(one)]
    return list(rule.get("from", ()))
