"""Guards around every request: headers, a policy for scripts, CSRF, limits, and no route without a
declared permission.
"""

import hashlib
import ipaddress
import secrets

from flask import Flask, Response, abort, g, request
from flask import session as cookie
from flask_limiter import Limiter
from flask_wtf import CSRFProtect
from werkzeug.exceptions import BadHost, SecurityError

from pim.accounts.queries import email_key
from pim.config import Settings
from pim.http import attempts
from pim.http.permission import refuse_undeclared

SIGNED_IN = "session"
"""Under this key the cookie of somebody who is signed in holds the token of their session."""


def visitor_address() -> str:
    """From where a request comes, as attempts are counted: an IPv6 customer has a whole /64."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:  # a socket file, or a proxy that says "unknown"
        return request.remote_addr or ""
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def account_named() -> str:
    """Whose password is tried; hashed, so that nobody fills the memory with long names."""
    return _short(email_key(request.form.get("email", "")))


def account_signed_in() -> str:
    """Whose session the request shows, as attempts are counted."""
    return _short(str(cookie.get(SIGNED_IN, "")))


def _short(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def is_refused(response: Response) -> bool:
    """Whether an attempt failed. Those that succeed are not counted."""
    return response.status_code == 422


csrf = CSRFProtect()
limiter = Limiter(
    visitor_address,
    storage_uri=f"{attempts.SCHEME}://",
    strategy="moving-window",
)
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:"
    " blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
MEGABYTE = 1024 * 1024


def guard(app: Flask, settings: Settings) -> None:
    """Puts the guards on the application."""
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="etalage",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=1024 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=16 * MEGABYTE,
        MAX_FORM_PARTS=20_000,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form may stay open for a day
    )
    app.before_request(refuse_no_host)
    csrf.init_app(app)
    limiter.init_app(app)
    app.before_request(refuse_undeclared)
    app.before_request(refuse_nul)
    app.after_request(add_headers)
    if secure:
        app.after_request(add_hsts)


def nonce() -> str:
    """This request's nonce for a ``<style>`` element; scripts are files only."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def refuse_no_host() -> None:
    """Before anything else is refused with a page: without a host no page has addresses."""
    if isinstance(request.routing_exception, BadHost | SecurityError):
        raise request.routing_exception


def refuse_nul() -> None:
    """PostgreSQL stores no NUL characters, and no person types one."""
    pairs = [*request.args.items(multi=True), *request.form.items(multi=True), (request.path, "")]
    if any("\x00" in key + value for key, value in pairs):
        abort(400)


def add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce()))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Pages, downloads and answers of the API are for one person; what others may keep says so.
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def add_hsts(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
