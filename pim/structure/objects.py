"""The structure as the hub works with it: frozen, built once per version, never queried piece by
piece. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pim.attributes.base import AttributeType
from pim.attributes.operators import Operator
from pim.errors import Invalid, Text, text
from pim.labels import Labels
from pim.values import Address, parse_address

RESERVED = frozenset(
    {
        "identifier",
        "kind",
        "family",
        "parent",
        "family_variant",
        "categories",
        "enabled",
        "status",
        "complete",
        "published",
        "version",
    }
)
"""Addresses of structural facts and index entries; no attribute may carry these names."""
RESERVED_CHANNELS = frozenset({"unit", "products"})
"""``weight-unit`` is the column of a measurement's unit, ``upsell-products`` an association: no
channel may carry these names.
"""
STRUCTURAL = frozenset({"family", "parent", "family_variant", "enabled"})
"""What an edit says of the product itself, through the same addresses."""
HUB = "hub"
"""The owner of what people maintain here."""
PRODUCT = "product"
ASSET = "asset"
FAMILY_KINDS = (PRODUCT, ASSET)
"""The kinds of record that have families: products (with their models) and assets."""


@dataclass(frozen=True)
class Attribute:
    """One kind of value. ``owner`` is the system that may overwrite it; a fact flows to channels
    without approval. ``meaning``: what it is for, one of :data:`pim.meanings.MEANINGS`, where its
    code does not tell.
    """

    code: str
    type: AttributeType
    labels: Labels
    group: str | None = None
    help: Labels = field(default_factory=dict)
    localizable: bool = False
    scopable: bool = False
    owner: str = HUB
    fact: bool = False
    filterable: bool = False
    unique: bool = False
    meaning: str = ""

    @property
    def is_per_currency(self) -> bool:
        """Whether there is a value for each currency, with the currency in its address."""
        return self.type.is_per_currency


@dataclass(frozen=True)
class Channel:
    code: str
    labels: Labels
    locales: tuple[str, ...]
    currencies: tuple[str, ...]
    tree: str | None


@dataclass(frozen=True)
class Family:
    """What records of one sort have in common. ``kind``: of what it is a family, one of
    :data:`FAMILY_KINDS`. ``label``, ``picture``: the attributes that show a record in lists.
    ``requirements``: channel -> the attributes that a complete record fills there.
    """

    code: str
    labels: Labels
    attributes: tuple[str, ...]
    label: str | None
    picture: str | None
    requirements: Mapping[str, tuple[str, ...]]
    kind: str = PRODUCT


@dataclass(frozen=True)
class Level:
    """One step of variation: what tells the variants apart (axes) and what they may hold
    themselves.
    """

    axes: tuple[str, ...]
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class FamilyVariant:
    code: str
    family: str
    labels: Labels
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Category:
    code: str
    parent: str | None
    labels: Labels


@dataclass(frozen=True)
class LabelledCode:
    """A group, an association type: a code with labels."""

    code: str
    labels: Labels


@dataclass(frozen=True)
class Scope:
    """One channel in one locale."""

    channel: str
    locale: str

    def __str__(self) -> str:
        return self.code

    @cached_property
    def code(self) -> str:
        """``webshop-nl_NL``."""
        return f"{self.channel}-{self.locale}"


@dataclass(frozen=True)
class Structure:
    """Everything a shop's products are made of, by code; the order is the order people see."""

    version: int
    locales: tuple[str, ...]
    currencies: tuple[str, ...]
    channels: Mapping[str, Channel]
    groups: Mapping[str, LabelledCode]
    attributes: Mapping[str, Attribute]
    families: Mapping[str, Family]
    variants: Mapping[str, FamilyVariant]
    categories: Mapping[str, Category]
    associations: Mapping[str, LabelledCode]

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        return tuple(
            Scope(channel.code, locale)
            for channel in self.channels.values()
            for locale in channel.locales
        )

    @cached_property
    def association_addresses(self) -> frozenset[str]:
        """``UPSELL-products`` and its like: lists of identifiers, kept in the document beside the
        values.
        """
        return frozenset(f"{code}-products" for code in self.associations)

    @cached_property
    def naming_addresses(self) -> frozenset[str]:
        """The addresses at which a value names other products: associations, and attributes of the
        type link.
        """
        links = (
            address
            for address, attribute in self.attribute_at.items()
            if attribute.type.names_products
        )
        return self.association_addresses | frozenset(links)

    def addresses(self, attribute: Attribute) -> Iterator[Address]:
        """Every place where this attribute can hold a value."""
        for locale, channel in self._places(attribute):
            if not attribute.is_per_currency:
                yield Address(attribute.code, locale, channel)
            else:
                currencies = self.channels[channel].currencies if channel else self.currencies
                yield from (
                    Address(attribute.code, locale, channel, currency) for currency in currencies
                )

    def _places(self, attribute: Attribute) -> Iterator[tuple[str | None, str | None]]:
        if attribute.scopable and attribute.localizable:
            yield from ((scope.locale, scope.channel) for scope in self.scopes)
        elif attribute.scopable:
            yield from ((None, channel) for channel in self.channels)
        elif attribute.localizable:
            yield from ((locale, None) for locale in self.locales)
        else:
            yield None, None

    @cached_property
    def attribute_at(self) -> Mapping[str, Attribute]:
        """Every valid address -> its attribute. What is not in here is no address of this shop."""
        return {
            str(address): attribute
            for attribute in self.attributes.values()
            for address in self.addresses(attribute)
        }

    @cached_property
    def known_addresses(self) -> frozenset[str]:
        """Everything an edit of a product may name."""
        return STRUCTURAL | {"categories"} | self.association_addresses | self.attribute_at.keys()

    @cached_property
    def asset_addresses(self) -> frozenset[str]:
        """Everything an edit of an asset may name: its family, and what the families of assets
        hold.
        """
        held = {code for family in self.families_of(ASSET).values() for code in family.attributes}
        places = (
            address for address, attribute in self.attribute_at.items() if attribute.code in held
        )
        return frozenset({"family", *places})

    def families_of(self, kind: str) -> Mapping[str, Family]:
        """The families of one kind of record, by code."""
        return {code: family for code, family in self.families.items() if family.kind == kind}

    def address_in(
        self,
        attribute: Attribute,
        channel: str | None,
        locale: str | None,
        currency: str | None = None,
    ) -> str:
        """The address at which a channel and locale see this attribute."""
        return str(
            Address(
                attribute.code,
                locale if attribute.localizable else None,
                channel if attribute.scopable else None,
                currency if attribute.is_per_currency else None,
            )
        )

    @cached_property
    def _required(self) -> dict[tuple[str | None, str | None, int], Mapping[Scope, frozenset[str]]]:
        return {}

    @cached_property
    def _required_anywhere(self) -> dict[str | None, frozenset[str]]:
        return {}

    def required(
        self, family: str | None, family_variant: str | None = None, depth: int | None = None
    ) -> Mapping[Scope, frozenset[str]]:
        """Scope -> the addresses a product of this family must fill there; no family requires
        nothing.

        With ``family_variant`` and ``depth`` (0 top model, 1 the model below it): what a model must
        fill, which is all but what its variants hold themselves.
        """
        key = (family, family_variant, -1 if depth is None else depth)
        found = self._required.get(key)
        if found is None:
            found = self._required[key] = self._require(*key)
        return found

    def required_anywhere(self, family: str | None) -> frozenset[str]:
        """The addresses a product of this family must fill in any scope."""
        found = self._required_anywhere.get(family)
        if found is None:
            found = frozenset[str]().union(*self.required(family).values())
            self._required_anywhere[family] = found
        return found

    def required_of_itself(
        self, family: str | None, family_variant: str | None, depth: int, *, is_model: bool
    ) -> Mapping[Scope, frozenset[str]]:
        """Scope -> the required addresses whose place is this record, ``depth`` steps below its
        top model: what belongs to the levels above is asked of its models.
        """
        required = (
            self.required(family, family_variant, depth) if is_model else self.required(family)
        )
        if depth == 0:
            return required
        above = self.required(family, family_variant, depth - 1)
        return {scope: addresses - above[scope] for scope, addresses in required.items()}

    def level_number(self, family_variant: str | None, attribute: str) -> int:
        """How many steps below the top model an attribute has its place: 0 for the top itself."""
        variant = self.variants.get(family_variant or "")
        for number, level in enumerate(variant.levels if variant else (), start=1):
            if attribute in level.axes or attribute in level.attributes:
                return number
        return 0

    @cached_property
    def held_by_variants(self) -> frozenset[str]:
        """The attributes that have their place on a variant in some family variant."""
        return frozenset().union(*(self._held_below(code, 0) for code in self.variants))

    def _require(
        self, family: str | None, family_variant: str | None, depth: int
    ) -> Mapping[Scope, frozenset[str]]:
        if family is None or family not in self.families:
            return {}
        lower = self._held_below(family_variant, depth) if depth >= 0 else frozenset()
        return {
            scope: frozenset(self._required_in(self.families[family], scope, lower))
            for scope in self.scopes
        }

    def _held_below(self, family_variant: str | None, depth: int) -> frozenset[str]:
        variant = self.variants.get(family_variant or "")
        levels = variant.levels[depth:] if variant else ()
        return frozenset(code for level in levels for code in (*level.axes, *level.attributes))

    def _required_in(self, family: Family, scope: Scope, without: frozenset[str]) -> Iterator[str]:
        for code in family.requirements.get(scope.channel, ()):
            if code in without:
                continue
            attribute = self.attributes[code]
            currencies = (
                self.channels[scope.channel].currencies if attribute.is_per_currency else (None,)
            )
            yield from (
                self.address_in(attribute, scope.channel, scope.locale, currency)
                for currency in currencies
            )

    @cached_property
    def filterable_at(self) -> Mapping[str, Attribute]:
        """The addresses whose values lists can filter by (unique ones too: the index finds who
        holds a value).
        """
        return {
            address: attribute
            for address, attribute in self.attribute_at.items()
            if attribute.filterable or address in self.unique_at
        }

    @cached_property
    def known_by_end_at(self) -> Mapping[str, Attribute]:
        """The addresses whose values people name by their last characters."""
        return {
            address: attribute
            for address, attribute in self.attribute_at.items()
            if attribute.type.is_known_by_its_end
        }

    @cached_property
    def worded(self) -> tuple[str, ...]:
        """The filterable addresses whose values are found by their words."""
        return tuple(
            address
            for address, attribute in self.filterable_at.items()
            if Operator.CONTAINS in attribute.type.operators
        )

    @cached_property
    def unique_at(self) -> Mapping[str, Attribute]:
        """The addresses whose value only one product may have; the identifier is unique by
        itself.
        """
        return {
            address: one
            for address, one in self.attribute_at.items()
            if one.unique and address != self.identifier
        }

    @cached_property
    def identifier(self) -> str | None:
        """The attribute that repeats a product's identifier among its values."""
        return next(
            (code for code, attribute in self.attributes.items() if attribute.type.is_identifier),
            None,
        )

    @cached_property
    def _searchable(self) -> Mapping[str | None, tuple[str, ...]]:
        everywhere = {
            code for code, attribute in self.attributes.items() if attribute.type.is_searchable
        }
        labels: dict[str | None, set[str]] = {
            None: {family.label for family in self.families_of(PRODUCT).values() if family.label}
        }
        for family in self.families.values():
            labels[family.code] = {family.label} if family.label else set()
            if family.kind == ASSET:  # a picture has few texts, and is looked for by all of them
                labels[family.code] |= {
                    code for code in family.attributes if self.attributes[code].type.is_free_text
                }
        return {
            family: tuple(
                address
                for address, attribute in self.attribute_at.items()
                if attribute.code in own | everywhere
            )
            for family, own in labels.items()
        }

    def searchable(self, family: str | None) -> tuple[str, ...]:
        """The addresses whose text people search: identifiers, GTINs and the label in every
        locale.
        """
        return self._searchable.get(family, self._searchable[None])

    @cached_property
    def pictures_of(self) -> Mapping[str, tuple[str, ...]]:
        """Family of products -> the addresses of its picture; of all files in a family that has
        none, and for what has no family ("").
        """
        files = [one for one in self.attributes.values() if one.type.names_assets]
        everywhere = tuple(str(at) for one in files for at in self.addresses(one))
        found = {"": everywhere}
        for code, family in self.families_of(PRODUCT).items():
            if family.picture:
                own = self.addresses(self.attributes[family.picture])
                found[code] = tuple(map(str, own))
        return found

    @cached_property
    def names_in(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Locale -> family of products -> the addresses of its label there, one for each channel
        where it differs by channel.
        """
        return {
            locale: {
                code: tuple(self._names(self.attributes[family.label], locale))
                for code, family in self.families_of(PRODUCT).items()
                if family.label
            }
            for locale in self.locales
        }

    def _names(self, attribute: Attribute, locale: str) -> Iterator[str]:
        channels = (code for code, one in self.channels.items() if locale in one.locales)
        places = [self.address_in(attribute, channel, locale) for channel in channels]
        yield from dict.fromkeys(places or [self.address_in(attribute, None, locale)])

    @cached_property
    def _branches(self) -> Mapping[str, tuple[str, ...]]:
        return {code: tuple(self._climb(code)) for code in self.categories}

    def _climb(self, code: str) -> Iterator[str]:
        seen: set[str] = set()
        current: str | None = code
        while current and current in self.categories and current not in seen:
            yield current
            seen.add(current)
            current = self.categories[current].parent

    def path(self, category: str) -> tuple[str, ...]:
        """The category and its ancestors, tree root last."""
        return self._branches.get(category, ())

    @cached_property
    def children(self) -> Mapping[str | None, tuple[str, ...]]:
        """Parent code (None for trees) -> codes of its children in order."""
        found: dict[str | None, list[str]] = {}
        for category in self.categories.values():
            found.setdefault(category.parent, []).append(category.code)
        return {parent: tuple(codes) for parent, codes in found.items()}

    def below(self, category: str) -> frozenset[str]:
        """The category and everything under it."""
        return frozenset(code for code, path in self._branches.items() if category in path)

    def level_of(self, family_variant: str | None, depth: int) -> Level | None:
        """The level that a product ``depth`` steps below its top model holds (1 or 2); None for the
        top itself.
        """
        variant = self.variants.get(family_variant or "")
        return variant.levels[depth - 1] if variant and 0 < depth <= len(variant.levels) else None


def why_no_address(structure: Structure, spelling: str) -> Text:
    """What is wrong with an address at which this shop holds no value."""
    try:
        address = parse_address(spelling)
    except Invalid as error:
        return error.messages[spelling][0]
    attribute = structure.attributes.get(address.attribute)
    channel = structure.channels.get(address.channel or "")
    if attribute is None:
        return text("There is no attribute “%(code)s”.", code=address.attribute)
    if address.channel and channel is None:
        return text("There is no channel “%(code)s”.", code=address.channel)
    if address.locale and address.locale not in structure.locales:
        return text("There is no locale “%(code)s”.", code=address.locale)
    if address.currency and address.currency not in structure.currencies:
        return text("There is no currency “%(code)s”.", code=address.currency)
    if (
        channel
        and attribute.scopable
        and attribute.localizable
        and address.locale
        and address.locale not in channel.locales
    ):
        return text(
            "The channel “%(channel)s” has no locale “%(locale)s”.",
            channel=channel.code,
            locale=address.locale,
        )
    places = [str(one) for one in structure.addresses(attribute)]
    known = ", ".join(places[:4]) + (", …" if len(places) > 4 else "")
    return text(
        "“%(address)s” is not a value of this shop; “%(code)s” has: %(known)s.",
        address=spelling,
        code=attribute.code,
        known=known,
    )
