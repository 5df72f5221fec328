"""Text -> typed edits: the one reader behind forms, files and the API's text door. All complaints
at once. Pure.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from unicodedata import normalize

from pim.attributes.base import InvalidValue, Reading
from pim.attributes.boolean import BooleanType
from pim.attributes.characters import is_blank
from pim.attributes.lists import quoted, split, unquoted
from pim.errors import Invalid, NotFound, Text, text
from pim.problems import Problem, Severity
from pim.structure.objects import Attribute, Structure, why_no_address
from pim.values import ReadValues, Value, parse_address, without

CellReader = Callable[[str], Value]
AssetLookup = Callable[[str], str | None]
"""The name of a picture in a file -> the code of its asset, None where there is no such picture."""
AssetDoubts = Callable[[str], Text | None]
"""The name of a picture in a file -> why it is doubtful which one it means."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a cell stands in its row, and what its spellings stand for."""

    index: int
    spelled: Mapping[str, str]

    def of(self, cells: Sequence[str]) -> str:
        raw = cells[self.index]
        return self.spelled.get(_bare(raw), raw)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A value in two cells: a measurement with its unit."""

    amount: _Cell
    unit: _Cell
    address: str
    attribute: Attribute
    read: CellReader

    def joined(self, cells: Sequence[str], clear: str | None) -> str:
        """Both as the one text that the attribute's type reads; ``clear`` where that stands for the
        amount, whatever the unit.
        """
        amount = self.amount.of(cells)
        if amount.strip() == clear:
            return clear
        return self.attribute.type.join((amount, self.unit.of(cells)))

    def spelled(self, cells: Sequence[str]) -> str:
        """Both as they stand in the file."""
        return self.attribute.type.join((cells[self.amount.index], cells[self.unit.index]))


@dataclass(frozen=True, slots=True)
class _PictureCell:
    """A cell that names pictures; one, where ``separator`` is None."""

    index: int
    separator: str | None
    spelled: Mapping[str, str]

    def names(self, cells: Sequence[str]) -> list[str]:
        """None where the cell is no list: its reader says so."""
        try:
            named = picture_names(cells[self.index], self.separator)
        except InvalidValue:
            return []
        return [self.spelled.get(_bare(name), name) for name in named]


LISTS = ("categories",)
WORDS = ("family", "parent", "family_variant")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file or one field of a form: its name there, the address it fills, and how
    its cells are spelled. Blanks around a cell are no part of how it is spelled.

    to: an address, ``weight-unit``, ``family``, ``parent``, ``categories``, ``UPSELL-products``, …;
    None where it is known and ignored. map: cell -> what it stands for; with a separator, each item
    of the cell. separator, unit: for this column alone. optional: a file may lack it.
    """

    name: str
    to: str | None
    map: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None
    unit: str | None = None
    optional: bool = False


