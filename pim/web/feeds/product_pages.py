"""Products in a feed: how one stands in the live file and in the next build, what fills each of its
fields, and how it is spelt in the file.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Invalid, NotFound, Text
from pim.feeds import samples, service
from pim.feeds.explain import ExplainedCell, explain
from pim.feeds.feed_fields import fields_of
from pim.feeds.models import Feed
from pim.feeds.preview import preview
from pim.feeds.why import FeedReadiness, why_not
from pim.products.labels import labels
from pim.products.published_products import Published
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.web.feeds.blueprint import pages
from pim.web.feeds.glance import FeedGlance, glance
from pim.web.feeds.words import MappingLine, mapping_line
from pim.web.page import (
    PageContent,
    needs,
    now,
    session,
    settings,
    show_page,
    storage,
)

FIRST = 5
"""Top products whose part of the file is shown where nobody asked for one."""
MOST = 50
"""Products of a model that are shown."""
LONGEST = 20_000
"""Characters of a file that are shown."""


@dataclass(frozen=True)
class FilledField:
    """A field of the channel, what fills it, and what one product has there."""

    name: str
    line: MappingLine | None
    value: Any


@dataclass(frozen=True)
class ProductInFeed:
    """A product in the feed: how it stands, and what fills its fields. ``explained``: the one of
    which somebody asked where its value comes from.
    """

    standing: FeedReadiness
    fields: Sequence[FilledField]
    explained: ExplainedCell | None


@dataclass(frozen=True)
class FeedFilePart:
    """One file of the feed as it would be spelt. ``is_cut``: it goes on."""

    name: str
    text: str
    is_cut: bool


@dataclass(frozen=True)
class FeedProductsPage(PageContent):
    """``sku``: the product that was asked for, "" for the first ones of the feed. ``products``:
    that one, or the variants of a model; ``labels``: their names. ``parts``: their part of the
    file; ``wrong``: why there is none.
    """

    template = "feeds/products.html"
    glance: FeedGlance
    sku: str
    products: Sequence[ProductInFeed]
    labels: Mapping[str, str]
    parts_of_file: Sequence[FeedFilePart]
    wrong: Sequence[Text]


@pages.get("/feeds/<code>/products")
@needs(Permission.FEEDS_VIEW)
def show_products(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    structure = catalog.structure(session())
    sku, field = request.args.get("sku", "").strip(), request.args.get("field", "")
    listed: Sequence[ProductInFeed] = ()
    parts: Sequence[FeedFilePart] = ()
    wrong: Sequence[Text] = ()
    try:
        listed = _listed(structure, feed, sku, field) if sku else ()
        parts = _parts(feed, [sku] if sku else [])
    except Invalid as error:
        wrong = error.sentences
    except NotFound as error:
        wrong = [error.message]
    names = [one.standing.identifier for one in listed]
    page = FeedProductsPage(
        glance(structure, feed),
        sku,
        listed,
        labels(session(), structure, names, feed.locale),
        parts,
        wrong,
    )
    return show_page(page, 404 if wrong else 200)


def _listed(structure: Structure, feed: Feed, sku: str, field: str) -> list[ProductInFeed]:
    """``field``: the one that is explained of the product itself, "" for none."""
    base_url = settings().base_url
    standings = why_not(session(), storage(), sku, base_url, now().date(), feed.code)
    shown = standings[:MOST]
    window = samples.sample_products(session(), [one.identifier for one in shown], MOST)
    listings = samples.listings_of(session(), structure, feed, window, base_url, now().date())
    filled = _by_identifier(window, listings)
    return [
        ProductInFeed(
            one,
            _fields(structure, feed, filled.get(one.identifier, {})),
            _explained(feed, one.identifier, field if len(shown) == 1 else ""),
        )
        for one in shown
    ]


def _explained(feed: Feed, identifier: str, field: str) -> ExplainedCell | None:
    if field not in feed.mapping:
        return None
    base_url, today = settings().base_url, now().date()
    return explain(session(), storage(), feed.code, identifier, field, base_url, today)


def _by_identifier(
    window: Sequence[Published], listings: Sequence[Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    return {product.identifier: listing for product, listing in zip(window, listings, strict=True)}


def _fields(structure: Structure, feed: Feed, listing: Mapping[str, Any]) -> list[FilledField]:
    return [
        FilledField(one.name, mapping_line(structure, feed, one), listing.get(one.name))
        for one in fields_of(feed)
        if one.name in feed.mapping
    ]


def _parts(feed: Feed, identifiers: Sequence[str]) -> list[FeedFilePart]:
    """The file with these products alone; each file of one that is put together of several."""
    made = preview(session(), feed.code, settings().base_url, now().date(), identifiers, FIRST)
    if not zipfile.is_zipfile(io.BytesIO(made.content)):
        return [_part("", made.content)]
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        return [_part(name, archive.read(name)) for name in archive.namelist()]


def _part(name: str, content: bytes) -> FeedFilePart:
    spelled = content.decode("utf-8", "replace")
    return FeedFilePart(name, spelled[:LONGEST], len(spelled) > LONGEST)
