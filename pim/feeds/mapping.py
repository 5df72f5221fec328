"""From a product to a listing: a mapping is data, compiled once per build into a closure. No user
text is ever evaluated.

A mapping says for each target field where its value comes from and what is done to it::

    {
        "title": {"from": ["name", "short_name"], "do": ["strip_html", {"truncate": 150}]},
        "condition": {"value": "new"},
    }

A source is an attribute code (taken in the feed's channel, locale and currency), a whole address
(``name-en_GB``) or a built-in (``$identifier``). The first source that has a value gives it; a
field that repeats, and the operation ``join``, take all of them.

Everything here works on a window of products at once, column by column: a call per field and
window, not per field and product.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pim.attributes.base import AttributeType
from pim.errors import Invalid, NotFound, Text, text
from pim.feeds.contract import Field, Listing, Measure, Money, Picture
from pim.feeds.operations import NUMBER, MappedValue, OperationStep, to_unit
from pim.feeds.pipeline import InvalidOperation, compile_steps, names
from pim.values import Document, parse_address

ValueColumn = list[MappedValue]
"""One value per product of a window, None where it has none."""
ColumnReader = Callable[[Sequence["ListedProduct"]], ValueColumn]


class ListedProduct(Protocol):
    """A product to be listed. ``document`` is the published one merged with its models'; ``model``
    the parent's identifier.
    """

    @property
    def document(self) -> Document: ...
    @property
    def identifier(self) -> str: ...
    @property
    def model(self) -> str | None: ...
    @property
    def root(self) -> str: ...
    @property
    def family(self) -> str | None: ...
    @property
    def categories(self) -> Sequence[str]: ...


class MappingLookup(Protocol):
    """The feed's channel, locale and currency, and what a mapping must look up in the catalog."""

    @property
    def currency(self) -> str: ...

    def address(self, attribute: str) -> str:
        """Where the attribute's value lives in this scope; :class:`NotFound` when there is no such
        attribute.
        """
        ...

    def has_address(self, address: str) -> bool:
        """Whether a whole address (``name-en_GB``) is one of this shop's."""
        ...

    @property
    def locale(self) -> str: ...

    def type_of(self, attribute: str) -> AttributeType:
        """Its type; :class:`NotFound` when there is no such attribute."""
        ...

    def picture(self, asset: str) -> Picture | None:
        """Where the channel finds this asset; None when it has no usable file. Asked for every
        product, so it must be quick.
        """
        ...

    def pictures(self, source: ListedProduct) -> Sequence[str]:
        """The codes of the product's pictures, the main one first."""
        ...

    def category_path(self, category: str) -> str | None:
        """``Bikes > City bikes``; None when the category is not in the channel's tree."""
        ...

    def family_label(self, family: str) -> str: ...

    def link(self, source: ListedProduct) -> str:
        """The product's page in the shop."""
        ...


BUILT_IN: dict[str, Text] = {
    "$identifier": text("Identifier"),
    "$model": text("Identifier of the model it is a variant of"),
    "$root": text("Identifier of the topmost model, or its own"),
    "$family": text("Family"),
    "$category": text("Path of the first category in the channel's tree"),
    "$link": text("Address of the page in the shop"),
    "$picture": text("Main picture"),
    "$pictures": text("All pictures"),
}


def compile_mapping(
    mapping: Mapping[str, Any], fields: Iterable[Field], scope: MappingLookup
) -> tuple[Callable[[Sequence[ListedProduct]], list[Listing]], Mapping[str, MappedValue]]:
    """The closure that lists a window of products, and the values that it gives to every one of
    them.

    Raises :class:`Invalid` (target field -> complaints), all complaints at once.
    """
    by_name = {field.name: field for field in fields}
    complaints: dict[str, list[Text]] = {}
    fixed: dict[str, MappedValue] = {}
    reads: dict[str, ColumnReader] = {}
    for target, rule in mapping.items():
        try:
            if target not in by_name:
                raise InvalidOperation(text("The channel has no field “%(field)s”.", field=target))
            if "value" in _checked(rule):
                fixed[target] = _fixed(rule, by_name[target], scope)
            else:
                reads[target] = _compile_rule(rule, by_name[target], scope)
        except InvalidOperation as refused:
            complaints[target] = [refused.message]
    if complaints:
        raise Invalid(complaints)
    fixed = {target: value for target, value in fixed.items() if value is not None}
    return _lister(list(mapping), fixed, reads), fixed


