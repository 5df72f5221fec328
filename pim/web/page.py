"""What a page is made with: a declared permission, the request's session, translated sentences,
rendered templates.

Every view function carries ``@needs("…")`` or ``@public``. The decorator opens one database
session, finds out who is asking, checks the permission, calls the view and commits; an answer of
400 and up, or an error, commits nothing.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from media.storage import Storage
from pim.accounts import queries as accounts
from pim.accounts.models import User
from pim.accounts.permissions import PERMISSIONS, demand
from pim.accounts.queries import Person
from pim.config import Settings
from pim.db import Database
from pim.errors import Denied, Text, text
from pim.i18n import LANGUAGES, negotiate, translate

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
PUBLIC = "public"


def needs(permission: str, *, reading: bool = False) -> Callable[[View], View]:
    """Declares a view's permission (a key of ``PERMISSIONS``). ``reading``: a POST that changes
    nothing (a preview, a check).
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"no such permission: {permission}")
    return _in_session(permission, reading)


def public(*, reading: bool = False) -> Callable[[View], View]:
    """Declares a view that anybody may see; it checks a token of its own where that matters."""
    return _in_session(PUBLIC, reading)


def _in_session(permission: str, reading: bool) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(**arguments: Any) -> ResponseReturnValue:
            only_reads = reading or request.method in ("GET", "HEAD", "OPTIONS")
            try:
                with database().reading() if only_reads else database().writing() as g.session:
                    return _answer(permission, lambda: view(**arguments))
            finally:
                g.pop("session", None)

        wrapped.permission = permission  # type: ignore[attr-defined]
        return cast(View, wrapped)

    return decorate


def _answer(permission: str, view: Callable[[], ResponseReturnValue]) -> Response:
    g.person = _recognise()
    if permission != PUBLIC:
        if g.person is None:
            return make_response(_to_sign_in())
        demand(g.person.role, permission)
    response = make_response(view())
    if response.status_code >= 400:
        session().rollback()
    return response


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


def session() -> Session:
    """The request's database session; the decorator commits it."""
    return cast(Session, g.session)


def now() -> datetime:
    """The moment of this request (UTC), the same wherever it is asked."""
    if "now" not in g:
        g.now = current_app.extensions["etalage_clock"]()
    return cast(datetime, g.now)


def person() -> Person:
    """Who is signed in. Denied where nobody is: for views with a permission only."""
    found = visitor()
    if found is None:
        raise Denied(text("Sign in first."))
    return found


def visitor() -> Person | None:
    """Who is signed in, or None."""
    return cast("Person | None", g.get("person"))


def language() -> str:
    """The interface's language for this request: the person's choice, the cookie's, or the
    browser's.
    """
    chosen = (who.language if (who := visitor()) else None) or request.cookies.get("language")
    return chosen if chosen in LANGUAGES else negotiate(request.accept_languages.values())


def zone() -> str:
    """The time zone of the person, UTC for a visitor."""
    return who.zone if (who := visitor()) else "UTC"


def tell(sentence: Text) -> str:
    """The sentence in the interface's language, with moments in the reader's time zone."""
    return translate(sentence, language(), zone())


def say(sentence: Text, kind: str = "success") -> None:
    """A message at the top of the next page; ``kind``: success, info, warning or danger."""
    flash(tell(sentence), kind)


def page(template: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """A whole page, or a fragment of one: ``page("products/edit.html", sku=…)`` renders
    templates/pages/products/edit.html.
    """
    return render_template(f"pages/{template}", **context), status


def go(endpoint: str, **arguments: Any) -> ResponseReturnValue:
    """Send the browser on after a change; htmx requests too."""
    return _go_to(url_for(endpoint, **arguments))


def sign_in(user: User) -> None:
    """From here on the browser is this user's; it lasts until sign-out, which ends it on the
    server.
    """
    cookie.clear()
    cookie.permanent = True
    cookie["user"] = user.id
    cookie["version"] = user.session_version


def safe_next(target: str | None) -> str:
    """The path to return to after signing in; never another site."""
    parts = urlsplit(target or "")
    usable = (
        target
        and not parts.scheme
        and not parts.netloc
        and target.startswith("/")
        and not target.startswith(("//", "/\\"))
    )
    return cast(str, target) if usable else url_for("dashboard.show")


def _recognise() -> Person | None:
    if "user" not in cookie:
        return None
    return accounts.signed_in(session(), cookie["user"], cookie["version"])


def _to_sign_in() -> ResponseReturnValue:
    wanted = request.full_path.rstrip("?") if request.method == "GET" and not _is_htmx() else None
    return _go_to(url_for("login.show", next=wanted))


def _go_to(path: str) -> ResponseReturnValue:
    if _is_htmx():
        return "", 200, {"HX-Redirect": path}
    return redirect(path, 303)


def _is_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"