class RowReader:
    """Compiled once per file or form; reads one row of cells into address -> value."""

    def __init__(
        self,
        structure: Structure,
        columns: Sequence[Column],
        reading: Reading,
        *,
        clear: str | None = None,
        empty_clears: bool = False,
        refuse_doubts: bool = True,
        asset_of: AssetLookup | None = None,
        asset_doubt: AssetDoubts = lambda name: None,
        always: Mapping[str, Value] = MappingProxyType({}),
        without_units: Collection[str] = (),
    ) -> None:
        """``columns``: in the order of the cells. ``always``: values of every row, unless a cell
        says otherwise. ``without_units``: the addresses of measurements whose units should stand in
        a column that is not there: an amount without a unit in its own cell is no value then.

        :class:`Invalid` names every column that leads nowhere.
        """
        self._always = always
        self._clear = clear
        self._empty_clears = empty_clears
        self._refuse_doubts = refuse_doubts
        self._asset_of, self._asset_doubt = asset_of, asset_doubt
        self._without_units = without_units
        self._picture_cells: list[_PictureCell] = []
        self._single: list[tuple[int, str, CellReader, Mapping[str, str] | None]] = []
        self._paired: list[_Pair] = []
        self._filled_by: dict[int, str] = {}
        self._lists = frozenset((*LISTS, *structure.association_addresses))
        self._compile(structure, columns, reading)
        told = [(address, index) for index, address, *_ in self._single]
        self._told_at = [address for address, _ in told if address not in self._lists]
        self._told_cells = [index for address, index in told if address not in self._lists]

    def picture_names(self, cells: Sequence[str]) -> list[str]:
        """The pictures that a row names, so that a caller can look them up for many at once."""
        return [name for cell in self._picture_cells for name in cell.names(cells)]

    def read(self, cells: Sequence[str]) -> tuple[ReadValues, list[Problem]]:
        """The values of a row and what is wrong with it. A blank cell leaves its value alone,
        unless blanks clear.
        """
        values: dict[str, Value] = {**self._always}
        problems: list[Problem] = []
        clear, empty_clears = self._clear, self._empty_clears
        # Once per cell of a file: no call but the attribute's own.
        for index, address, read, spelled in self._single:
            raw = cells[index]
            if spelled is not None:
                raw = spelled.get(_bare(raw), raw)
            if raw and (clear is None or raw.strip() != clear):
                try:
                    value = read(raw)
                except (_MissingPictures, InvalidValue) as caught:
                    value, wrong = self._caught(caught, address, raw, cells[index])
                    problems += wrong
                if value is not None or empty_clears:
                    values[address] = value
            elif raw or empty_clears:
                values[address] = None
        for pair in self._paired:
            raw = pair.joined(cells, clear)
            if raw and raw != clear:
                try:
                    value = pair.read(raw)
                except (_MissingPictures, InvalidValue) as caught:
                    value, wrong = self._caught(caught, pair.address, raw, pair.spelled(cells))
                    problems += wrong
                if value is not None or empty_clears:
                    values[pair.address] = value
            elif raw or empty_clears:
                values[pair.address] = None
        for problem in problems:
            if problem.severity != "warning":
                values.pop(problem.address, None)
        return ReadValues(values), problems

    def spelled(self, cells: Sequence[str]) -> dict[str, str]:
        """Address -> the cell that fills it, as it stands in the file: complaints show it so. Not
        of categories and links, of which a complaint names one.
        """
        found = dict(zip(self._told_at, map(cells.__getitem__, self._told_cells), strict=True))
        for pair in self._paired:
            found[pair.address] = pair.spelled(cells)
        return found

    def read_damaged(
        self, cells: Sequence[str], faults: Mapping[int, Text]
    ) -> tuple[ReadValues, list[Problem]]:
        """The same for a row of which some cells cannot be used, by their place: whatever stood in
        them, what they fill stays as it is.
        """
        usable = ["" if place in faults else cell for place, cell in enumerate(cells)]
        values, problems = self.read(usable)
        damaged = [
            Problem(self._filled_by[place], "cell", rule, cells[place])
            for place, rule in sorted(faults.items())
            if place in self._filled_by
        ]
        filled = {problem.address for problem in damaged}
        others = [problem for problem in problems if problem.address not in filled]
        return without(values, filled), [*others, *damaged]

    def _caught(
        self, caught: "_MissingPictures | InvalidValue", address: str, raw: str, spelled: str
    ) -> tuple[Value, list[Problem]]:
        """The value that a cell has all the same, None where it has none; and what is wrong with
        it: nothing, where nobody can see anything in it. ``spelled``: the cell as it stands in the
        file, ``raw`` what it stands for.
        """
        if is_blank(raw):
            return None, []
        if isinstance(caught, _MissingPictures):
            severity: Severity = "skipped" if caught.value is None else "warning"
            return caught.value, [Problem(address, "picture", caught.message, spelled, severity)]
        is_taken = caught.doubt and not self._refuse_doubts
        severity = "warning" if is_taken else "error"
        problem = Problem(address, caught.rule, caught.message, spelled, severity)
        return (caught.value if is_taken else None), [problem]

    def _compile(self, structure: Structure, columns: Sequence[Column], reading: Reading) -> None:
        wrong: dict[str, list[Text]] = {}
        at = {column.to: index for index, column in enumerate(columns) if column.to}
        for index, column in enumerate(columns):
            if (
                column.to is None
                or column.to == structure.identifier
                or _is_unit_of_another(structure, column.to, at)
            ):
                continue
            try:
                self._add(
                    structure,
                    columns,
                    index,
                    at.get(f"{column.to}-unit"),
                    self._reading_of(column, reading),
                )
            except NotFound as error:  # no such unit, no such address
                wrong[column.name] = [error.message]
        if wrong:
            raise Invalid(wrong)

    def _reading_of(self, column: Column, reading: Reading) -> Reading:
        return replace(
            reading,
            separator=column.separator or reading.separator,
            unit=column.unit or reading.unit,
            needs_unit=column.to in self._without_units,
        )

    def _add(
        self,
        structure: Structure,
        columns: Sequence[Column],
        index: int,
        unit: int | None,
        reading: Reading,
    ) -> None:
        """Compile one column; ``unit``: the index of the column with its units."""
        column, address = columns[index], columns[index].to or ""
        self._filled_by[index] = address
        if unit is not None:
            self._filled_by[unit] = address
        attribute = structure.attribute_at.get(address)
        spelled = _spelled(column)
        if attribute is not None and attribute.type.names_assets:
            several = reading.separator if attribute.type.takes_many else None
            self._picture_cells.append(_PictureCell(index, several, spelled))
        read = self._reader(structure, address, attribute, reading)
        if read is None:
            raise NotFound(_why_nothing(structure, address))
        if attribute is not None and unit is not None:
            amounts, units = _Cell(index, spelled), _Cell(unit, _spelled(columns[unit]))
            self._paired.append(_Pair(amounts, units, address, attribute, read))
        elif spelled and column.separator:
            read_items = partial(_read_mapped, read, spelled, column.separator)
            self._single.append((index, address, read_items, None))
        else:
            self._single.append((index, address, read, spelled or None))

    def _reader(
        self, structure: Structure, address: str, attribute: Attribute | None, reading: Reading
    ) -> CellReader | None:
        separator = reading.separator
        if attribute is not None:
            currency = parse_address(address).currency
            read = attribute.type.reader(replace(reading, currency=currency))
            if attribute.type.names_assets and self._asset_of is not None:
                several = separator if attribute.type.takes_many else None
                return partial(_read_assets, read, several, self._asset_of, self._asset_doubt)
            return read
        if address in LISTS or address in structure.association_addresses:
            return lambda raw: split(raw, separator) or None
        if address in WORDS:
            return lambda raw: None if is_blank(raw) else raw.strip()
        return BooleanType().reader(reading) if address == "enabled" else None


