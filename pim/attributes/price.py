# ruff: noqa: RUF009 - setting() is dataclasses.field()
"""Prices: a decimal string with the decimals of its currency, ``12.50`` euro and ``1250`` yen. The
currency is part of the address.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Any, ClassVar

from babel.numbers import format_currency, format_decimal

from pim.attributes.base import AttributeType, ListingContext, Reading
from pim.attributes.currencies import decimals_of, without_currency
from pim.attributes.decimals import fraction_digits, read_decimal
from pim.attributes.locales import babel_locale
from pim.attributes.number import NumberType
from pim.attributes.quantities import Money
from pim.attributes.settings import as_decimal, setting
from pim.errors import Text, text
from pim.problems import Problem
from pim.values import Value

DIGITS = re.compile(r"[0-9.,]*[0-9]")
# What a price in whole units ends with: 12,- and 12,--.
NO_CENTS = re.compile(r"(?<=[0-9])[.,][-–—]{1,2}$")


@dataclass(frozen=True)
class PriceType(NumberType):
    """As a number, but never below 0 unless ``min`` says so, and with the decimals of the currency
    (ISO 4217) unless ``decimals`` says otherwise. More decimals are a doubt: unit prices have them.
    """

    code: ClassVar[str] = "price"
    label: ClassVar[Text] = text("Price")
    help: ClassVar[Text] = text("An amount of money, one for each currency.")
    control: ClassVar[str] = "price"
    is_per_currency: ClassVar[bool] = True

    min: Decimal | None = setting(as_decimal, Decimal(0))

    def lister(self, context: ListingContext) -> Callable[[Value], Any] | None:
        """The amount with its currency."""
        currency = context.currency
        return lambda amount: Money(amount, currency)

    def parse(self, raw: str, reading: Reading) -> Value:
        """The amount padded to its decimals, None for blanks. A code or sign of the reading's
        currency may stand beside it. Rules as for a number; ``currency``.
        """
        amount = raw if DIGITS.fullmatch(raw) else self._bare(raw, reading)
        value = read_decimal(amount, reading.decimal)
        return None if value is None else self._padded(value, reading.currency)

    def check(self, value: Value) -> list[Problem]:
        """Rules: ``min``, ``max``; ``decimals`` (a doubt)."""
        return [
            replace(problem, severity="warning") if problem.rule == "decimals" else problem
            for problem in super().check(value)
        ]

    def show(self, value: Value, locale: str, currency: str | None = None) -> str:
        """As the locale writes it; with ``currency`` (ISO 4217) its sign: € 12,50."""
        amount, reader = Decimal(value), babel_locale(locale)
        # Python's decimals have 28 digits unless told otherwise, and a stored one may have more.
        with localcontext(prec=len(value) + 1):
            if currency is None:
                digits = fraction_digits(value)
                pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
                return format_decimal(amount, format=pattern, locale=reader)
            return format_currency(
                amount, currency, locale=reader, currency_digits=False, decimal_quantization=False
            )

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """The common cases: all decimals written, or a whole amount."""
        decimals = self._decimals(reading.currency)
        fraction = rf"{re.escape(reading.decimal)}[0-9]{{{decimals}}}" if decimals else ""
        exact = re.compile(rf"(?:0|[1-9][0-9]{{0,14}}){fraction}").fullmatch
        # What is too many decimals, a price knows where its currency is known.
        slow = AttributeType.reader(
            replace(self, decimals=decimals) if reading.currency else self, reading
        )
        comma = reading.decimal != "."
        # No sign in that pattern, so a lower bound of 0 holds by itself.
        bounded = self.max is not None or (self.min is not None and self.min > 0)

        def read(raw: str) -> Value:
            if bounded or not exact(raw):
                return slow(raw)
            return raw.replace(",", ".") if comma else raw

        return read

    def _decimals(self, currency: str | None) -> int:
        return decimals_of(currency or "") if self.decimals is None else self.decimals

    def _bare(self, raw: str, reading: Reading) -> str:
        amount = without_currency(raw, reading.currency).rstrip()
        return NO_CENTS.sub(f"{reading.decimal}0", amount)

    def _padded(self, value: str, currency: str | None) -> str:
        missing = self._decimals(currency) - fraction_digits(value)
        if missing <= 0:
            return value
        return value + "0" * missing if "." in value else f"{value}.{'0' * missing}"
