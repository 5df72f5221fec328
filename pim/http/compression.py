"""Answers are sent compressed: pages as they come, files of the interface once.

Only what is text and longer than a network packet; feeds and pictures are sent as they are stored.
A page says things that an attacker may choose beside its form token (BREACH), but the cookie is not
sent with requests that another site makes, so that such a page says nothing of anybody.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

TEXTS = frozenset({"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"})
SHORT = 1400
"""Bytes that go in one packet anyway."""


def compress(app: Flask) -> None:
    """Compresses what this application answers."""
    app.after_request(compressed)


def compressed(response: Response) -> Response:
    """The same answer with gzip, for whoever takes it."""
    is_empty = request.method == "HEAD" or response.status_code in (204, 304)
    if is_empty or response.mimetype not in TEXTS:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or "Content-Encoding" in response.headers:
        return response
    is_file = request.endpoint == "static"
    if response.is_streamed and not is_file:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < SHORT:
        return response
    response.set_data(_once(body) if is_file else gzip.compress(body, 5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same content, spelled in other bytes
    return response


@lru_cache(maxsize=64)
def _once(body: bytes) -> bytes:
    """The files of the interface are few and do not change while the hub runs."""
    return gzip.compress(body, 9, mtime=0)
