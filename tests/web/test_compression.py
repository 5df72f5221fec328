"""Pages and the interface's files are sent compressed, to whoever takes that."""

import gzip

import pytest

STYLES = "/static/vendor/tabler/tabler.min.css"


@pytest.mark.parametrize("path", ["/login", STYLES])
def test_what_is_compressed_is_the_same(client, path):
    with client.get(path, headers={"Accept-Encoding": "gzip, br"}) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        unpacked = gzip.decompress(packed.data)
    with client.get(path) as plain:
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert len(plain.data) > 2 * len(packed.data)
        if path == STYLES:
            assert plain.data == unpacked


def test_a_browser_that_has_a_file_is_told_so_in_either_spelling(client):
    with client.get(STYLES, headers={"Accept-Encoding": "gzip"}) as first:
        etag = first.headers["ETag"]
    for encodings in ("gzip", "identity"):
        asked = {"Accept-Encoding": encodings, "If-None-Match": etag}
        with client.get(STYLES, headers=asked) as again:
            assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/static/vendor/inter/inter-latin.woff2", "/session"])
def test_what_gains_nothing_is_sent_as_it_is(client, path):
    with client.get(path, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers


def test_a_head_says_no_length_of_nothing(client):
    with client.head(STYLES, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        assert answer.data == b""
        assert "Content-Encoding" not in answer.headers
