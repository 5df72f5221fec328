"""What programs fetch without signing in: feeds and pictures, with everything HTTP offers for
saving traffic.
"""

import gzip
import shutil
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from media.presets import PRESETS, path_for
from media.service import take_in
from media.storage import Storage
from pim.feeds import service
from pim.feeds.models import Feed, FeedBuild

CONTENT = b"id,title\n" + b"1,City bike\n" * 500


def fetch(client, path, **more):
    """Buffered: the test client closes the file then, as a server does after the last byte."""
    return client.get(path, buffered=True, **more)


@pytest.fixture
def storage(settings):
    return Storage(settings.storage_url)


@pytest.fixture
def feed(database, storage, settings, clock):
    """The address of a feed with one published build."""
    storage.put("feeds/shop/abc.csv", CONTENT)
    with database.writing() as session:
        row = Feed(
            code="shop",
            label="Shop",
            exporter="shopify",
            channel="web",
            locale="nl_NL",
            currency="EUR",
            link="",
            options={},
            mapping={},
            nonce="n",
            published=None,
            position=0,
        )
        session.add(row)
        session.flush()
        build = FeedBuild(
            id=1,
            feed="shop",
            state="published",
            sha256="ab" * 32,
            path="feeds/shop/abc.csv",
            media_type="text/csv; charset=utf-8",
            size=len(CONTENT),
            items=500,
            excluded=0,
            warned=0,
            rendered=500,
            digest="d",
            seq=1,
            verdict=[],
            milliseconds=10,
            started=clock(),
            finished=clock(),
        )
        session.add(build)
        service.publish(session, row, build, clock())
        return f"/f/shop/{service.token_of(row, settings.secret_key)}.csv"


def test_a_feed_is_sent_whole_with_what_a_partner_needs(client, feed, clock):
    response = fetch(client, feed)
    assert response.data == CONTENT
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.get_etag() == ("ab" * 32, False)
    assert response.last_modified == clock()
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Expires" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    head = client.head(feed, buffered=True)
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(CONTENT))


def test_what_a_partner_has_already_is_not_sent_again(client, feed, clock):
    same = fetch(client, feed, headers={"If-None-Match": f'"{"ab" * 32}"'})
    assert (same.status_code, same.data) == (304, b"")
    unchanged = fetch(
        client, feed, headers={"If-Modified-Since": clock().strftime("%a, %d %b %Y %H:%M:%S GMT")}
    )
    assert unchanged.status_code == 304
    older = (clock() - timedelta(days=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert fetch(client, feed, headers={"If-Modified-Since": older}).data == CONTENT
    assert fetch(client, feed, headers={"If-None-Match": '"another"'}).data == CONTENT


def test_a_part_of_a_feed_can_be_fetched(client, feed):
    part = fetch(client, feed, headers={"Range": "bytes=0-7"})
    assert (part.status_code, part.data) == (206, CONTENT[:8])


def test_a_feed_is_zipped_once_and_kept(client, feed, storage):
    first = fetch(client, feed, headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(first.data) == CONTENT
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["Vary"] == "Accept-Encoding"
    assert first.get_etag()[0] == "ab" * 32 + "-gzip"
    storage.put("feeds/shop/abc.csv.gz", gzip.compress(b"kept"))
    assert gzip.decompress(fetch(client, feed, headers={"Accept-Encoding": "gzip"}).data) == b"kept"
    assert fetch(client, feed, headers={"Accept-Encoding": "gzip;q=0"}).data == CONTENT


def test_the_same_feed_is_zipped_to_the_same_bytes(client, feed, storage):
    first = fetch(client, feed, headers={"Accept-Encoding": "gzip"}).data
    storage.delete("feeds/shop/abc.csv.gz")
    assert fetch(client, feed, headers={"Accept-Encoding": "gzip"}).data == first


def test_a_feed_that_cannot_be_zipped_is_sent_as_it_is(client, feed, storage):
    """For want of room, for example: here a file stands where the folder for it would be."""
    shutil.rmtree(storage.folder / "incoming")
    (storage.folder / "incoming").write_bytes(b"")
    response = fetch(client, feed, headers={"Accept-Encoding": "gzip"})
    assert (response.status_code, response.data) == (200, CONTENT)
    assert "Content-Encoding" not in response.headers
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.get_etag()[0] == "ab" * 32


def test_every_wrong_address_gives_the_same_answer(client, feed, database, clock):
    other = "0" if feed[-5] != "0" else "1"
    wrong = [
        f"{feed[:-5]}{other}.csv",
        feed.replace(".csv", ".xml"),
        f"/f/none/{'0' * 32}.csv",
        "/f/shop/é.csv",
    ]
    answers = {
        (response.status_code, response.data.replace(path.encode(), b""))
        for path in wrong
        if (response := fetch(client, path))
    }
    assert {status for status, _ in answers} == {404}
    with database.writing() as session:
        service.rotate(session, "shop", clock())
    assert fetch(client, feed).status_code == 404


def test_a_feed_without_a_published_build_is_not_there(client, feed, database):
    with database.writing() as session:
        service.get(session, "shop").published = None
    assert fetch(client, feed).status_code == 404


@pytest.fixture
def asset(database, storage, clock):
    file = BytesIO()
    Image.new("RGB", (1500, 900), (20, 120, 110)).save(file, "PNG")
    with database.writing() as session:
        return take_in(session, storage, "Fiets rood.png", file.getvalue(), clock()).code


def test_a_picture_is_drawn_when_it_is_first_asked_for(client, asset, storage):
    response = fetch(client, path_for(asset, "feed"))
    assert response.content_type == "image/jpeg"
    assert Image.open(BytesIO(response.data)).size == (1200, 720)
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    again = fetch(
        client, path_for(asset, "feed"), headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_picture_that_is_not_there(client, asset):
    for path in (
        "/media/0000/" + path_for(asset, "feed").rpartition("/")[2],
        f"/media/{asset}/feed.jpg",
        f"/media/{asset}/poster-1.jpg",
    ):
        assert fetch(client, path).status_code == 404, path
    assert fetch(client, path_for(asset, "feed").replace(".jpg", ".webp")).status_code == 404
    assert PRESETS["feed"].key in path_for(asset, "feed")


def test_what_caches_keep_carries_no_cookie(enter, asset, feed):
    client = enter("viewer")
    for path in (feed, path_for(asset, "thumb")):
        response = fetch(client, path)
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")


def test_an_original_is_a_download_for_people_who_are_signed_in(client, enter, asset):
    assert fetch(client, f"/media/{asset}/original/x.png").status_code == 303
    response = fetch(enter("viewer"), f"/media/{asset}/original/x.png")
    assert response.headers["Content-Disposition"] == 'attachment; filename="Fiets rood.png"'
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Expires" not in response.headers
    assert response.data[:4] == b"\x89PNG"
