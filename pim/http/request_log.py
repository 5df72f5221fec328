"""A line in the log for each request, with an id that its answer and its other lines carry.

Of its address the pattern is told and not the address itself: that of a feed or of a sign-in link
is a secret.
"""

import secrets
import time

import structlog
from flask import Flask, Response, g, request

from pim.http.permission import caller

log = structlog.get_logger()


def watch(app: Flask) -> None:
    """Before every other guard, so that what they refuse is told too."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """The id of this request, by which its lines are found in the log."""
    return str(g.request_id)


def _begin() -> None:
    g.request_id, g.began = secrets.token_hex(8), time.monotonic()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    if request.endpoint != "static":
        who = caller()
        log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            person=who.principal.name if who else None,
            ms=round(1000 * (time.monotonic() - g.began)),
        )
    return response
