# ruff: noqa: RUF009 - setting() is dataclasses.field()
"""Prices: a decimal string with a fixed number of decimals, ``12.50``. The currency is part of the
address.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, ClassVar

from babel.numbers import format_currency, format_decimal

from pim.attributes.base import ListingContext, Reading
from pim.attributes.decimals import fraction_digits, read_decimal
from pim.attributes.locales import babel_locale
from pim.attributes.number import NumberType
from pim.attributes.quantities import Money
from pim.attributes.settings import as_count, as_decimal, setting
from pim.errors import Text, text
from pim.values import Value


@dataclass(frozen=True)
class PriceType(NumberType):
    """As a number, but never below 0 unless ``min`` says so, and with two ``decimals`` unless told
    otherwise.
    """

    code: ClassVar[str] = "price"
    label: ClassVar[Text] = text("Price")
    help: ClassVar[Text] = text("An amount of money, one for each currency.")
    control: ClassVar[str] = "price"
    is_per_currency: ClassVar[bool] = True

    min: Decimal | None = setting(as_decimal, Decimal(0))
    decimals: int = setting(as_count, 2)

    def lister(self, context: ListingContext) -> Callable[[Value], Any] | None:
        """The amount with its currency."""
        currency = context.currency
        return lambda amount: Money(amount, currency)

    def parse(self, raw: str, reading: Reading) -> Value:
        """The amount padded to its decimals, None for blanks. Rules as for a number; no currency
        sign.
        """
        value = read_decimal(raw, reading.decimal)
        return None if value is None else self._padded(value)

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
        fraction = rf"{re.escape(reading.decimal)}[0-9]{{{self.decimals}}}" if self.decimals else ""
        exact = re.compile(rf"(?:0|[1-9][0-9]{{0,14}}){fraction}").fullmatch
        slow = super().reader(reading)
        comma = reading.decimal != "."
        # No sign in that pattern, so a lower bound of 0 holds by itself.
        bounded = self.max is not None or (self.min is not None and self.min > 0)

        def read(raw: str) -> Value:
            if bounded or not exact(raw):
                value: str | None = slow(raw)
                return None if value is None else self._padded(value)
            return raw.replace(",", ".") if comma else raw

        return read

    def _padded(self, value: str) -> str:
        missing = self.decimals - fraction_digits(value)
        if missing <= 0:
            return value
        return value + "0" * missing if "." in value else f"{value}.{'0' * missing}"
