"""Where a mapping takes its values from: an attribute in the feed's scope, a whole address (of an
association too), the models of a variant, or a value provider. A source reads a window of products
at once, column by column.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pim.attributes.base import AttributeType
from pim.attributes.quantities import Picture
from pim.errors import Invalid, NotFound, text
from pim.feeds.lookup import FeedLookup
from pim.feeds.operations import MappedValue
from pim.feeds.pipeline import InvalidOperation
from pim.providers.base import ListedProduct, Provider
from pim.providers.pictures import PicturesProvider, asset_codes
from pim.values import Document, parse_address

MODEL = "$model:"
"""Before an attribute or address: that of the product's models."""
ValueColumn = list[MappedValue]
"""One value per product of a window, None where it has none."""
ColumnReader = Callable[[Sequence[ListedProduct]], ValueColumn]
Convert = Callable[[Any], MappedValue]


class MappingSource(ABC):
    """One source of a mapping, compiled for a feed."""

    @property
    @abstractmethod
    def key(self) -> str:
        """What names it among the sources of the feed."""

    @abstractmethod
    def made_by(self) -> object:
        """What its values depend on besides the product: the feed's fingerprint holds it."""

    @abstractmethod
    def reader(self) -> ColumnReader:
        """A quick function from a window of products to their values."""

    @property
    def names_assets(self) -> bool:
        """Whether it lists pictures, which must be looked up first."""
        return False

    def assets(self, product: ListedProduct) -> Sequence[str]:
        """The codes of assets that this source lists of a product."""
        return ()

    def address_of_assets(self, product: ListedProduct) -> str:
        """Where the product holds those assets; "" where it holds none."""
        return ""


@dataclass(frozen=True)
class ValueListing:
    """Implements :class:`pim.attributes.base.ListingContext` for a value of one address."""

    lookup: FeedLookup
    currency: str
    wants_codes: bool

    @property
    def locale(self) -> str:
        return self.lookup.locale

    def picture(self, asset: str) -> Picture | None:
        return self.lookup.picture(asset)


@dataclass(frozen=True)
class AttributeSource(MappingSource):
    """The value at one address, listed as its type lists it."""

    address: str
    type: AttributeType
    listing: ValueListing = field(compare=False)

    @property
    def key(self) -> str:
        return f"{self.address}:code" if self.listing.wants_codes else self.address

    def made_by(self) -> object:
        listed = self.type.made_listings_by(self.listing)
        if not self.type.names_assets:
            return listed
        return [*listed, *self.listing.lookup.pictures.made_by()]

    @property
    def names_assets(self) -> bool:
        return self.type.names_assets

    def assets(self, product: ListedProduct) -> Sequence[str]:
        return asset_codes(product.document.get(self.address)) if self.names_assets else ()

    def address_of_assets(self, product: ListedProduct) -> str:
        return self.address

    def reader(self) -> ColumnReader:
        address, convert = self.address, self.type.lister(self.listing)
        if convert is None:
            return lambda window: [product.document.get(address) for product in window]
        if self.type.takes_many:
            return _convert_each(address, convert)
        return _convert(address, convert)


@dataclass(frozen=True)
class AssociationSource(MappingSource):
    """The identifiers of the products that one is associated with: ``upsell-products``."""

    address: str

    @property
    def key(self) -> str:
        return self.address

    def made_by(self) -> object:
        return None

    def reader(self) -> ColumnReader:
        return lambda window: [product.document.get(self.address) for product in window]


@dataclass(frozen=True)
class _ModelOf:
    """The model of a variant, as far as an attribute's source looks at it."""

    document: Document


@dataclass(frozen=True)
class ModelSource(MappingSource):
    """What the models of a variant hold, whatever the variant itself says there; nothing for a
    product that is not a variant.
    """

    source: MappingSource

    @property
    def key(self) -> str:
        return MODEL + self.source.key

    def made_by(self) -> object:
        return self.source.made_by()

    @property
    def names_assets(self) -> bool:
        return self.source.names_assets

    def assets(self, product: ListedProduct) -> Sequence[str]:
        return self.source.assets(_model_of(product))

    def address_of_assets(self, product: ListedProduct) -> str:
        return self.source.address_of_assets(_model_of(product))

    def reader(self) -> ColumnReader:
        read = self.source.reader()
        return lambda window: read([_model_of(product) for product in window])


def _model_of(product: ListedProduct) -> ListedProduct:
    return cast(ListedProduct, _ModelOf(product.model_document or {}))


@dataclass(frozen=True)
class ProviderSource(MappingSource):
    """What a value provider knows."""

    name: str
    provider: Provider = field(compare=False)

    @property
    def key(self) -> str:
        return self.name

    def made_by(self) -> object:
        return self.provider.made_by()

    def assets(self, product: ListedProduct) -> Sequence[str]:
        return self.provider.codes(product) if isinstance(self.provider, PicturesProvider) else ()

    def address_of_assets(self, product: ListedProduct) -> str:
        pictures = self.provider
        return pictures.address_of(product) if isinstance(pictures, PicturesProvider) else ""

    def reader(self) -> ColumnReader:
        value = self.provider.value
        return lambda window: [value(product) for product in window]


FindSource = Callable[[str], MappingSource]
"""From the spelling of a source to what it reads."""


def compile_source(spelling: str, wants_codes: bool, lookup: FeedLookup) -> MappingSource:
    """``spelling``: an attribute's code, a whole address, one of these behind ``$model:``, or ``$``
    and a provider's code.

    ``wants_codes``: an option is wanted by its code, not by its label. Raises
    :class:`InvalidOperation`.
    """
    if spelling.startswith(MODEL):
        own = compile_source(spelling.removeprefix(MODEL), wants_codes, lookup)
        if isinstance(own, ProviderSource | ModelSource):
            sentence = text("Behind “%(prefix)s” stands an attribute or address.", prefix=MODEL)
            raise InvalidOperation(sentence)
        return ModelSource(own)
    if spelling in lookup.structure.association_addresses:
        return AssociationSource(spelling)
    if spelling.startswith("$"):
        provider = lookup.provider(spelling)
        if provider is None:
            raise InvalidOperation(text("There is no built-in source “%(name)s”.", name=spelling))
        return ProviderSource(spelling, provider)
    try:
        code = parse_address(spelling).attribute
        attribute_type = lookup.type_of(code)
        address = lookup.address(code) if spelling == code else spelling
    except (NotFound, Invalid) as error:
        raise InvalidOperation(error.message) from error
    if not lookup.has_address(address):
        raise InvalidOperation(text("There is no address “%(address)s”.", address=address))
    currency = parse_address(address).currency or lookup.currency
    return AttributeSource(address, attribute_type, ValueListing(lookup, currency, wants_codes))


def _convert(address: str, convert: Convert) -> ColumnReader:
    """A value becomes what it is listed as."""

    def read(window: Sequence[ListedProduct]) -> ValueColumn:
        return [
            None if (value := product.document.get(address)) is None else convert(value)
            for product in window
        ]

    return read


def _convert_each(address: str, convert: Convert) -> ColumnReader:
    """A list of codes becomes what each stands for; what stands for nothing is left out."""

    def converted(value: MappedValue) -> MappedValue:
        if type(value) is list:
            return [found for code in value if (found := convert(code)) is not None] or None
        return None if value is None else convert(value)

    return lambda window: [converted(product.document.get(address)) for product in window]
