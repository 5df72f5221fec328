"""Each kind of failure becomes one answer, in words; a traceback goes to the log only.

What the answer looks like, a page or JSON, is the door's to say.
"""

import structlog
from flask import Flask, Response
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError, SecurityError

from pim.db import is_duplicate
from pim.errors import (
    DISK_FULL,
    Conflict,
    Denied,
    Invalid,
    NotFound,
    Text,
    Unavailable,
    is_disk_full,
    text,
)
from pim.http.doors import ErrorAnswer, door
from pim.http.request_log import request_id

RETRY_SECONDS = 5
log = structlog.get_logger()
HEADERS_TO_KEEP = ("Allow", "Retry-After")


def register(app: Flask) -> None:
    app.register_error_handler(NotFound, not_found)
    app.register_error_handler(Denied, denied)
    app.register_error_handler(Conflict, conflict)
    app.register_error_handler(Invalid, invalid)
    app.register_error_handler(Unavailable, without_support)
    app.register_error_handler(OSError, without_room)
    app.register_error_handler(OperationalError, unavailable)
    app.register_error_handler(IntegrityError, overtaken)
    app.register_error_handler(PoolTimeout, unavailable)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(SecurityError, no_host)
    app.register_error_handler(BadHost, no_host)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(InternalServerError, broken)


def not_found(error: NotFound) -> Response:
    return _answer(404, text("Not found"), error.message)


def denied(error: Denied) -> Response:
    return _answer(403, text("Not allowed"), error.message)


def conflict(error: Conflict) -> Response:
    return _answer(409, text("That is not possible now"), error.message)


def invalid(error: Invalid) -> Response:
    """For input no form was drawn for; a page with a form shows the sentences beside its fields
    instead.
    """
    sentences = error.sentences
    return _answer(422, text("Something is not right yet"), *sentences)


def unavailable(error: OperationalError | PoolTimeout) -> Response:
    if is_disk_full(error):
        return without_room(error)
    log.warning("database did not answer", exc_info=error)
    sentence = text(
        "The database does not answer at the moment. Nothing was half saved; try again in a few"
        " seconds."
    )
    return _try_again(sentence)


def without_support(error: Unavailable) -> Response:
    """The storage does not answer, or its disk is full."""
    return _try_again(error.message)


def without_room(error: Exception) -> Response:
    if not is_disk_full(error):
        raise error
    log.error("disk is full", exc_info=error)
    return _try_again(DISK_FULL)


def _try_again(sentence: Text) -> Response:
    headers = {"Retry-After": str(RETRY_SECONDS)}
    return door().tell_error(ErrorAnswer(503, text("Back in a moment"), [sentence], headers))


def overtaken(error: IntegrityError) -> Response:
    """Two requests made the same thing at once, and this one was second. Where people meet that
    often, the service looks for it itself and says which thing.
    """
    if not is_duplicate(error):
        raise error
    log.warning("somebody else was first", exc_info=error)
    sentence = text("Somebody else made the same thing at this moment. Look at it, then try again.")
    return _answer(409, text("That is not possible now"), sentence)


def stale_form(_error: CSRFError) -> Response:
    return _answer(
        400, text("This form has expired"), text("Go back, reload the page and try again.")
    )


def broken(error: InternalServerError) -> Response:
    cause = error.original_exception
    if isinstance(cause, OperationalError | PoolTimeout):
        return unavailable(cause)  # met after the view had answered, where Flask asks nobody else
    sentence = text(
        "Something went wrong on our side. Nothing was half saved. The log has it under “%(id)s”.",
        id=request_id(),
    )
    return _answer(500, text("An error"), sentence)


def no_host(_error: SecurityError | BadHost) -> Response:
    """The name of the host is none. A page has addresses in it, which need one, so this is none."""
    return Response("There is no host of this name.\n", 400, mimetype="text/plain")


def http_error(error: HTTPException) -> Response:
    status = error.code or 500
    title, sentence = _KNOWN.get(status, _UNKNOWN)
    headers = {name: value for name, value in error.get_headers() if name in HEADERS_TO_KEEP}
    return door().tell_error(ErrorAnswer(status, title, [sentence], headers))


_KNOWN = {
    400: (text("Not understood"), text("The browser sent something this page cannot read.")),
    403: (text("Not allowed"), text("This page is not open to you.")),
    404: (text("Not found"), text("There is no page at this address.")),
    405: (text("Not possible here"), text("This address does not take that kind of request.")),
    413: (text("Too large"), text("What was sent is larger than this hub accepts.")),
    429: (text("Too many attempts"), text("Wait a quarter of an hour and try again.")),
}
_UNKNOWN = (text("That did not work"), text("The request could not be answered."))


def _answer(status: int, title: Text, *sentences: Text) -> Response:
    return door().tell_error(ErrorAnswer(status, title, sentences))
