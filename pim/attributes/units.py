"""Units of measurement: dimension -> units, with exact factors and their UN/ECE Recommendation 20
codes (revision 11e).

Codes are those product people know from Akeneo, so that its exports can be read. Factors turn an
amount into the dimension's base unit: ``base = amount * factor + offset``. A code may live in two
dimensions (OUNCE is a weight and a volume); asked for without a dimension, it is the first in the
table.
"""

from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from pim.attributes.unit_table import TABLE
from pim.errors import NotFound, text


class Unit(NamedTuple):
    """``factor`` None: this unit counts something that no other unit of its dimension can express
    (a set, a roll).
    """

    code: str
    symbol: str
    factor: Fraction | None
    rec20: str | None
    offset: Fraction
    dimension: str


def _unit(
    dimension: str, code: str, symbol: str, factor: str, rec20: str, offset: str = "0"
) -> Unit:
    return Unit(
        code,
        symbol,
        Fraction(factor) if factor else None,
        rec20 or None,
        Fraction(offset),
        dimension,
    )


DIMENSIONS: dict[str, dict[str, Unit]] = {
    dimension: {row[0]: _unit(dimension, *row) for row in rows} for dimension, rows in TABLE.items()
}


def find_dimension(name: str) -> str:
    """Our code for ``Weight``, ``ElectricCharge``, ``electric_charge``; :class:`NotFound` where
    there is none.
    """
    folded = name.replace("_", "").casefold()
    for dimension in DIMENSIONS:
        if dimension.replace("_", "") == folded:
            return dimension
    raise NotFound(text("There is no dimension “%(name)s”.", name=name))


@lru_cache(maxsize=1024)
def find_unit(name: str, dimension: str | None = None) -> Unit:
    """The unit with that code (case aside) or symbol (exactly); :class:`NotFound` where there is
    none.
    """
    tables = DIMENSIONS.values() if dimension is None else [DIMENSIONS[dimension]]
    for units in tables:
        if name.upper() in units:
            return units[name.upper()]
    for units in tables:
        for unit in units.values():
            if name == unit.symbol:
                return unit
    raise NotFound(text("There is no unit “%(name)s”.", name=name))


def convert(amount: Decimal | str, source: str, target: str) -> Decimal:
    """``amount`` of unit ``source`` in unit ``target`` (codes), exact where 34 digits can say it.

    :class:`NotFound` for an unknown unit or two that measure different things.
    """
    if source == target:
        return Decimal(amount)
    here, there = _pair(source, target)
    if here.factor is None or there.factor is None:
        raise NotFound(
            text("“%(source)s” cannot be expressed in “%(target)s”.", source=source, target=target)
        )
    result = (Fraction(amount) * here.factor + here.offset - there.offset) / there.factor
    with localcontext(prec=34):
        return Decimal(result.numerator) / Decimal(result.denominator)


def rec20(unit: str, dimension: str | None = None) -> str | None:
    """The UN/ECE Recommendation 20 code of a unit, None where the list has none: KILOGRAM ->
    KGM.
    """
    return find_unit(unit, dimension).rec20


@lru_cache(maxsize=4096)
def _pair(source: str, target: str) -> tuple[Unit, Unit]:
    for units in DIMENSIONS.values():
        if source in units and target in units:
            return units[source], units[target]
    find_unit(source)
    find_unit(target)
    raise NotFound(
        text(
            "“%(source)s” and “%(target)s” measure different things.", source=source, target=target
        )
    )
