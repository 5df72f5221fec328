"""What a mapping looks up while it is compiled and run: the structure and the assets, seen from one
feed.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from media import queries as media
from media.presets import PRESETS, path_for
from pim.attributes.base import AttributeType
from pim.errors import NotFound, Text, text
from pim.feeds.contract import Picture
from pim.feeds.mapping import ListedProduct
from pim.feeds.models import Feed
from pim.labels import label
from pim.structure.objects import Attribute, Structure
from pim.values import Document

PRESET = PRESETS["feed"]


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


class FeedLookup:
    """Implements :class:`pim.feeds.mapping.MappingLookup` for one build."""

    def __init__(self, structure: Structure, feed: Feed, base_url: str) -> None:
        self._structure = structure
        self._feed = feed
        self._base_url = base_url
        self._pictures: dict[str, Picture | None] = {}
        self._asset_addresses = [
            address for address, one in structure.attribute_at.items() if one.type.names_assets
        ]
        self._main = {
            code: self._picture_address(family.picture)
            for code, family in structure.families.items()
        }

    @property
    def currency(self) -> str:
        return self._feed.currency

    def _attribute(self, code: str) -> Attribute:
        attribute = self._structure.attributes.get(code)
        if attribute is None:
            raise NotFound(text("There is no attribute “%(code)s”.", code=code))
        return attribute

    def _picture_address(self, code: str | None) -> str | None:
        return None if code is None else self.address(code)

    def address(self, attribute: str) -> str:
        feed = self._feed
        return self._structure.address_in(
            self._attribute(attribute), feed.channel, feed.locale, feed.currency
        )

    def has_address(self, address: str) -> bool:
        return address in self._structure.attribute_at

    @property
    def locale(self) -> str:
        return self._feed.locale

    def type_of(self, attribute: str) -> AttributeType:
        return self._attribute(attribute).type

    def prepare(self, session: Session, documents: Iterable[Document]) -> None:
        """Look up the pictures of some products at once, so that :meth:`picture` never asks the
        database.
        """
        codes = {
            code
            for document in documents
            for address in self._asset_addresses
            for code in _listed(document.get(address))
        }
        if len(self._pictures) > 100_000:
            self._pictures.clear()
        missing = codes - self._pictures.keys()
        rows = media.by_codes(session, missing) if missing else {}
        for code in missing:
            row = rows.get(code)
            self._pictures[code] = (
                None if row is None or not row.width else self._picture(code, row.width, row.height)
            )

    def _picture(self, code: str, width: int, height: int) -> Picture:
        scale = min(1.0, PRESET.width / width, PRESET.height / height)
        return Picture(
            self._base_url + path_for(code, PRESET.name),
            round(width * scale),
            round(height * scale),
        )

    def picture(self, asset: str) -> Picture | None:
        return self._pictures.get(asset)

    def pictures(self, source: ListedProduct) -> Sequence[str]:
        address = self._main.get(source.family or "")
        return _listed(source.document.get(address)) if address else ()

    def category_path(self, category: str) -> str | None:
        structure = self._structure
        path = structure.path(category)
        tree = structure.channels[self._feed.channel].tree
        if tree is not None and tree not in path:
            return None
        names = [
            label(structure.categories[code].labels, self._feed.locale, code)
            for code in reversed(path)
        ]
        return " > ".join(names[1:] or names)

    def family_label(self, family: str) -> str:
        found = self._structure.families.get(family)
        return label(found.labels, self._feed.locale, family) if found else family

    def link(self, source: ListedProduct) -> str:
        return self._feed.link.replace("{identifier}", source.identifier).replace(
            "{root}", source.root
        )


def _listed(value: object) -> Sequence[str]:
    if value is None:
        return ()
    return value if isinstance(value, list) else [str(value)]
