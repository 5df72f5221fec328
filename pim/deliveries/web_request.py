"""One request to a web address: by way of the hub's one way out, to the server that is named and
nowhere else, with little of the answer read.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, SSLError

from pim.deliveries.answers import broken_off, not_trusted, refused, refused_for_now
from pim.deliveries.egress import Egress
from pim.deliveries.shipment import WatchedFile, Way
from pim.deliveries.tls import trusting
from pim.errors import Conflict, text

MOST_READ = 2000
"""Bytes of an answer."""
LATER = (408, 425, 429)
"""Of the answers that refuse: those that invite to ask again."""


@dataclass(frozen=True)
class WebAnswer:
    """``body``: its beginning."""

    status: int
    reason: str
    body: str

    @property
    def said(self) -> str:
        return " ".join(filter(None, [str(self.status), self.reason, self.body]))


def request(
    way: Way,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: WatchedFile | bytes = b"",
) -> WebAnswer:
    """:class:`~pim.errors.Unavailable` where the server cannot be reached or breaks off,
    :class:`Conflict` where it is not to be trusted.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    with _pool(way, parts.scheme.lower(), host, parts.port) as pool:
        try:
            response = pool.urlopen(
                method,
                target,
                body=body,  # type: ignore[arg-type]
                headers={**headers, "Accept-Encoding": "identity"},
                redirect=False,
                retries=False,
                preload_content=False,
            )
            beginning = response.read(MOST_READ, decode_content=False)
        except SSLError as error:
            cause = error.args[0] if error.args else error
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise not_trusted(way, cause.verify_message) from None
            raise broken_off(way, error) from None
        except (HTTPError, OSError) as error:
            raise broken_off(way, error) from None
    return WebAnswer(response.status, response.reason or "", beginning.decode(errors="replace"))


def demand_taken(way: Way, answer: WebAnswer) -> None:
    """An error unless the server took what was sent."""
    if 200 <= answer.status < 300:
        return
    if 300 <= answer.status < 400:
        sentence = text(
            "“%(target)s” sends us on to another address. Files are not sent there by themselves:"
            " ask your partner for the right address, and put it into the target.",
            target=way.target.called,
        )
        raise Conflict(sentence)
    is_for_now = answer.status >= 500 or answer.status in LATER
    raise (refused_for_now if is_for_now else refused)(way, answer.said)


def _pool(way: Way, scheme: str, host: str, port: int | None) -> HTTPConnectionPool:
    egress: Egress = way.egress
    timeout = Timeout(connect=egress.patience, read=egress.patience)
    if scheme == "https":
        context = trusting(way.target.certificate)
        secure = HTTPSConnectionPool(host, port, timeout=timeout, maxsize=1, ssl_context=context)
        secure.ConnectionCls = _secure_connection(egress)
        return secure
    plain = HTTPConnectionPool(host, port, timeout=timeout, maxsize=1)
    plain.ConnectionCls = _plain_connection(egress)
    return plain


def _plain_connection(egress: Egress) -> type[HTTPConnection]:
    class CheckedConnection(HTTPConnection):
        def _new_conn(self) -> Any:
            return egress.connect(self.host, self.port or 80)

    return CheckedConnection


def _secure_connection(egress: Egress) -> type[HTTPSConnection]:
    class CheckedConnection(HTTPSConnection):
        def _new_conn(self) -> Any:
            return egress.connect(self.host, self.port or 443)

    return CheckedConnection
