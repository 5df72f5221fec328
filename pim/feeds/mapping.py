"""From a product to a listing: a mapping is data, compiled once per build into a closure. No user
text is ever evaluated.

A mapping says for each target field where its value comes from and what is done to it::

    {
        "title": {"from": ["name", "short_name"], "do": ["strip_html", {"truncate": 150}]},
        "condition": {"value": "new"},
    }

``invalid`` says what a value does that breaks a rule of the channel; with ``required: true`` the
feed asks for a field that the channel does without.

A source is an attribute code (taken in the feed's channel, locale and currency), a whole address
(``name-en_GB``) or a value provider (``$identifier``, see :mod:`pim.providers`). The first source
of whose value the operations leave something gives it; a field that repeats, and the operation
``join``, take all of them.

Everything here works on a window of products at once, column by column: a call per field and
window, not per field and product.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from pim.attributes.base import AttributeType
from pim.errors import Invalid, Text, text
from pim.feeds.contract import Field, Listing, Problem
from pim.feeds.kinds import finishing
from pim.feeds.lookup import FeedLookup
from pim.feeds.operations import MappedValue, OperationStep
from pim.feeds.pipeline import MOST, InvalidOperation, compile_steps, names
from pim.feeds.properties import ALL, compile_properties
from pim.feeds.sources import (
    AttributeSource,
    ColumnReader,
    MappingSource,
    ValueColumn,
    compile_source,
)
from pim.meanings import sources_of
from pim.providers.base import ListedProduct
from pim.providers.registry import source_names


class NoPicture(NamedTuple):
    """A file that is no picture, and the address at which a product holds it."""

    address: str
    filename: str


@dataclass(frozen=True)
class CompiledMapping:
    """A mapping, ready to list products.

    ``resolve``: a window of products -> their listings. ``fixed``: target field -> the value that
    it gives to every product. ``sources``: those that its fields read, each once. ``addresses``:
    target field -> where the values of a product stand that it reads. ``sources_of``: target field
    -> the sources that it reads.
    """

    resolve: Callable[[Sequence[ListedProduct]], list[Listing]]
    fixed: Mapping[str, MappedValue]
    sources: Mapping[str, MappingSource]
    addresses: Mapping[str, frozenset[str]]
    sources_of: Mapping[str, Sequence[MappingSource]]
    lookup: FeedLookup

    def no_picture(self, field: str, product: ListedProduct) -> NoPicture | None:
        """The file that a product holds where a field would find a picture; None where it holds
        none. After :meth:`prepare`.
        """
        for source in self.sources_of.get(field, ()):
            for code in source.assets(product):
                filename = self.lookup.pictures.other_file(code)
                if filename is not None:
                    return NoPicture(source.address_of_assets(product), filename)
        return None

    def prepare(self, session: Session, products: Sequence[ListedProduct]) -> None:
        """Read at once what the sources need for these products; before ``resolve``."""
        if not products:
            return
        for provider in self.lookup.providers.values():
            provider.prepare(session, products)
        naming_assets = self._naming_assets
        if naming_assets:
            codes: set[str] = set()
            for product in products:
                for source in naming_assets:
                    codes.update(source.assets(product))
            self.lookup.pictures.prepare(session, codes)

    @property
    def _naming_assets(self) -> list[MappingSource]:
        return [source for source in self.sources.values() if source.names_assets]

    def moment(self, session: Session) -> list[object]:
        """What tells two moments apart by what :meth:`prepare` reads of them."""
        providers = sorted(self.lookup.providers.items())
        moments = [provider.moment(session) for _, provider in providers]
        return [*moments, self.lookup.pictures.moment(session) if self._naming_assets else None]

    def made_by(self) -> dict[str, object]:
        """Source -> what its values depend on besides the product: for the feed's fingerprint."""
        return {key: source.made_by() for key, source in self.sources.items()}


def compile_mapping(
    mapping: Mapping[str, Any], fields: Iterable[Field], lookup: FeedLookup
) -> CompiledMapping:
    """Raises :class:`Invalid` (target field -> complaints), all complaints at once."""
    by_name = {field.name: field for field in fields}
    compiling = _Compiling(lookup)
    complaints: dict[str, list[Text]] = {}
    for target, rule in mapping.items():
        try:
            if target not in by_name:
                raise InvalidOperation(text("The channel has no field “%(field)s”.", field=target))
            compiling.add(by_name[target], rule)
        except InvalidOperation as refused:
            complaints[target] = [refused.message]
    if complaints:
        raise Invalid(complaints)
    resolve = _lister(list(mapping), compiling.fixed, compiling.reads)
    return CompiledMapping(
        resolve,
        compiling.fixed,
        compiling.sources,
        compiling.addresses,
        compiling.sources_of,
        lookup,
    )


