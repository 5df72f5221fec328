"""From a product to a listing: a mapping is data, compiled once per build into a closure. No user
text is ever evaluated.

A mapping says for each target field where its value comes from and what is done to it::

    {
        "title": {"from": ["name", "short_name"], "do": ["strip_html", {"truncate": 150}]},
        "condition": {"value": "new"},
    }

``invalid`` says what a value does that breaks a rule of the channel; with ``required: true`` the
feed asks for a field that the channel does without.

Instead of ``from`` a rule may have a ``template`` (``"{brand} {name}"``) or a calculation
(``calculate: {first: price, by: minus, second: cost}``), see :mod:`pim.feeds.combining`.

A source is an attribute code (taken in the feed's channel, locale and currency), a whole address
(``name-en_GB``) or a value provider (``$identifier``, see :mod:`pim.providers`). The first source
of whose value the operations leave something gives it; a field that repeats, and the operation
``join``, take all of them.

Everything here works on a window of products at once, column by column: a call per field and
window, not per field and product.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from pim.attributes.base import AttributeType
from pim.errors import Invalid, Named, Text, text
from pim.feeds.contract import Field, Listing, Problem
from pim.feeds.lookup import FeedLookup
from pim.feeds.mapping_compiler import MappingCompiler
from pim.feeds.operations import MappedValue
from pim.feeds.pipeline import MOST, InvalidOperation
from pim.feeds.properties import ALL
from pim.feeds.sources import (
    ColumnReader,
    MappingSource,
    ProviderSource,
    ValueColumn,
)
from pim.meanings import sources_of
from pim.providers.base import ListedProduct
from pim.providers.channel_category import ChannelCategoryProvider
from pim.providers.registry import source_names

Decide = Callable[[Sequence[ListedProduct]], Sequence[Problem | None]]
"""A window of products -> what keeps each out by somebody's decision, None for those that the feed
takes.
"""


UNMAPPED = "unmapped_category"
"""The rule of a product whose category stands for none of the channel's."""


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
    -> the sources that it reads. ``decide``: what the feed's selection and rules leave out, None
    where they leave out nothing; ``set_by_rules``: the fields that rules fill; ``named``: the
    products that the selection names, as it stands on the day.
    """

    resolve: Callable[[Sequence[ListedProduct]], list[Listing]]
    fixed: Mapping[str, MappedValue]
    sources: Mapping[str, MappingSource]
    addresses: Mapping[str, frozenset[str]]
    sources_of: Mapping[str, Sequence[MappingSource]]
    lookup: FeedLookup
    decide: Decide | None = None
    set_by_rules: frozenset[str] = frozenset()
    named: Sequence[str] = ()

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

    def unmapped_category(self, product: ListedProduct) -> Problem | None:
        """What is said of a product whose channel's category a field asks for, and of whose own
        categories the feed's mapping says nothing.
        """
        for field, provider in self._category_fields:
            category = provider.unmapped(product)
            if category is not None:
                named = self.lookup.structure.categories[category]
                shown = Named(named.code, named.labels)
                message = text("Its category “%(category)s” is not mapped.", category=shown)
                return Problem(field, UNMAPPED, message, category, "warning")
        return None

    @cached_property
    def _category_fields(self) -> list[tuple[str, ChannelCategoryProvider]]:
        return [
            (field, source.provider)
            for field, sources in self.sources_of.items()
            for source in sources
            if isinstance(source, ProviderSource)
            and isinstance(source.provider, ChannelCategoryProvider)
        ]

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
    compiling = MappingCompiler(lookup)
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
                column = sound_column(name, reads[name], window, listings)
                for listing, value in zip(listings, column, strict=True):
                    if value is not None:
                        listing[name] = value
        return listings

    return resolve


def sound_column(
    name: str,
    make: Callable[[Sequence[Any]], ValueColumn],
    given: Sequence[Any],
    listings: Sequence[Listing],
) -> ValueColumn:
    """What is made of ``given`` for these listings. Where an operation breaks on one of them, that
    listing has no value and says so.
    """
    try:
        return make(given)
    except Exception:  # it broke on one of them, which is found by asking for each
        return [
            _sound_value(name, make, one, listing)
            for one, listing in zip(given, listings, strict=True)
        ]


def _sound_value(
    name: str, make: Callable[[Sequence[Any]], ValueColumn], given: Any, listing: Listing
) -> MappedValue:
    try:
        (value,) = make([given])
    except Exception as error:
        listing.problems = [*listing.problems, _broken_operation(name, error)]
        return None
    return value


def _broken_operation(name: str, error: Exception) -> Problem:
    message = text(
        "An operation of the mapping cannot handle this value (%(error)s).",
        error=f"{type(error).__name__}: {error}"[:200],
    )
    return Problem(name, "failed", message)