def read_form(structure: Structure, fields: Mapping[str, str]) -> tuple[ReadValues, list[Problem]]:
    """The fields of a form (address -> text, a blank one clears) as values and problems."""
    reader = RowReader(
        structure, [Column(name, name) for name in fields], Reading(), empty_clears=True
    )
    return reader.read(list(fields.values()))


def read_lists(structure: Structure, lists: Mapping[str, Sequence[str]]) -> ReadValues:
    """Lists that a page sends as such: categories by code, the products of an association.

    Blank items and repetitions are left out; an empty list clears. :class:`NotFound` for an address
    that holds no such list.
    """
    values: dict[str, Value] = {}
    for address, items in lists.items():
        if address not in LISTS and address not in structure.association_addresses:
            raise NotFound(why_no_address(structure, address))
        said = (item.strip() for item in items if not is_blank(item))
        values[address] = list(dict.fromkeys(said)) or None
    return ReadValues(values)


class _MissingPictures(Exception):
    """Pictures that are not there. ``value``: those that are, None where there are none."""

    def __init__(self, message: Text, value: Value) -> None:
        self.message, self.value = message, value
        super().__init__(str(message))


def _is_unit_of_another(structure: Structure, address: str, at: Mapping[str, int]) -> bool:
    amount, _, last = address.rpartition("-")
    attribute = structure.attribute_at.get(amount)
    if last != "unit" or amount not in at or attribute is None:
        return False
    return address in attribute.type.columns(amount)


def _why_nothing(structure: Structure, address: str) -> Text:
    amount, _, last = address.rpartition("-")
    if last == "unit" and amount in structure.attribute_at:
        return text(
            "“%(address)s” is the unit of “%(amount)s”, which no column fills.",
            address=address,
            amount=amount,
        )
    return why_no_address(structure, address)


def _spelled(column: Column) -> dict[str, str]:
    return {_bare(written): meant for written, meant in column.map.items()}


def _bare(spelling: str) -> str:
    """A spelling as it is compared: without blanks at its ends, its accents stored in one way."""
    return normalize("NFC", spelling.strip())


def picture_names(raw: str, separator: str | None) -> list[str]:
    """The pictures that a cell names; where there is room for one (``separator`` None), its name is
    the whole cell, commas and all. :class:`InvalidValue` where it is no list.
    """
    if separator is not None:
        return split(raw, separator)
    name = unquoted(raw)
    return [] if is_blank(name) else [name]


def _read_mapped(read: CellReader, entries: Mapping[str, str], separator: str, raw: str) -> Value:
    items = split(raw, separator)
    meant = (entries.get(_bare(one), quoted(one, separator)) for one in items)
    return read(separator.join(meant))


def _read_assets(
    read: CellReader,
    separator: str | None,
    asset_of: AssetLookup,
    doubt_of: AssetDoubts,
    raw: str,
) -> Value:
    names = picture_names(raw, separator)
    codes = [asset_of(name) for name in names]
    lost = [name for name, code in zip(names, codes, strict=True) if code is None]
    found = read((separator or "").join(code for code in codes if code))
    if lost:
        raise _MissingPictures(
            text(
                "There is no picture “%(names)s”; the rest of the row is taken.",
                names=", ".join(lost),
            ),
            found,
        )
    doubt = next(filter(None, map(doubt_of, names)), None)
    if doubt is not None:
        raise InvalidValue("several pictures", doubt, doubt=True, value=found)
    return found


def refusals(problems: Iterable[Problem]) -> dict[str, list[Text]]:
    """Problems that refuse an edit, as the messages of :class:`Invalid`."""
    found: dict[str, list[Text]] = {}
    for problem in problems:
        if problem.is_error:
            found.setdefault(problem.address, []).append(problem.message)
    return found