class _Compiling:
    """The fields of a mapping as far as they have been compiled."""

    def __init__(self, lookup: FeedLookup) -> None:
        self.lookup = lookup
        self.fixed: dict[str, MappedValue] = {}
        self.reads: dict[str, ColumnReader] = {}
        self.sources: dict[str, MappingSource] = {}
        self.addresses: dict[str, frozenset[str]] = {}
        self.sources_of: dict[str, Sequence[MappingSource]] = {}

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
        readers = self._readers_of_sources(rule, field, names(operations))
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
        self.sources_of[field.name] = sources
        self.addresses[field.name] = frozenset(
            source.address for source in sources if isinstance(source, AttributeSource)
        )
        return [source.reader() for source in sources]

    def _properties(self, rule: Mapping[str, Any]) -> ColumnReader:
        if "do" in rule:
            raise InvalidOperation(text("Properties take no operations."))
        sources = compile_properties(_spellings(rule["from"]), self.lookup)
        self.sources |= {source.key: source for source in sources}
        return _all_of([source.reader() for source in sources])

    def _source(self, spelling: str, wants_codes: bool) -> MappingSource:
        source = compile_source(spelling, wants_codes, self.lookup)
        return self.sources.setdefault(source.key, source)


def suggest_mapping(
    fields: Iterable[Field],
    types: Mapping[str, AttributeType],
    meant: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """A mapping to begin with: fields whose meaning some attribute has, cut to what fits.

    ``types``: code of an attribute -> its type. ``meant``: meaning -> the attributes of which
    somebody has said so; where nobody has, an attribute is known by its usual code.
    """
    known = [*types, *source_names(), ALL]
    found: dict[str, Any] = {}
    for field in fields:
        said = (meant or {}).get(field.meaning, ())
        sources = list(said) or sources_of(field.meaning, known)
        if sources:
            do = _usual(field, [types[code] for code in sources if code in types])
            found[field.name] = {"from": sources, "do": do} if do else {"from": sources}
    return found


def _usual(field: Field, types: Sequence[AttributeType]) -> list[Any]:
    """An identifier is never cut: two of them could become one."""
    operations: list[Any] = []
    if not field.markup and any(one.has_markup for one in types):
        operations.append("strip_html")
    if field.kind == "text" and field.max_length and any(one.is_free_text for one in types):
        operations.append({"truncate": min(field.max_length, MOST)})
    return operations


def _lister(
    targets: Sequence[str], fixed: Mapping[str, MappedValue], reads: Mapping[str, ColumnReader]
) -> Callable[[Sequence[ListedProduct]], list[Listing]]:
    filled = [target for target in targets if target in fixed or target in reads]

    def resolve(window: Sequence[ListedProduct]) -> list[Listing]:
        listings = [Listing(product.identifier, product.root, product.model) for product in window]
        for name in filled:  # in the order of the mapping
            if name in fixed:
                value = fixed[name]
                for listing in listings:
                    listing[name] = value
            else:
                try:
                    column = reads[name](window)
                except Exception:  # an operation broke on one of the values
                    column = _one_by_one(name, reads[name], window, listings)
                for listing, value in zip(listings, column, strict=True):
                    if value is not None:
                        listing[name] = value
        return listings

    return resolve


def _one_by_one(
    name: str, read: ColumnReader, window: Sequence[ListedProduct], listings: Sequence[Listing]
) -> ValueColumn:
    """The column read product by product; where that breaks, the listing says so and has no
    value.
    """
    column: ValueColumn = []
    for product, listing in zip(window, listings, strict=True):
        try:
            column += read([product])
        except Exception as error:
            column.append(None)
            listing.problems = [*listing.problems, _broken_operation(name, error)]
    return column


def _broken_operation(name: str, error: Exception) -> Problem:
    message = text(
        "An operation of the mapping cannot handle this value (%(error)s).",
        error=f"{type(error).__name__}: {error}"[:200],
    )
    return Problem(name, "failed", message)


INVALIDITIES = ("block", "drop", "warn")
"""What ``invalid`` in a rule may say: what a value does that breaks a rule of the channel."""


def _checked(rule: Any) -> Mapping[str, Any]:
    if (
        not isinstance(rule, Mapping)
        or not rule.keys() <= {"from", "do", "value", "invalid", "required"}
        or ("value" in rule) == ("from" in rule)
        or rule.get("invalid", "block") not in INVALIDITIES
        or not isinstance(rule.get("required", False), bool)
    ):
        raise InvalidOperation(text("A field takes either “from” (with “do”) or “value”."))
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
