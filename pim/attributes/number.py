# ruff: noqa: RUF009 - setting() is dataclasses.field()
"""Numbers: a decimal string such as ``-12.5``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from babel.numbers import format_decimal

from pim.attributes.base import NEUTRAL, AttributeType, InvalidValue, Reading, shown
from pim.attributes.decimals import FRACTION_DIGITS, fraction_digits, read_decimal, sortable
from pim.attributes.locales import babel_locale
from pim.attributes.operators import OF_AMOUNTS, OF_PRESENCE, Operator
from pim.attributes.settings import as_count, as_decimal, setting
from pim.errors import Text, ngettext, text
from pim.problems import Problem
from pim.values import Value


@dataclass(frozen=True)
class NumberType(AttributeType):
    """``min`` and ``max`` inclusive; ``decimals`` digits at most behind the point (None: 20)."""

    code: ClassVar[str] = "number"
    label: ClassVar[Text] = text("Number")
    help: ClassVar[Text] = text("A whole or decimal number without a unit.")
    control: ClassVar[str] = "number"
    operators: ClassVar[tuple[Operator, ...]] = (*OF_AMOUNTS, *OF_PRESENCE)

    min: Decimal | None = setting(as_decimal)
    max: Decimal | None = setting(as_decimal)
    decimals: int | None = setting(as_count)

    def parse(self, raw: str, reading: Reading) -> Value:
        """The canonical string, None for blanks. Rules: ``number``, ``grouping``, ``exponent``,
        ``digits``.
        """
        return read_decimal(raw, reading.decimal)

    def load(self, raw: Any) -> Value:
        """A JSON string or number. A float is taken at its shortest spelling, which is what the
        client wrote.
        """
        if raw is None:
            return None
        if isinstance(raw, str):
            return self.parse(raw, NEUTRAL)
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise InvalidValue(
                "type", text("“%(value)s” is not a number.", value=shown(type(raw).__name__))
            )
        return self.parse(_spelled(raw), NEUTRAL)

    def check(self, value: Value) -> list[Problem]:
        """Rules: ``decimals``, ``min``, ``max``."""
        problems = []
        if self.decimals is not None and fraction_digits(value) > self.decimals:
            message = ngettext(
                "“%(value)s” has more than %(num)s decimal.",
                "“%(value)s” has more than %(num)s decimals.",
                self.decimals,
                value=value,
            )
            problems.append(Problem("", "decimals", message))
        if self.min is not None and Decimal(value) < self.min:
            problems.append(
                Problem(
                    "", "min", text("“%(value)s” is below %(limit)s.", value=value, limit=self.min)
                )
            )
        if self.max is not None and Decimal(value) > self.max:
            problems.append(
                Problem(
                    "", "max", text("“%(value)s” is above %(limit)s.", value=value, limit=self.max)
                )
            )
        return problems

    def terms(self, value: Value) -> tuple[str, ...]:
        """In the order of numbers: see :func:`~pim.attributes.decimals.sortable`."""
        return (sortable(value),)

    def show(self, value: Value, locale: str) -> str:
        """As the locale writes it, with all its decimals: 1.234,5."""
        return format_decimal(
            Decimal(value), locale=babel_locale(locale), decimal_quantization=False
        )

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """The common case in one regular expression: the canonical spelling with the declared
        separator.
        """
        separator = reading.decimal
        canonical = canonical_shape(separator, self.decimals, signed=self.min is None).fullmatch
        slow = super().reader(reading)
        comma = separator != "."
        bounded = self.max is not None or (self.min is not None and self.min > 0)

        def read(raw: str) -> Value:
            if bounded:
                return slow(raw)
            if not canonical(raw):
                trimmed = without_idle_zeros(raw, separator)
                if not canonical(trimmed):
                    return slow(raw)
                raw = trimmed
            return raw.replace(",", ".") if comma else raw

        return read

    def contradictions(self) -> Mapping[str, Text]:
        """``min`` above ``max``; more decimals than can be stored."""
        if self.min is not None and self.max is not None and self.min > self.max:
            return {
                "min": text("The least value is above the greatest (%(limit)s).", limit=self.max)
            }
        if self.decimals is not None and self.decimals > FRACTION_DIGITS:
            return {
                "decimals": text("At most %(limit)s decimals can be stored.", limit=FRACTION_DIGITS)
            }
        return {}


def canonical_shape(separator: str, decimals: int | None, *, signed: bool) -> re.Pattern[str]:
    """The spelling that needs no more than its separator changed: no idle zeros, no grouping.
    Unsigned, a bound of 0 holds by itself.
    """
    digits = 12 if decimals is None else decimals
    sign = "-?" if signed else ""
    if digits == 0:
        return re.compile(f"0|{sign}[1-9][0-9]{{0,14}}")
    fraction = rf"{re.escape(separator)}[0-9]{{0,{digits - 1}}}[1-9]"
    return re.compile(rf"0|{sign}(?:[1-9][0-9]{{0,14}}(?:{fraction})?|0{fraction})")


def without_idle_zeros(raw: str, separator: str) -> str:
    """``12.50`` -> ``12.5``, ``12.00`` -> ``12``; anything else as it is."""
    return (
        raw.rstrip("0").removesuffix(separator)
        if raw[-1:] == "0" and raw.count(separator) == 1 and len(raw) < 40
        else raw
    )


def _spelled(number: float) -> str:
    """An int longer than 20 digits is none of ours (and Python refuses to write one of 4,300)."""
    return repr(number) if abs(number) < 10**20 or isinstance(number, float) else "1" + "0" * 21
