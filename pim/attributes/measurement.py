# ruff: noqa: RUF009 - setting() is dataclasses.field()
"""Measurements: ``{"amount": "1.5", "unit": "KILOGRAM"}``. Kept in the unit they came in; feeds
convert.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from pim.attributes import units
from pim.attributes.base import (
    TERM_LENGTH,
    AttributeType,
    InvalidValue,
    ListingContext,
    Reading,
    shown,
)
from pim.attributes.decimals import plain, sortable
from pim.attributes.number import NumberType, canonical_shape, without_idle_zeros
from pim.attributes.operators import OF_AMOUNTS, OF_PRESENCE, Operator
from pim.attributes.quantities import measure
from pim.attributes.settings import InvalidSetting, as_count, as_decimal, setting
from pim.errors import NotFound, Text, text
from pim.problems import Problem
from pim.values import Value

# No unit that stands behind its amount begins with a digit (m2 does not, the Rec 20 code 4H would),
# so what follows the last digit of the amount is the unit.
AMOUNT_AND_UNIT = re.compile(
    r"(?P<amount>[-+−0-9.,'’ \u00a0\u202f]*[0-9][-−]?)\s*(?P<unit>[^\s0-9.,'’+−-].{0,40})"
)


def _as_dimension(raw: Any) -> str:
    try:
        return units.find_dimension(str(raw))
    except NotFound as error:
        raise InvalidSetting(error.message) from None


def _as_unit(raw: Any) -> str:
    try:
        return units.find_unit(str(raw)).code
    except NotFound as error:
        raise InvalidSetting(error.message) from None


@dataclass(frozen=True)
class MeasurementType(AttributeType):
    """``dimension`` (weight, length, ...); ``unit`` of amounts written without one, and of ``min``
    and ``max`` (left out: the dimension's base unit); ``decimals`` of the amount as written. A
    weight or size below 0 is a doubt unless ``min`` says something of it: a wheel's offset may be.
    """

    code: ClassVar[str] = "measurement"
    label: ClassVar[Text] = text("Measurement")
    help: ClassVar[Text] = text("An amount with a unit: a weight, a length, a power.")
    control: ClassVar[str] = "measurement"
    operators: ClassVar[tuple[Operator, ...]] = (*OF_AMOUNTS, *OF_PRESENCE)

    dimension: str = setting(_as_dimension, "")
    unit: str | None = setting(_as_unit)
    min: Decimal | None = setting(as_decimal)
    max: Decimal | None = setting(as_decimal)
    decimals: int | None = setting(as_count)

    def shape(self) -> tuple[object, ...]:
        return (*super().shape(), self.dimension)

    def made_values_by(self) -> tuple[object, ...]:
        """The settings, and how units are written."""
        return (*super().made_values_by(), units.spellings(self.dimension))

    def lister(self, context: ListingContext) -> Callable[[Value], Any] | None:
        """The amount with its unit."""
        return lambda value: measure(value["amount"], value["unit"])

    def parse(self, raw: str, reading: Reading) -> Value:
        """``1.5 KILOGRAM``, ``1.5 kg`` or, in the reading's unit or else the attribute's, ``1.5``;
        None for blanks.

        Rules: ``unit`` and those of a number.
        """
        spelling = raw.strip()
        found = AMOUNT_AND_UNIT.fullmatch(spelling)
        amount = self._amount.parse(found["amount"] if found else spelling, reading)
        if amount is None:
            return None
        if found is None and reading.needs_unit:
            sentence = text(
                "“%(value)s” has no unit: the file lacks the column with the units.",
                value=shown(raw),
            )
            raise InvalidValue("unit", sentence)
        unit = found["unit"] if found else reading.unit
        return {
            "amount": amount,
            "unit": self.default_unit if unit is None else self._unit_code(unit),
        }

    def load(self, raw: Any) -> Value:
        """A JSON object of ``amount`` (string or number) and ``unit``. Rules: ``type`` and those of
        `parse`.
        """
        if raw is None or raw == "" or raw == {}:
            return None
        if (
            not isinstance(raw, dict)
            or set(raw) != {"amount", "unit"}
            or not isinstance(raw["unit"], str)
        ):
            raise InvalidValue(
                "type",
                text(
                    "“%(value)s” is not a measurement: an amount and a unit are due.",
                    value=shown(raw),
                ),
            )
        amount = self._amount.load(raw["amount"])
        return None if amount is None else {"amount": amount, "unit": self._unit_code(raw["unit"])}

    def check(self, value: Value) -> list[Problem]:
        """Rules: ``unit``, ``decimals``, ``min``, ``max``; the bounds in the attribute's unit.
        ``negative`` (a doubt).
        """
        if value["unit"] not in units.DIMENSIONS[self.dimension]:
            return [
                Problem(
                    "",
                    "unit",
                    text(
                        "“%(value)s” is not a unit of this dimension.", value=shown(value["unit"])
                    ),
                )
            ]
        problems = NumberType(decimals=self.decimals).check(value["amount"])
        if self.min is not None or self.max is not None:
            problems += NumberType(self.min, self.max).check(self._in_default_unit(value))
        if self._is_unsigned and value["amount"].startswith("-"):
            sentence = text(
                "“%(value)s” is below zero. Where that is meant, the attribute has a least value.",
                value=self.dump(value),
            )
            problems.append(Problem("", "negative", sentence, severity="warning"))
        return problems

    def dump(self, value: Value) -> str:
        """1.5 KILOGRAM."""
        return f"{value['amount']} {value['unit']}"

    def show(self, value: Value, locale: str) -> str:
        """1,5 kg."""
        unit = units.DIMENSIONS[self.dimension].get(value["unit"])
        return (
            f"{self._amount.show(value['amount'], locale)} {unit.symbol if unit else value['unit']}"
        )

    def terms(self, value: Value) -> tuple[str, ...]:
        """The amount in the attribute's unit, so that 1500 g is found as 1.5 kg."""
        return (sortable(self._in_default_unit(value))[:TERM_LENGTH],)

    @property
    def has_sizes(self) -> bool:
        """Not of a temperature, whose zero is anywhere."""
        return not any(unit.offset for unit in units.DIMENSIONS[self.dimension].values())

    def size(self, value: Value) -> float | None:
        """In the base unit of the dimension."""
        base = next(iter(units.DIMENSIONS[self.dimension]))
        try:
            amount = units.convert(value["amount"], value["unit"], base)
        except NotFound:  # a roll: comparable with nothing but itself
            return None
        return float(amount) if amount > 0 else None

    def columns(self, address: str) -> tuple[str, ...]:
        """``weight`` and ``weight-unit``."""
        return (address, f"{address}-unit")

    def cells(self, value: Value) -> tuple[str, ...]:
        """1.5 and KILOGRAM."""
        return (value["amount"], value["unit"])

    def join(self, cells: tuple[str, ...]) -> str:
        """A unit beside no amount says nothing. A Rec 20 code that begins with a digit (4H) is
        written out: behind an amount it would be more digits of it.
        """
        amount, unit = (cell.strip() for cell in cells)
        if not amount:
            return ""
        if unit[:1].isdecimal():
            with suppress(NotFound):
                unit = units.find_unit(unit, self.dimension).code
        return f"{amount} {unit}".rstrip()

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """The common case: an amount alone, or with the unit that the column has all the way down.

        :class:`NotFound` where the reading's own unit is none of this dimension: that is the
        profile's fault, not a cell's.
        """
        separator = reading.decimal
        signed = self.min is None and not self._is_unsigned
        canonical = canonical_shape(separator, self.decimals, signed=signed).fullmatch
        slow = super().reader(reading)
        if reading.needs_unit:
            return slow
        unit = (
            self.default_unit
            if reading.unit is None
            else units.find_unit(reading.unit, self.dimension).code
        )
        # Zero is the same in most units, but 5 K is below 0 °C.
        bounded = self.max is not None or (
            self.min is not None and (self.min > 0 or unit != self.default_unit)
        )
        written, comma = f" {unit}", separator != "."

        def read(raw: str) -> Value:
            if bounded:
                return slow(raw)
            amount = raw.removesuffix(written)
            if not canonical(amount):
                amount = without_idle_zeros(amount, separator)
                if not canonical(amount):
                    return slow(raw)
            return {"amount": amount.replace(",", ".") if comma else amount, "unit": unit}

        return read

    def contradictions(self) -> Mapping[str, Text]:
        """No dimension; a unit of another one; bounds the wrong way round."""
        if not self.dimension:
            return {"dimension": text("A measurement needs a dimension: weight, length, …")}
        if self.unit is not None and self.unit not in units.DIMENSIONS[self.dimension]:
            return {"unit": text("“%(value)s” is not a unit of this dimension.", value=self.unit)}
        return NumberType(self.min, self.max, self.decimals).contradictions()

    @property
    def default_unit(self) -> str:
        """The unit of an amount written without one."""
        return self.unit or next(iter(units.DIMENSIONS[self.dimension]))

    @property
    def _is_unsigned(self) -> bool:
        """Whether an amount below zero is hardly meant."""
        return self.min is None and self.dimension in units.UNSIGNED

    @property
    def _amount(self) -> NumberType:
        return PLAIN_NUMBER

    def _unit_code(self, name: str) -> str:
        try:
            return units.find_unit(name.strip(), self.dimension).code
        except NotFound as error:
            raise InvalidValue("unit", error.message) from None

    def _in_default_unit(self, value: Value) -> str:
        try:
            return plain(units.convert(value["amount"], value["unit"], self.default_unit))
        except NotFound:  # a radian, a set: comparable with nothing but itself
            return str(value["amount"])


PLAIN_NUMBER = NumberType()
