"""Products and a feed without a database: for tests of mappings and exporters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pim.attributes.quantities import Picture
from pim.feeds.lookup import FeedLookup
from pim.feeds.models import Feed
from pim.providers.picture_finder import PictureFinder
from pim.structure.document import flatten
from pim.structure.parse import build_structure


@dataclass(frozen=True)
class ListableProduct:
    """A product as a mapping sees it: a single one, unless it has a model."""

    identifier: str
    document: Mapping[str, Any]
    model: str | None = None
    root: str = ""
    family: str | None = None
    categories: Sequence[str] = ()
    id: int = 1
    model_document: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if not self.root:
            object.__setattr__(self, "root", self.model or self.identifier)


@dataclass
class KnownPictures(PictureFinder):
    """Every asset is a picture of this size, but those that are lost."""

    address: str = "https://cdn.example/%s.jpg"
    width: int = 1200
    height: int = 900
    lost: Iterable[str] = field(default=("lost",))

    def prepare(self, session: Any, codes: Iterable[str]) -> None:
        """They are all known."""

    def find(self, asset: str) -> Picture | None:
        if asset in self.lost:
            return None
        return Picture(self.address % asset, self.width, self.height)

    def made_by(self) -> list[str]:
        return [self.address]


PLACE = {"channel": "webshop", "locale": "nl_NL", "currency": "EUR"}


def lookup_in(
    structure: Mapping[str, Any],
    link: str = "https://shop.example/p/{identifier}",
    pictures: PictureFinder | None = None,
) -> FeedLookup:
    """A feed of the channel ``webshop`` in Dutch and euros. ``structure``: as a structure file has
    it, without locales, currencies and channels of its own they are those three.
    """
    document = {
        "locales": ["nl_NL", "en_GB"],
        "currencies": ["EUR", "USD"],
        "channels": {"webshop": {"locales": ["nl_NL"], "currencies": ["EUR"]}},
        **structure,
    }
    feed = Feed(code="feed", label="Feed", exporter="", link=link, options={}, mapping={}, **PLACE)
    return FeedLookup(build_structure(flatten(document), 1), feed, "", pictures or KnownPictures())