def suggest_mapping(fields: Iterable[Field], types: Mapping[str, AttributeType]) -> dict[str, Any]:
    """A mapping to begin with: fields that have a usual source among the attributes (``types``:
    code -> type), cut to what fits.
    """
    found: dict[str, Any] = {}
    for field in fields:
        sources = [code for code in field.suggest if code in types or code in BUILT_IN]
        if sources:
            do = _usual(field, [types[code] for code in sources if code in types])
            found[field.name] = {"from": sources, "do": do} if do else {"from": sources}
    return found


def _usual(field: Field, types: Sequence[AttributeType]) -> list[Any]:
    """An identifier is never cut: two of them could become one."""
    operations: list[Any] = []
    if not field.html and any(one.has_markup for one in types):
        operations.append("strip_html")
    if field.kind == "text" and field.max_length and any(one.is_free_text for one in types):
        operations.append({"truncate": field.max_length})
    return operations


def _lister(
    targets: Sequence[str], fixed: Mapping[str, MappedValue], reads: Mapping[str, ColumnReader]
) -> Callable[[Sequence[ListedProduct]], list[Listing]]:
    names = [target for target in targets if target in fixed or target in reads]

    def resolve(window: Sequence[ListedProduct]) -> list[Listing]:
        listings = [Listing(source.identifier, source.root, source.model) for source in window]
        for name in names:  # in the order of the mapping
            if name in fixed:
                value = fixed[name]
                for listing in listings:
                    listing[name] = value
            else:
                for listing, value in zip(listings, reads[name](window), strict=True):
                    if value is not None:
                        listing[name] = value
        return listings

    return resolve


def _checked(rule: Any) -> Mapping[str, Any]:
    if (
        not isinstance(rule, Mapping)
        or not rule.keys() <= {"from", "do", "value"}
        or ("value" in rule) == ("from" in rule)
    ):
        raise InvalidOperation(text("A field takes either “from” (with “do”) or “value”."))
    return rule


def _fixed(rule: Mapping[str, Any], field: Field, scope: MappingLookup) -> MappedValue:
    if "do" in rule or not isinstance(rule["value"], str | int):
        raise InvalidOperation(text("A fixed value is a text and takes no operations."))
    return finishing(field, scope)([_constant(rule["value"])])[0]


def _compile_rule(rule: Mapping[str, Any], field: Field, scope: MappingLookup) -> ColumnReader:
    operations = rule.get("do", [])
    step, finish = compile_steps(operations), finishing(field, scope)
    first = next(iter(names(operations)), "")
    readers = [
        _reader(spelling, first == "map" or field.kind == "choice", scope)
        for spelling in _sources(rule["from"])
    ]
    gather = bool(field.repeat) or "join" in names(operations)
    read = readers[0] if len(readers) == 1 else _all_of(readers) if gather else _first_of(readers)
    if step is None:
        return lambda window: finish(read(window))
    return lambda window: finish([step(value) for value in read(window)])


