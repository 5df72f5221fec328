"""The server that listens: waitress, with what it does not limit by itself.

A page is answered by one of a few threads, but a request is received without one. So nobody holds
up the others by sending slowly; what a slow or greedy sender takes is a connection, and room for
what they send. Both are limited here, before anybody is asked who they are:

- one address has a number of connections;
- the head of a request has to come within seconds, its body at a certain speed at least;
- a body may be large only where the request shows a cookie of somebody who has signed in.
"""

import time
from copy import copy
from functools import partial
from typing import Any

import waitress
from flask import Flask
from itsdangerous import BadSignature
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from werkzeug.http import parse_cookie

from pim.config import Settings
from pim.errors import Conflict, text
from pim.http.lanes import Lanes
from pim.http.security import MEGABYTE, SIGNED_IN

ANONYMOUS_BODY = MEGABYTE
"""Bytes of a body from somebody who has not signed in: more than any form of theirs."""
CONNECTIONS = 500
CONNECTIONS_PER_ADDRESS = 50
HEAD_SECONDS = 20
"""In which the head of a request has to come."""
IDLE_SECONDS = 60
"""For which a connection may be open without a request."""
SLOWEST_BODY = 1000
"""Bytes a second, after :data:`HEAD_SECONDS` of grace."""


def listen(app: Flask, settings: Settings) -> Any:
    """waitress, listening; call its ``run``. :class:`Conflict` where it cannot listen."""
    opened: dict[int, Any] = {}
    try:
        server = waitress.create_server(
            app,
            map=opened,
            host=settings.host,
            port=settings.port,
            ident="Etalage",
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=10,
            asyncore_use_poll=True,
            _dispatcher=Lanes(),
            **_proxy(settings.trusted_proxy),
        )
    except (OSError, ValueError) as error:
        wasyncore.close_all(opened)
        reason = getattr(error, "strerror", None) or error
        raise Conflict(
            text(
                "Nothing can be served at %(host)s:%(port)s: %(reason)s",
                host=settings.host,
                port=settings.port,
                reason=reason,
            )
        ) from None
    door = _Doorkeeper(app, settings.trusted_proxy)
    for one in opened.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = partial(LimitedChannel, door)
    return server


def _proxy(trusted: str) -> dict[str, Any]:
    """Whose word counts about where a request comes from. Nobody's, unless a proxy is named."""
    if not trusted:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "clear_untrusted_proxy_headers": True,
        "trusted_proxy": trusted,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }


class _Doorkeeper:
    """Who may take how much, judged by what is known before a request is answered."""

    def __init__(self, app: Flask, trusted_proxy: str) -> None:
        self._app = app
        self._trusted_proxy = trusted_proxy

    def is_counted(self, address: str) -> bool:
        """Whether connections from here are one visitor's; those of a proxy are everybody's."""
        return self._trusted_proxy not in ("*", address)

    def has_signed_in(self, cookies: str) -> bool:
        """Whether the cookie is one that this hub gave to somebody who signed in.

        Their session may have ended since. That is asked later, of the database.
        """
        interface: Any = self._app.session_interface
        signer = interface.get_signing_serializer(self._app)
        value = parse_cookie(cookies).get(self._app.config["SESSION_COOKIE_NAME"], "")
        age = int(self._app.permanent_session_lifetime.total_seconds())
        try:
            return SIGNED_IN in signer.loads(value, max_age=age)
        except BadSignature:
            return False


class LimitedParser(HTTPRequestParser):  # type: ignore[misc]
    """A request whose body is kept small where nobody has signed in."""

    adj: Any

    def __init__(self, door: _Doorkeeper, adj: Adjustments) -> None:
        super().__init__(adj)
        self._door = door

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        may_be_large = self.chunked or self.content_length > ANONYMOUS_BODY
        if may_be_large and not self._door.has_signed_in(self.headers.get("COOKIE", "")):
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = ANONYMOUS_BODY


class LimitedChannel(HTTPChannel):  # type: ignore[misc]
    """A connection that ends where its sender has too many of them, or is too slow."""

    def __init__(
        self, door: _Doorkeeper, server: Any, sock: Any, addr: Any, adj: Adjustments, map: Any
    ) -> None:
        super().__init__(server, sock, addr, adj, map=map)
        self.parser_class = partial(LimitedParser, door)
        self._began = time.monotonic()
        if door.is_counted(addr[0]) and self._is_one_too_many():
            self.will_close = True

    def _is_one_too_many(self) -> bool:
        addresses = [one.addr[0] for one in self.server.active_channels.values()]
        return addresses.count(self.addr[0]) > CONNECTIONS_PER_ADDRESS

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self._began = time.monotonic()
        taken: bool = super().received(data)
        return taken

    def readable(self) -> bool:
        """Asked of every connection in each turn of the loop, at least once a second."""
        if self._is_too_slow():
            self.will_close = True
        is_readable: bool = super().readable()
        return is_readable

    def _is_too_slow(self) -> bool:
        if self.request is None:
            return False
        patience = HEAD_SECONDS + self.request.body_bytes_received / SLOWEST_BODY
        return bool(time.monotonic() - self._began > patience)
