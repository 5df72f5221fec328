"""From the rule of a field to the function that reads its column: see :mod:`pim.feeds.mapping`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pim.errors import text
from pim.feeds.combining import compile_calculation, compile_template
from pim.feeds.contract import Field
from pim.feeds.kinds import finishing
from pim.feeds.lookup import FeedLookup
from pim.feeds.operations import MappedValue, OperationStep
from pim.feeds.pipeline import InvalidOperation, compile_steps, names
from pim.feeds.properties import compile_properties
from pim.feeds.sources import (
    AttributeSource,
    ColumnReader,
    MappingSource,
    ValueColumn,
    compile_source,
)
from pim.providers.base import ListedProduct

WAYS = frozenset({"from", "value", "template", "calculate"})
"""Where a field's value may come from."""
INVALIDITIES = ("block", "drop", "warn")
"""What ``invalid`` in a rule may say: what a value does that breaks a rule of the channel."""


class MappingCompiler:
    """Compiles rules of fields, one after the other; what they read is gathered, each source once.

    ``fixed``: field -> the value that it gives to every product; ``reads``: field -> how its column
    is read; ``sources``: all that were asked for, by their keys; ``addresses`` and ``sources_of``:
    of each field.
    """

    def __init__(self, lookup: FeedLookup) -> None:
        self.lookup = lookup
        self.fixed: dict[str, MappedValue] = {}
        self.reads: dict[str, ColumnReader] = {}
        self.sources: dict[str, MappingSource] = {}
        self.addresses: dict[str, frozenset[str]] = {}
        self.sources_of: dict[str, Sequence[MappingSource]] = {}

    def reader_of(self, rule: Any, field: Field) -> ColumnReader:
        """The column of a field by this rule, whatever fills it; :class:`InvalidOperation`."""
        if "value" not in _checked(rule):
            return self._reader(rule, field)
        value = self._fixed(rule, field)
        return lambda window: [value] * len(window)

    def source_of_code(self, spelling: str) -> MappingSource:
        """A source that gives options by their codes; :class:`InvalidOperation`."""
        return self._source(spelling, wants_codes=True)

    def add(self, field: Field, rule: Any) -> None:
        """Compile one field; :class:`InvalidOperation` where its rule is wrong."""
        if "value" in _checked(rule):
            value = self._fixed(rule, field)
            if value is not None:
                self.fixed[field.name] = value
        else:
            self.reads[field.name] = self._reader(rule, field)

    def _fixed(self, rule: Mapping[str, Any], field: Field) -> MappedValue:
        if field.kind == "properties":
            raise InvalidOperation(text("Properties come from attributes, not from a fixed value."))
        if "do" in rule or not isinstance(rule["value"], str | int):
            raise InvalidOperation(text("A fixed value is a text and takes no operations."))
        return finishing(field, self.lookup)([_constant(rule["value"])])[0]

    def _reader(self, rule: Mapping[str, Any], field: Field) -> ColumnReader:
        if field.kind == "properties":
            return self._properties(rule)
        operations = rule.get("do", [])
        step, finish = compile_steps(operations), finishing(field, self.lookup)
        if "from" in rule:
            readers = self._readers_of_sources(rule, field, names(operations))
        else:
            readers = [self._combined(rule, field)]
        if len(readers) == 1:
            read = readers[0]
        elif field.repeat or "join" in names(operations):
            read = _all_of(readers)
        else:
            # What takes the place of nothing waits until every source had its turn.
            last = names(operations).index("default") if "default" in names(operations) else None
            read = _first_of(readers, compile_steps(operations[:last]))
            step = None if last is None else compile_steps(operations[last:])
        if step is None:
            return lambda window: finish(read(window))
        return lambda window: finish([step(value) for value in read(window)])

    def _readers_of_sources(
        self, rule: Mapping[str, Any], field: Field, operations: Sequence[str]
    ) -> list[ColumnReader]:
        """What each source of a field gives, before any operation."""
        is_looked_up = bool(operations) and operations[0] == "map"
        wants_codes = is_looked_up or field.kind == "choice"
        sources = [self._source(spelling, wants_codes) for spelling in _spellings(rule["from"])]
        self._note_sources(field, sources)
        return [source.reader() for source in sources]

    def _combined(self, rule: Mapping[str, Any], field: Field) -> ColumnReader:
        """What a template or a calculation gives, before any operation."""

        def find(spelling: str) -> MappingSource:
            return self._source(spelling, wants_codes=False)

        if "template" in rule:
            made = compile_template(rule["template"], find)
        else:
            made = compile_calculation(rule["calculate"], find)
        self._note_sources(field, made.sources)
        return made.read

    def _note_sources(self, field: Field, sources: Sequence[MappingSource]) -> None:
        self.sources_of[field.name] = sources
        self.addresses[field.name] = frozenset(
            source.address for source in sources if isinstance(source, AttributeSource)
        )

    def _properties(self, rule: Mapping[str, Any]) -> ColumnReader:
        if "from" not in rule:
            raise InvalidOperation(text("Properties come from attributes."))
        if "do" in rule:
            raise InvalidOperation(text("Properties take no operations."))
        sources = compile_properties(_spellings(rule["from"]), self.lookup)
        self.sources |= {source.key: source for source in sources}
        return _all_of([source.reader() for source in sources])

    def _source(self, spelling: str, wants_codes: bool) -> MappingSource:
        source = compile_source(spelling, wants_codes, self.lookup)
        return self.sources.setdefault(source.key, source)


def _checked(rule: Any) -> Mapping[str, Any]:
    if (
        not isinstance(rule, Mapping)
        or not rule.keys() <= {*WAYS, "do", "invalid", "required"}
        or len(rule.keys() & WAYS) != 1
        or rule.get("invalid", "block") not in INVALIDITIES
        or not isinstance(rule.get("required", False), bool)
    ):
        raise InvalidOperation(
            text("A field takes one of “from”, “template” and “calculate” (with “do”), or “value”.")
        )
    return rule


def _constant(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _spellings(given: Any) -> list[str]:
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        raise InvalidOperation(text("“from” is a list of attributes."))
    return given


def _first_of(readers: Sequence[ColumnReader], step: OperationStep | None) -> ColumnReader:
    """The first source of which the operations leave something: rich text may hold no word."""

    def read(window: Sequence[ListedProduct]) -> ValueColumn:
        rows = zip(*[reader(window) for reader in readers], strict=True)
        if step is None:
            return [next((value for value in row if value is not None), None) for row in rows]
        return [
            next(
                (made for value in row if value is not None and (made := step(value)) is not None),
                None,
            )
            for row in rows
        ]

    return read


def _all_of(readers: Sequence[ColumnReader]) -> ColumnReader:
    def read(window: Sequence[ListedProduct]) -> ValueColumn:
        return [_gathered(row) for row in zip(*[reader(window) for reader in readers], strict=True)]

    return read


def _gathered(row: Iterable[MappedValue]) -> MappedValue:
    found: list[MappedValue] = []
    for value in row:
        found.extend(value if type(value) is list else [] if value is None else [value])
    return found or None
