"""What programs fetch without signing in: feeds under their secret address, pictures under
theirs.
"""

import gzip
import shutil
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import structlog
from flask import Blueprint, Flask, Request, Response, request, send_file
from flask.blueprints import BlueprintSetupState
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue

from media import bulk, queries
from media.presets import preset_named
from pim.accounts.permissions import Permission
from pim.errors import Conflict, NotFound, text
from pim.feeds import service
from pim.feeds.files import zipped_key
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.queries import published_build
from pim.web.page import database, needs, public, session, settings, storage

pages = Blueprint("public", __name__)
FOREVER = 365 * 86400
CHUNK = 1 << 20
ALWAYS_ASK = "no-cache"
"""For caches: they may keep it, but every use asks whether there is a newer one."""
KEEP = f"public, max-age={FOREVER}, immutable"
PRIVATE = "private, no-store"
log = structlog.get_logger()


class Sessions(SecureCookieSessionInterface):
    """No cookie is read or sent where anybody may fetch: caches keep those answers and give them to
    others.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return (
            SecureCookieSession()
            if _is_public(request.path)
            else super().open_session(app, request)
        )

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not _is_public(request.path):
            super().save_session(app, session, response)


def _is_public(path: str) -> bool:
    parts = path.split("/")
    return parts[1] == "f" or (parts[1] == "media" and "original" not in parts)


@pages.record_once
def _take_over_sessions(state: BlueprintSetupState) -> None:
    cast(Flask, state.app).session_interface = Sessions()


@pages.get("/f/<slug>/<token>.<extension>")
@public()
def feed(slug: str, token: str, extension: str) -> ResponseReturnValue:
    """The published build of a feed. Every wrong address gives the same answer, so nobody learns
    which part was right.
    """
    found = session().get(Feed, slug)
    build = (
        published_build(session(), found)
        if found and service.opens(found, token, settings().secret_key)
        else None
    )
    if build is None or Path(build.path).suffix != f".{extension}":
        raise NotFound(text("There is no feed at this address."))
    return _send_build(build, f"{slug}.{extension}")


def _send_build(build: FeedBuild, name: str) -> Response:
    """Zipped for who understands that (RFC 9110 12.5.3). The two spellings have an ETag each."""
    zipped = _zipped(build.path) if request.accept_encodings["gzip"] > 0 else None
    tag = f"{build.sha256}-gzip" if zipped else build.sha256
    response = send_stored(
        zipped or build.path,
        build.media_type,
        tag,
        name,
        cache=ALWAYS_ASK,
        modified=build.finished,
    )
    response.headers["Vary"] = "Accept-Encoding"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _zipped(path: str) -> str | None:
    """The key of the zipped file, made at the first request for it; None where there is no room for
    it. The feed itself can still be sent.
    """
    key = zipped_key(path)
    try:
        if not storage().exists(key):
            _zip(path, key)
    except (OSError, Conflict):
        log.warning("a feed could not be zipped", exc_info=True)
        return None
    return key


def _zip(path: str, key: str) -> None:
    """No time in its head: the same feed, the same bytes."""
    with TemporaryDirectory(dir=storage().scratch(settings().home)) as folder:
        packed = Path(folder) / "packed"
        with (
            packed.open("wb") as file,
            gzip.GzipFile("", "wb", fileobj=file, mtime=0) as zipping,
            storage().open(path) as source,
        ):
            shutil.copyfileobj(source, zipping, CHUNK)
        storage().put_file(key, packed)


@pages.get("/media/<code>/<name>.<extension>")
@public()
def picture(code: str, name: str, extension: str) -> ResponseReturnValue:
    """A picture in one size, drawn when it is first asked for; its address changes with the size's
    settings, so it may be kept for good.
    """
    preset = preset_named(name)
    if (name, extension) != (preset.key, preset.extension):
        raise NotFound(text("There is no picture size “%(name)s”.", name=f"{name}.{extension}"))
    row = queries.rendition(session(), code, preset.key)
    if row is None:
        session().rollback()  # nothing of the database is held while the picture is drawn
        drawing = bulk.make_renditions(database(), storage(), [code], [preset])
        row = queries.rendition(session(), code, preset.key)
        if row is None:
            raise NotFound(
                drawing.failed.get(code, [text("There is no picture “%(code)s”.", code=code)])[0]
            )
    tag, filename = f"{code}-{preset.key}", f"{code}.{extension}"
    return send_stored(row.storage_key, row.content_type, tag, filename, cache=KEEP)


@pages.get("/media/<code>/original/<name>")
@needs(Permission.MEDIA_VIEW)
def original(code: str, name: str) -> ResponseReturnValue:
    """A file as it came in; always a download, because its content is somebody else's."""
    asset = queries.by_codes(session(), [code]).get(code)
    if asset is None:
        raise NotFound(text("There is no picture “%(code)s”.", code=code))
    return send_stored(
        asset.storage_key,
        asset.content_type,
        asset.sha256,
        asset.filename,
        cache=PRIVATE,
        download=True,
    )


def send_stored(
    key: str,
    media_type: str,
    tag: str,
    name: str,
    *,
    cache: str,
    download: bool = False,
    modified: datetime | None = None,
) -> Response:
    """A stored file with everything HTTP offers for it: 304, ranges, HEAD. ``cache``: what caches
    may do with it (RFC 9111).
    """
    local = storage().local_path(key)
    if local is not None and not local.is_file():
        raise NotFound(text("The storage has no file “%(key)s”.", key=key))
    source = local or BytesIO(storage().get(key))
    response = send_file(
        source, media_type.partition(";")[0], download, name, etag=tag, last_modified=modified
    )
    response.content_type = media_type  # with the charset as it stands there, said once
    response.headers["Cache-Control"] = cache
    response.headers.pop("Expires", None)  # it would say otherwise, a year ahead
    if request.method == "HEAD" or response.status_code == 304:
        response.close()  # nothing of the file is sent, so nobody else would close it
    return response
