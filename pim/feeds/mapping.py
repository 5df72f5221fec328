"""From a product to a listing: a mapping is data, compiled once per build into a closure. No user text is ever evaluated.

A mapping says for each target field where its value comes from and what is done to it::

    {"title": {"from": ["name", "short_name"], "do": ["strip_html", {"truncate": 150}]}, "condition": {"value": "new"}}

A source is an attribute code (taken in the feed's channel, locale and currency), a whole address (``name-en_GB``) or a built-in
(``$identifier``). The first source that has a value gives it; a field that repeats, and the operation ``join``, take all of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from pim.errors import Invalid, NotFound, Text, text
from pim.feeds.contract import Field, Listing, Measure, Money, Picture
from pim.feeds.operations import NUMBER, Step, Value, measure, to_unit
from pim.feeds.pipeline import Refused, compile_steps, names
from pim.values import Document, parse_address

Read = Callable[["Source"], Value]


class Fixed(NamedTuple):
    """A field that says the same of every product."""

    value: Value


class Source(Protocol):
    """A product to be listed. ``document`` is the published one merged with its models'; ``model`` the parent's identifier."""

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


class Scope(Protocol):
    """The feed's channel, locale and currency, and what a mapping must look up in the catalog."""

    @property
    def currency(self) -> str: ...

    def address(self, attribute: str) -> str:
        """Where the attribute's value lives in this scope; :class:`NotFound` when there is no such attribute."""
        ...

    def has_address(self, address: str) -> bool:
        """Whether a whole address (``name-en_GB``) is one of this shop's."""
        ...

    def type_of(self, attribute: str) -> str:
        """The code of its type; :class:`NotFound` when there is no such attribute."""
        ...

    def label(self, attribute: str, option: str) -> str:
        """The option's label in the feed's locale."""
        ...

    def picture(self, asset: str) -> Picture | None:
        """Where the channel finds this asset; None when it has no usable file. Asked for every product, so it must be quick."""
        ...

    def pictures(self, source: Source) -> Sequence[str]:
        """The codes of the product's pictures, the main one first."""
        ...

    def category_path(self, category: str) -> str | None:
        """``Bikes > City bikes``; None when the category is not in the channel's tree."""
        ...

    def family_label(self, family: str) -> str: ...

    def link(self, source: Source) -> str:
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


def compile_mapping(mapping: Mapping[str, Any], fields: Iterable[Field], scope: Scope) -> Callable[[Source], Listing]:
    """The closure that lists one product. Raises :class:`Invalid` (target field -> complaints), all complaints at once."""
    by_name = {field.name: field for field in fields}
    complaints: dict[str, list[Text]] = {}
    resolvers: dict[str, Read | Fixed] = {}
    for target, rule in mapping.items():
        try:
            if target not in by_name:
                raise Refused(text("The channel has no field “%(field)s”.", field=target))
            resolvers[target] = _compile_rule(rule, by_name[target], scope)
        except Refused as refused:
            complaints[target] = [refused.message]
    if complaints:
        raise Invalid(complaints)
    return _lister(resolvers)


def suggest_mapping(fields: Iterable[Field], types: Mapping[str, str]) -> dict[str, Any]:
    """A mapping to begin with: fields that have a usual source among the attributes (``types``: code -> type), cut to what fits."""
    found: dict[str, Any] = {}
    for field in fields:
        sources = [code for code in field.suggest if code in types or code in BUILT_IN]
        if sources:
            do = _usual(field, [types.get(code, "") for code in sources])
            found[field.name] = {"from": sources, "do": do} if do else {"from": sources}
    return found


def _usual(field: Field, types: Sequence[str]) -> list[Any]:
    """An identifier is never cut: two of them could become one."""
    strip: list[Any] = ["strip_html"] if "richtext" in types and not field.html else []
    if field.kind == "text" and field.max_length and not {"text", "richtext"}.isdisjoint(types):
        return [*strip, {"truncate": field.max_length}]
    return strip


def _lister(resolvers: Mapping[str, Read | Fixed]) -> Callable[[Source], Listing]:
    outline = {target: one.value if isinstance(one, Fixed) else None for target, one in resolvers.items()}
    reads = [(target, one) for target, one in resolvers.items() if not isinstance(one, Fixed)]
    empty = [target for target, one in resolvers.items() if isinstance(one, Fixed) and one.value is None]

    def resolve(source: Source) -> Listing:
        listing = Listing(source.identifier, source.root, source.model)
        listing.update(outline)  # fixed values, and the order of the fields
        for target, read in reads:
            value = read(source)
            if value is None:
                del listing[target]
            else:
                listing[target] = value
        for target in empty:
            del listing[target]
        return listing

    return resolve


def _compile_rule(rule: Any, field: Field, scope: Scope) -> Read | Fixed:
    if not isinstance(rule, Mapping) or not rule.keys() <= {"from", "do", "value"} or ("value" in rule) == ("from" in rule):
        raise Refused(text("A field takes either “from” (with “do”) or “value”."))
    if "value" in rule:
        if "do" in rule or not isinstance(rule["value"], str | int):
            raise Refused(text("A fixed value is a text and takes no operations."))
        return Fixed(finishing(field, scope)(_constant(rule["value"])))
    step = compile_steps(rule.get("do", []))
    first = next(iter(names(rule.get("do", []))), "")
    readers = [_reader(spelling, first == "map" or field.kind == "choice", scope) for spelling in _sources(rule["from"])]
    gather = bool(field.repeat) or "join" in names(rule.get("do", []))
    return _compose(_all_of(readers) if gather and len(readers) > 1 else _first_of(readers), step, finishing(field, scope))


