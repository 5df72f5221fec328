"""Whether a value of the hub is what stands in another file. How a price or a measurement is spelt
is the exporter's business, so there amounts are compared, and the currency or unit where the file
says one; texts are compared letter by letter.
"""

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal

from pim.attributes.quantities import Measure, Money
from pim.feeds.contract import Field
from pim.feeds.operations import MappedValue

ValueForms = frozenset[object]
"""What a value may look like: two values are the same where they have one of these in common."""
NOTHING: ValueForms = frozenset({None})
AMOUNT = re.compile(r"(?P<before>[^\d\s-]*)\s*(?P<number>-?\d+(?:[.,]\d+)?)\s*(?P<behind>[^\d\s]*)")
JOINED_BY = (", ", ",", "|", ";", "/", " / ", " | ", "; ", " ")


def of_value(value: MappedValue, field: Field) -> ValueForms:
    """Of what a rule makes of a product."""
    if value is None:
        return NOTHING
    if type(value) is list:
        parts = [str(one) for one in value]
        if len(parts) == 1:
            return of_value(value[0], field) | {(parts[0],)}
        joined = (separator.join(parts) for separator in JOINED_BY)
        return frozenset([tuple(parts), *joined, _quoted(parts)])
    if type(value) is Money:
        return frozenset(_amounts(value.amount, [value.currency]))
    if type(value) is Measure:
        return frozenset(_amounts(value.amount, [value.symbol, value.unit, value.code]))
    written = str(value).strip()
    if field.kind in ("number", "integer"):
        return frozenset({written, *_amounts(written, [])})
    return frozenset({written}) if written else NOTHING


def _quoted(parts: list[str]) -> str:
    """As Google and others have a list in one cell: a value with a comma stands in quotes."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(parts)
    return line.getvalue()


def parts_of(cell: str) -> list[str]:
    """The values of a list that stands in one cell."""
    return next(csv.reader([cell], skipinitialspace=True), [])


def of_cell(values: tuple[str, ...], field: Field) -> ValueForms:
    """Of what stands in a column of a file."""
    if not values:
        return NOTHING
    if len(values) > 1:
        return frozenset({tuple(one.strip() for one in values)})
    written = values[0].strip()
    if field.kind in ("price", "measurement", "number", "integer"):
        found = AMOUNT.fullmatch(written)
        if found is not None:
            unit = (found["before"] or found["behind"]).lower()
            return frozenset({(_normal(found["number"]), unit)})
    return frozenset({written, (written,)})


def _amounts(amount: str, units: Iterable[str]) -> Iterable[object]:
    """The amount alone, and with each way to write its unit."""
    found = AMOUNT.fullmatch(amount)
    if found is None or found["before"] or found["behind"]:
        return [amount]
    number = _normal(amount)
    return [(number, ""), *((number, unit.lower()) for unit in units if unit)]


def _normal(number: str) -> Decimal:
    """12.5 for 12.50 and 12,50."""
    return Decimal(number.replace(",", ".")).normalize()
