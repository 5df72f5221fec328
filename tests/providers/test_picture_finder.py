"""Pictures of a feed in the size that the feed names."""

from io import BytesIO

import pytest
from PIL import Image

from media import service as media
from media.presets import PRESETS
from media.storage import Storage
from pim.feeds.lookup import FeedLookup
from pim.feeds.models import Feed
from pim.providers.picture_finder import PictureFinder
from pim.structure import queries as catalog
from pim.structure import service as structures
from tests.support.listing import PLACE

STRUCTURE = {
    "locales": ["nl_NL"],
    "currencies": ["EUR"],
    "channels": {"webshop": {"locales": ["nl_NL"], "currencies": ["EUR"]}},
}


@pytest.fixture
def picture(database, tmp_path, clock):
    """A picture of 3000 by 1500 pixels; its code."""
    drawn = BytesIO()
    Image.new("RGB", (3000, 1500), "red").save(drawn, "PNG")
    storage = Storage((tmp_path / "storage").as_uri())
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        return media.take_in(session, storage, "red.png", drawn.getvalue(), clock()).code


def finder_of(session, pictures: str | None) -> PictureFinder:
    more = {} if pictures is None else {"pictures": pictures}
    feed = Feed(code="f", label="F", exporter="", link="", options={}, mapping={}, **PLACE, **more)
    return FeedLookup(catalog.structure(session), feed, "https://hub.example").pictures


@pytest.mark.parametrize(
    ("named", "preset", "size"),
    [(None, "feed", (1200, 600)), ("zoom", "zoom", (2000, 1000)), ("small", "small", (400, 200))],
)
def test_it_is_where_and_as_large_as_the_feed_asks(database, picture, named, preset, size):
    with database.reading() as session:
        finder = finder_of(session, named)
        finder.prepare(session, [picture])
        found = finder.find(picture)
    assert found is not None
    assert (found.width, found.height) == size
    key = PRESETS[preset].key
    assert found.url.startswith(f"https://hub.example/media/{picture}/{key}.")


def test_another_size_makes_another_feed(database, picture):
    with database.reading() as session:
        made_by = [finder_of(session, named).made_by() for named in (None, "feed", "zoom")]
    assert made_by[0] == made_by[1] != made_by[2]
