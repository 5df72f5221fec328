"""One look through the models or products of an Akeneo folder before they come in: what their
attributes must be able to hold, and what of the file has no place here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pim.errors import ngettext
from pim.imports.akeneo_attributes import DECIMALS
from pim.imports.akeneo_files import SHORT, Notice, open_file, padded
from pim.imports.akeneo_structure import AkeneoStructure
from pim.imports.rows import UnreadableRow


@dataclass(frozen=True, slots=True)
class TableSurvey:
    """``filled``: for each column how many rows fill it. ``decimals``: attribute with numbers (our
    code) -> the most decimals that a value of it has. ``short``: lines with fewer cells than the
    header.
    """

    file: str
    header: Sequence[str]
    filled: Sequence[int]
    decimals: Mapping[str, int]
    short: Sequence[int]

    def notices(self) -> Iterator[Notice]:
        """What is said of rows that are too short."""
        for line in self.short:
            yield Notice(self.file, line, SHORT, "warning")


def survey(path: Path, read: AkeneoStructure) -> TableSurvey:
    """Every row of the file, once."""
    table = open_file(path)
    numeric = _numeric_places(table.header, read)
    filled = [0] * len(table.header)
    decimals: dict[str, int] = {}
    short: list[int] = []
    for line, row in table.rows:
        cells = padded(row, len(table.header))
        if isinstance(cells, UnreadableRow):
            continue
        if cells is not row:
            short.append(line)
        for place, cell in enumerate(cells):
            filled[place] += bool(cell)
        for place, code in numeric.items():
            decimals[code] = max(decimals.get(code, 0), _decimals_of(cells[place]))
    return TableSurvey(path.name, table.header, filled, decimals, short)


def widen_decimals(read: AkeneoStructure, surveys: Sequence[TableSurvey]) -> Iterator[Notice]:
    """Akeneo does not hold values to the decimals that an attribute says; here they come in as they
    are, so an attribute has as many as its values.
    """
    most: dict[str, int] = {}
    for one in surveys:
        for code, digits in one.decimals.items():
            most[code] = max(most.get(code, 0), digits)
    for code, digits in most.items():
        definition = read.document["attributes"][code]
        allowed = definition.get("decimals", DECIMALS[definition["type"]])
        if allowed is not None and digits > allowed:
            definition["decimals"] = digits
            sentence = ngettext(
                "Values of “%(code)s” have up to %(num)s decimal; it is kept.",
                "Values of “%(code)s” have up to %(num)s decimals; they are kept.",
                digits,
                code=code,
            )
            yield Notice("attributes.csv", 0, sentence, "warning")


def _numeric_places(header: Sequence[str], read: AkeneoStructure) -> Mapping[int, str]:
    """Place of a column -> our code of the attribute with numbers that it fills."""
    places: dict[int, str] = {}
    for place, name in enumerate(header):
        code = read.attributes.get(name.split("-")[0])
        if code is None or name.endswith("-unit"):
            continue
        if read.document["attributes"][code]["type"] in DECIMALS:
            places[place] = code
    return places


def _decimals_of(cell: str) -> int:
    """``0.0125`` -> 4; noughts at the end say nothing."""
    if "." not in cell:
        return 0
    try:
        exponent = Decimal(cell.strip()).normalize().as_tuple().exponent
    except InvalidOperation:
        return 0
    return max(0, -exponent) if isinstance(exponent, int) else 0
