"""The database session of a request, and when it commits.

A request that only reads gets a reading session. Every other gets a writing one, which commits once
when the view has answered; an answer of 400 and up, or an error, commits nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from flask import Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from media.storage import Storage
from pim.config import Settings
from pim.db import Database

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@contextmanager
def opened(*, only_reads: bool) -> Iterator[None]:
    """Opens the request's session for the length of the block, and commits at its end."""
    try:
        with (
            database().writing_page() if writes(only_reads=only_reads) else database().reading()
        ) as g.session:
            yield
    finally:
        g.pop("session", None)


def writes(*, only_reads: bool) -> bool:
    """Whether the request gets a session that writes."""
    return not only_reads and request.method not in READING_METHODS


def answered(view: Callable[[], ResponseReturnValue]) -> Response:
    """The view's answer. What it wrote is taken back where the answer says that it failed."""
    response = make_response(view())
    if response.status_code >= 400:
        session().rollback()
    return response


def session() -> Session:
    """The request's database session. Nobody commits it but :func:`opened`."""
    return cast(Session, g.session)


def has_session() -> bool:
    """Whether a session is open: an error page is drawn after it was closed."""
    return "session" in g


def database() -> Database:
    return cast(Database, current_app.extensions["etalage_database"])


def settings() -> Settings:
    return cast(Settings, current_app.extensions["etalage_settings"])


def storage() -> Storage:
    """Where originals, renditions and feeds live; opened at first use."""
    extensions = current_app.extensions
    if "etalage_storage" not in extensions:
        extensions["etalage_storage"] = Storage(settings().storage_url)
    return cast(Storage, extensions["etalage_storage"])


def now() -> datetime:
    """The moment of this request (UTC), the same wherever it is asked."""
    if "now" not in g:
        g.now = current_app.extensions["etalage_clock"]()
    return cast(datetime, g.now)
