"""A measurement that stands in a text ("12,5 kg"), or as a number without a unit, made one.

A feed has no profile that declares how numbers are written, so a text such as "1.250 kg", which is
1.25 here and 1250 there, stays what it is, for the check to name.
"""

from pim.attributes import units
from pim.attributes.base import InvalidValue
from pim.attributes.decimals import read_decimal
from pim.attributes.measurement import AMOUNT_AND_UNIT
from pim.attributes.quantities import Measure, measure
from pim.errors import NotFound


def read_measure(written: str, unit: str = "") -> Measure | None:
    """``unit``: of a number that stands alone, and the one whose dimension a written unit must
    have. None where it is no measurement, or could be two.
    """
    spelling = written.strip()
    found = AMOUNT_AND_UNIT.fullmatch(spelling)
    if found is None:
        amount = _number(spelling) if unit else None
        return None if amount is None else measure(amount, unit)
    amount, named = _written_number(found["amount"]), _unit(found["unit"].strip(), unit)
    return None if amount is None or named is None else measure(amount, named)


def could_be_two(written: str) -> bool:
    """Whether its point or comma may stand before decimals or between thousands."""
    found = AMOUNT_AND_UNIT.fullmatch(written.strip())
    amount = found["amount"] if found else written
    return any(_refusal(amount, decimal) == "grouping" for decimal in ".,")


def _refusal(spelling: str, decimal: str) -> str:
    try:
        read_decimal(spelling, decimal)
    except InvalidValue as refused:
        return refused.rule
    return ""


def _unit(name: str, beside: str) -> str | None:
    try:
        dimension = units.find_unit(beside).dimension if beside else None
        return units.find_unit(name, dimension).code
    except NotFound:
        return None


def _number(spelling: str) -> str | None:
    """A number as the hub keeps them, with a point and no idle zeros, or one that people wrote."""
    try:
        kept = read_decimal(spelling)
    except InvalidValue:
        return _written_number(spelling)
    return kept if kept == spelling else _written_number(spelling)


def _written_number(spelling: str) -> str | None:
    """What people wrote, where a decimal point and a decimal comma do not make two numbers of
    it.
    """
    readings: set[str | None] = set()
    for decimal in ".,":
        try:
            readings.add(read_decimal(spelling, decimal))
        except InvalidValue as refused:
            if refused.rule == "grouping":
                return None
    return readings.pop() if len(readings) == 1 else None