def _constant(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sources(given: Any) -> list[str]:
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        raise Refused(text("“from” is a list of attributes."))
    return given


def _compose(read: Read, step: Step | None, finish: Step) -> Read:
    if step is None:
        return lambda source: finish(read(source))
    return lambda source: finish(step(read(source)))


def _first_of(readers: Sequence[Read]) -> Read:
    if len(readers) == 1:
        return readers[0]

    def read(source: Source) -> Value:
        for reader in readers:
            value = reader(source)
            if value is not None:
                return value
        return None

    return read


def _all_of(readers: Sequence[Read]) -> Read:
    def read(source: Source) -> Value:
        found: list[Value] = []
        for reader in readers:
            value = reader(source)
            found.extend(value if type(value) is list else [] if value is None else [value])
        return found or None

    return read


def _reader(spelling: str, codes: bool, scope: Scope) -> Read:
    """``codes``: a choice is wanted as its option's code, not as its label."""
    if spelling.startswith("$"):
        return _built_in(spelling, scope)
    try:
        address = parse_address(spelling)
        kind = scope.type_of(address.attribute)
        key = spelling if spelling != address.attribute else scope.address(spelling)
    except (NotFound, Invalid) as error:
        raise Refused(error.message) from error
    if not scope.has_address(key):
        raise Refused(text("There is no address “%(address)s”.", address=key))
    if kind == "price":
        return _price_reader(key, scope.currency)
    if kind in ("choice", "choices") and not codes:
        return _converted(key, _remembered(lambda code: scope.label(address.attribute, code)))
    if kind == "asset":
        return _converted(key, scope.picture)
    if kind == "measurement":
        return _measure_reader(key)
    return lambda source: source.document.get(key)


def _price_reader(key: str, currency: str) -> Read:
    spoken = parse_address(key).currency or currency
    return lambda source: None if (amount := source.document.get(key)) is None else Money(amount, spoken)


def _measure_reader(key: str) -> Read:
    return lambda source: None if (value := source.document.get(key)) is None else measure(value["amount"], value["unit"])


def _converted(key: str, convert: Callable[[str], Value]) -> Read:
    """One code or a list of codes -> what each stands for; what stands for nothing is left out."""

    def read(source: Source) -> Value:
        value = source.document.get(key)
        if type(value) is list:
            return [found for code in value if (found := convert(code)) is not None] or None
        return None if value is None else convert(value)

    return read


def _remembered(look_up: Callable[[str], Value], most: int = 100_000) -> Callable[[str], Value]:
    """Ask once per code; the memory is emptied when it grows past ``most``."""
    known: dict[str, Value] = {}

    def remembered(code: str) -> Value:
        if code not in known:
            if len(known) >= most:
                known.clear()
            known[code] = look_up(code)
        return known[code]

    return remembered


def _built_in(name: str, scope: Scope) -> Read:
    path, family = _remembered(scope.category_path), _remembered(scope.family_label)
    picture = scope.picture
    readers: dict[str, Read] = {
        "$identifier": lambda source: source.identifier,
        "$model": lambda source: source.model,
        "$root": lambda source: source.root,
        "$family": lambda source: None if source.family is None else family(source.family),
        "$category": lambda source: next((found for code in source.categories if (found := path(code))), None),
        "$link": lambda source: scope.link(source) or None,
        "$picture": lambda source: next((found for code in scope.pictures(source) if (found := picture(code))), None),
        "$pictures": lambda source: [found for code in scope.pictures(source) if (found := picture(code))] or None,
    }
    if name not in readers:
        raise Refused(text("There is no built-in source “%(name)s”.", name=name))
    return readers[name]


def finishing(field: Field, scope: Scope) -> Step:
    """Make what came out what the field's kind promises; what cannot be made so stays text, for the check to name."""
    finish = _FINISHES.get(field.kind, _as_text)(field, scope)
    if not field.repeat:
        return _one_of(finish, field)

    def finish_each(value: Value) -> Value:
        if value is None:
            return None
        return [done for one in (value if type(value) is list else [value]) if (done := finish(one)) is not None] or None

    return finish_each


def _one_of(finish: Step, field: Field) -> Step:
    """A list where one value belongs: the first picture or address, all words of a text."""
    takes_first = field.kind in ("picture", "url")

    def one(value: Value) -> Value:
        if type(value) is str or value is None:
            return finish(value) if value else None
        if type(value) is list:
            return finish(value[0] if takes_first else ", ".join(map(str, value)))
        return finish(value)

    return one


def _as_text(field: Field, scope: Scope) -> Step:
    return lambda value: value if type(value) is str else ("true" if value else "false") if type(value) is bool else str(value)


def _as_price(field: Field, scope: Scope) -> Step:
    currency = scope.currency
    return lambda value: Money(value, currency) if type(value) is str and NUMBER.fullmatch(value) else value


def _as_measure(field: Field, scope: Scope) -> Step:
    unit = field.unit
    return lambda value: to_unit(value, unit) if unit and type(value) is Measure else value


def _as_boolean(field: Field, scope: Scope) -> Step:
    yes, no = field.choices
    words = {True: yes, False: no, "true": yes, "false": no}
    return lambda value: words.get(value, value) if type(value) in (bool, str) else str(value)


def _as_is(field: Field, scope: Scope) -> Step:
    return lambda value: value


_FINISHES: dict[str, Callable[[Field, Scope], Step]] = {
    "price": _as_price,
    "measurement": _as_measure,
    "boolean": _as_boolean,
    "picture": _as_is,
}
