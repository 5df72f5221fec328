"""Units of measurement: dimension -> units, with exact factors and their UN/ECE Recommendation 20
codes (revision 11e).

Codes are those product people know from Akeneo, so that its exports can be read. Factors turn an
amount into the dimension's base unit: ``base = amount * factor + offset``. A code may live in two
dimensions (OUNCE is a weight and a volume); asked for without a dimension, it is the first in the
table.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

from pim.attributes.base import shown
from pim.attributes.unit_spellings import SPELLINGS
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
UNSIGNED = frozenset(
    {
        *("weight", "length", "area", "volume", "volume_flow", "case_box", "binary", "duration"),
        *("speed", "frequency", "resistance", "capacitance", "brightness"),
    }
)
"""Dimensions in which hardly anything is below zero, as a temperature or a voltage may be."""


def find_dimension(name: str) -> str:
    """Our code for ``Weight``, ``ElectricCharge``, ``electric_charge``; :class:`NotFound` where
    there is none.
    """
    folded = name.replace("_", "").casefold()
    for dimension in DIMENSIONS:
        if dimension.replace("_", "") == folded:
            return dimension
    raise NotFound(text("There is no dimension “%(name)s”.", name=name))


@lru_cache(maxsize=4096)
def find_unit(name: str, dimension: str | None = None) -> Unit:
    """The unit with that code (case aside) or symbol, or else the one that people, ERPs and Rec 20
    write so: KG, Kg, kilo, KGM. :class:`NotFound` where there is none, and where there are two.
    """
    dimensions = tuple(DIMENSIONS) if dimension is None else (dimension,)
    code = name.upper()
    for one in dimensions:
        if code in DIMENSIONS[one]:
            return DIMENSIONS[one][code]
    found = (
        _written_so(lambda names: names.symbols.get(name, ()), dimensions)
        or _written_so(lambda names: names.words.get(name, ()), dimensions)
        or _written_so(lambda names: names.folded.get(_fold(name), ()), dimensions)
    )
    likely = [unit for unit in found if not _has_another_prefix(name, unit)]
    if not likely:
        raise NotFound(
            text("There is no unit “%(name)s”.", name=shown(name))
            if dimension is None
            else text("“%(value)s” is not a unit of this dimension.", value=shown(name))
        )
    if len({(unit.dimension, unit.factor, unit.offset) for unit in likely}) > 1:
        raise NotFound(
            text(
                "“%(value)s” could be %(units)s: write the unit's code.",
                value=shown(name),
                units=" / ".join(unit.code for unit in likely),
            )
        )
    return likely[0]


def spellings(dimension: str) -> list[tuple[str, list[str]]]:
    """Everything that is read as a unit of the dimension, sorted: what a stored reading of a file
    depends on.
    """
    names = _names(dimension)
    return sorted(
        (written, [unit.code for unit in units])
        for known in (names.symbols, names.words, names.folded)
        for written, units in known.items()
    )


class _Names(NamedTuple):
    """How the units of a dimension are written: with their symbol; with a word or their Rec 20
    code; and all of these folded.
    """

    symbols: dict[str, list[Unit]]
    words: dict[str, list[Unit]]
    folded: dict[str, list[Unit]]


@cache
def _names(dimension: str) -> _Names:
    names = _Names({}, {}, {})
    words_of = SPELLINGS.get(dimension, {})
    for unit in DIMENSIONS[dimension].values():
        words = words_of.get(unit.code, "").split()
        if unit.rec20:
            words.append(unit.rec20)
        names.symbols.setdefault(unit.symbol, []).append(unit)
        for word in words:
            names.words.setdefault(word, []).append(unit)
        for folded in dict.fromkeys(map(_fold, (unit.code, unit.symbol, *words))):
            names.folded.setdefault(folded, []).append(unit)
    return names


def _written_so(
    look_up: Callable[[_Names], Sequence[Unit]], dimensions: Iterable[str]
) -> list[Unit]:
    return [unit for one in dimensions for unit in look_up(_names(one))]


def _fold(name: str) -> str:
    """Small letters without accents, blanks and dots; ² and ^2 are 2, and µ is u."""
    letters = unicodedata.normalize("NFKD", name).casefold().replace("\u03bc", "u")
    return "".join(one for one in letters if not unicodedata.combining(one) and one not in " ._^")


def _has_another_prefix(name: str, unit: Unit) -> bool:
    """Whether it is the symbol but for the m of milli and the M of mega: then it is the spelling of
    a unit a milliard times as large or small, which we do not have.
    """
    is_prefixed = unit.code.startswith(("MILLI", "MEGA"))
    return is_prefixed and name[:1].swapcase() + name[1:] == unit.symbol


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
