"""What a mapping looks up while it is compiled: the structure, value providers and pictures, seen
from one feed.
"""

from collections.abc import Mapping
from functools import cached_property

from pim.attributes.base import AttributeType
from pim.attributes.quantities import Picture
from pim.errors import NotFound, Text, text
from pim.feeds.models import Feed
from pim.providers.base import Provider, ProviderContext
from pim.providers.picture_finder import USUAL, PictureFinder
from pim.providers.registry import source_names
from pim.structure.objects import Attribute, Scope, Structure
from pim.taxonomies.category_mapping import CategoryMapping


def complaints_about_place(structure: Structure, feed: Feed) -> dict[str, list[Text]]:
    """Where the feed stands in no channel, or speaks a language or asks for money that its channel
    does not have.
    """
    channel = structure.channels.get(feed.channel)
    if channel is None:
        return {"channel": [text("There is no channel “%(code)s”.", code=feed.channel)]}
    wrong: dict[str, list[Text]] = {}
    if feed.locale not in channel.locales:
        wrong["locale"] = [text("The channel has no locale “%(code)s”.", code=feed.locale)]
    if feed.currency not in channel.currencies:
        wrong["currency"] = [text("The channel has no currency “%(code)s”.", code=feed.currency)]
    return wrong


def at_a_place(structure: Structure, feed: Feed) -> Feed:
    """The feed itself, or where its channel, locale or currency is not there, the same in the first
    that is: so all the rest that is wrong with it can be said too.
    """
    channel = structure.channels.get(feed.channel) or next(iter(structure.channels.values()), None)
    if channel is None or not complaints_about_place(structure, feed):
        return feed
    locale = feed.locale
    if locale not in channel.locales:
        locale = next(iter(channel.locales), locale)
    currency = feed.currency
    if currency not in channel.currencies:
        currency = next(iter(channel.currencies), currency)
    return Feed(
        code=feed.code,
        channel=channel.code,
        locale=locale,
        currency=currency,
        link=feed.link,
        pictures=feed.pictures,
        categories=feed.categories,
    )


class FeedLookup:
    """The channel, locale and currency of a feed, and what a mapping must look up there."""

    def __init__(
        self, structure: Structure, feed: Feed, base_url: str, pictures: PictureFinder | None = None
    ) -> None:
        """``pictures``: who finds pictures, if not a new finder of this lookup's own."""
        self.structure = structure
        finder = pictures or PictureFinder(base_url, feed.pictures or USUAL)
        self.context = ProviderContext(
            structure,
            feed.channel,
            feed.locale,
            feed.currency,
            feed.link,
            finder,
            CategoryMapping.read(feed.categories),
        )
        self._providers: dict[str, Provider] = {}

    @property
    def locale(self) -> str:
        return self.context.locale

    @property
    def currency(self) -> str:
        return self.context.currency

    @cached_property
    def scope(self) -> Scope:
        return Scope(self.context.channel, self.context.locale)

    @property
    def pictures(self) -> PictureFinder:
        return self.context.pictures

    def picture(self, asset: str) -> Picture | None:
        """Where the channel finds this asset; None when it has no usable file."""
        return self.context.pictures.find(asset)

    def address(self, attribute: str) -> str:
        """Where the attribute's value lives in this feed's scope; :class:`NotFound` when there is
        no such attribute.
        """
        context = self.context
        return self.structure.address_in(
            self._attribute(attribute), context.channel, context.locale, context.currency
        )

    def has_address(self, address: str) -> bool:
        """Whether a whole address (``name-en_GB``) is one of this shop's."""
        return address in self.structure.attribute_at

    def type_of(self, attribute: str) -> AttributeType:
        """Its type; :class:`NotFound` when there is no such attribute."""
        return self._attribute(attribute).type

    def provider(self, name: str) -> Provider | None:
        """The value provider that a mapping calls ``name`` (``$category``), made once per feed."""
        if name not in self._providers:
            kind = source_names().get(name)
            if kind is None:
                return None
            self._providers[name] = kind(self.context)
        return self._providers[name]

    @property
    def providers(self) -> Mapping[str, Provider]:
        """Those that were asked for, by the name in the mapping."""
        return self._providers

    def _attribute(self, code: str) -> Attribute:
        attribute = self.structure.attributes.get(code)
        if attribute is None:
            raise NotFound(text("There is no attribute “%(code)s”.", code=code))
        return attribute