def _constant(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sources(given: Any) -> list[str]:
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        raise InvalidOperation(text("“from” is a list of attributes."))
    return given


def _first_of(readers: Sequence[ColumnReader]) -> ColumnReader:
    def read(window: Sequence[ListedProduct]) -> ValueColumn:
        rows = zip(*[reader(window) for reader in readers], strict=True)
        return [next((value for value in row if value is not None), None) for row in rows]

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


def _reader(spelling: str, codes: bool, scope: MappingLookup) -> ColumnReader:
    """``codes``: a choice is wanted as its option's code, not as its label."""
    if spelling.startswith("$"):
        return _built_in(spelling, scope)
    try:
        address = parse_address(spelling)
        attribute_type = scope.type_of(address.attribute)
        key = spelling if spelling != address.attribute else scope.address(spelling)
    except (NotFound, Invalid) as error:
        raise InvalidOperation(error.message) from error
    if not scope.has_address(key):
        raise InvalidOperation(text("There is no address “%(address)s”.", address=key))
    currency = parse_address(key).currency or scope.currency
    convert = attribute_type.lister(FeedListing(scope, currency, codes))
    if convert is None:
        return lambda window: [source.document.get(key) for source in window]
    if attribute_type.takes_many:
        return _each_converted(key, convert)
    return _converted(key, convert)


@dataclass(frozen=True)
class FeedListing:
    """Implements :class:`pim.attributes.base.ListingContext` for a value of one address."""

    lookup: MappingLookup
    currency: str
    wants_codes: bool

    @property
    def locale(self) -> str:
        return self.lookup.locale

    def picture(self, asset: str) -> Picture | None:
        return self.lookup.picture(asset)


def _converted(key: str, convert: Callable[[MappedValue], MappedValue]) -> ColumnReader:
    """A value -> what it is listed as."""
    return lambda window: [
        None if (value := source.document.get(key)) is None else convert(value) for source in window
    ]


def _each_converted(key: str, convert: Callable[[str], MappedValue]) -> ColumnReader:
    """A list of codes -> what each stands for; what stands for nothing is left out."""

    def converted(value: MappedValue) -> MappedValue:
        if type(value) is list:
            return [found for code in value if (found := convert(code)) is not None] or None
        return None if value is None else convert(value)

    return lambda window: [converted(source.document.get(key)) for source in window]


def _remembered(
    look_up: Callable[[str], MappedValue], most: int = 100_000
) -> Callable[[str], MappedValue]:
    """Ask once per code; the memory is emptied when it grows past ``most``."""
    known: dict[str, MappedValue] = {}

    def remembered(code: str) -> MappedValue:
        if code not in known:
            if len(known) >= most:
                known.clear()
            known[code] = look_up(code)
        return known[code]

    return remembered


def _built_in(name: str, scope: MappingLookup) -> ColumnReader:
    path, family = _remembered(scope.category_path), _remembered(scope.family_label)
    picture = scope.picture
    readers: dict[str, Callable[[ListedProduct], MappedValue]] = {
        "$identifier": lambda source: source.identifier,
        "$model": lambda source: source.model,
        "$root": lambda source: source.root,
        "$family": lambda source: None if source.family is None else family(source.family),
        "$category": lambda source: next(
            (found for code in source.categories if (found := path(code))), None
        ),
        "$link": lambda source: scope.link(source) or None,
        "$picture": lambda source: next(
            (found for code in scope.pictures(source) if (found := picture(code))), None
        ),
        "$pictures": (
            lambda source: (
                [found for code in scope.pictures(source) if (found := picture(code))] or None
            )
        ),
    }
    if name not in readers:
        raise InvalidOperation(text("There is no built-in source “%(name)s”.", name=name))
    reader = readers[name]
    return lambda window: [reader(source) for source in window]


def finishing(field: Field, scope: MappingLookup) -> Callable[[ValueColumn], ValueColumn]:
    """Make what came out what the field's kind promises; what cannot be made so stays text, for the
    check to name.
    """
    usual, make = _FINISHES.get(field.kind, (str, _as_text))
    finish = make(field, scope)
    if field.repeat:
        each = _each_of(finish)
        return lambda column: [each(value) for value in column]
    one = _one_of(finish, field)
    if field.unit:
        return lambda column: [one(value) for value in column]
    return lambda column: [
        value if type(value) is usual and value else one(value) for value in column
    ]  # nearly all there is: no call


def _each_of(finish: OperationStep) -> OperationStep:
    def each(value: MappedValue) -> MappedValue:
        if value is None:
            return None
        return [
            done
            for one in (value if type(value) is list else [value])
            if (done := finish(one)) is not None
        ] or None

    return each


def _one_of(finish: OperationStep, field: Field) -> OperationStep:
    """A list where one value belongs: the first picture or address, all words of a text."""
    takes_first = field.kind in ("picture", "url")

    def one(value: MappedValue) -> MappedValue:
        if type(value) is str or value is None:
            return finish(value) if value else None
        if type(value) is list:
            return finish(value[0] if takes_first else ", ".join(map(str, value)))
        return finish(value)

    return one


def _as_text(field: Field, scope: MappingLookup) -> OperationStep:
    return lambda value: (
        value
        if type(value) is str
        else ("true" if value else "false")
        if type(value) is bool
        else str(value)
    )


def _as_price(field: Field, scope: MappingLookup) -> OperationStep:
    currency = scope.currency
    return lambda value: (
        Money(value, currency) if type(value) is str and NUMBER.fullmatch(value) else value
    )


def _as_measure(field: Field, scope: MappingLookup) -> OperationStep:
    unit = field.unit
    return lambda value: to_unit(value, unit) if unit and type(value) is Measure else value


def _as_boolean(field: Field, scope: MappingLookup) -> OperationStep:
    yes, no = field.choices
    words = {True: yes, False: no, "true": yes, "false": no}
    return lambda value: words.get(value, value) if type(value) in (bool, str) else str(value)


def _as_is(field: Field, scope: MappingLookup) -> OperationStep:
    return lambda value: value


_FINISHES: dict[str, tuple[type, Callable[[Field, MappingLookup], OperationStep]]] = {
    "price": (Money, _as_price),
    "measurement": (Measure, _as_measure),
    "boolean": (type(None), _as_boolean),
    "picture": (Picture, _as_is),
}
"""Kind of field -> the type that is fine as it is, and how anything else is made so."""
