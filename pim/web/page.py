"""What a page is made with: rendered templates, redirects, messages, and what every request has.

A page takes all it needs from here; the names of ``pim.http`` are passed on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, cast
from urllib.parse import parse_qsl, urlencode

import orjson
from flask import (
    current_app,
    flash,
    g,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pim.accounts import queries as accounts
from pim.accounts import service
from pim.accounts.models import User
from pim.accounts.queries import Person
from pim.errors import Text
from pim.http.language import language, tell, zone
from pim.http.permission import PUBLIC, demand, needs, person, principal, public, visitor
from pim.http.security import SIGNED_IN
from pim.http.session import database, has_session, now, session, settings, storage

__all__ = [
    "PUBLIC",
    "Message",
    "PageContent",
    "Undo",
    "database",
    "demand",
    "drawn",
    "go",
    "go_back",
    "has_session",
    "here",
    "is_htmx",
    "language",
    "messages",
    "needs",
    "now",
    "person",
    "principal",
    "public",
    "safe_next",
    "say",
    "session",
    "settings",
    "show_page",
    "sign_in",
    "storage",
    "tell",
    "visitor",
    "zone",
]


_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
"""A path on this site. Two slashes begin the name of another one, and browsers take a backslash for
a slash; they also pass over line ends, which would begin a header of the answer besides.
"""


@dataclass(frozen=True)
class Undo:
    """How what a message tells is taken back: by a form with these fields, or (``asks_first``) on a
    page that shows what that would change.
    """

    url: str
    fields: Mapping[str, str] = field(default_factory=dict)
    asks_first: bool = False


@dataclass(frozen=True)
class Message:
    """What a page says of the step before it. ``kind``: success, info, warning or danger."""

    sentence: str
    kind: str
    undo: Undo | None = None


def say(sentence: Text, kind: str = "success", *, undo: Undo | None = None) -> None:
    """A message at the top of the next page; ``kind``: success, info, warning or danger."""
    flash(orjson.dumps([tell(sentence), undo]).decode(), kind)


def messages() -> list[Message]:
    """What the steps before this page said, each once."""
    found = []
    flashed = cast(list[tuple[str, str]], get_flashed_messages(with_categories=True))
    for kind, said in flashed:
        sentence, undo = orjson.loads(said)
        found.append(Message(sentence, kind, None if undo is None else Undo(**undo)))
    return found


@dataclass(frozen=True)
class PageContent:
    """What a view hands to its template, beside what every template knows: a frozen subclass for
    each page or part of one, whose fields the template reads by their names.

    ``template``: below templates/pages. ``parts``: templates that it includes by a name which is
    known only when it is rendered.
    """

    template: ClassVar[str]
    parts: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True)
class PageAddress:
    """Where a page can be asked for again: by its links to itself, and after another language was
    chosen on it.
    """

    path: str
    arguments: Mapping[str, str]

    @property
    def full(self) -> str:
        """With its arguments."""
        return f"{self.path}?{urlencode(self.arguments)}" if self.arguments else self.path


def here() -> PageAddress:
    """The address of the page that is being made: the request's own, where a browser may ask for
    it, else the one that :func:`show_page` was told.
    """
    told: str | None = g.get("here")
    if told is not None and request.method != "GET":
        path, _, arguments = told.partition("?")
        return PageAddress(path, dict(parse_qsl(arguments)))
    if _is_gettable():
        return PageAddress(request.path, request.args.to_dict())
    return PageAddress(url_for("dashboard.show"), {})


def _is_gettable() -> bool:
    if request.method == "GET":
        return True
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and "GET" in adapter.allowed_methods(request.path)


def show_page(
    content: PageContent, status: int = 200, *, at: str | None = None
) -> ResponseReturnValue:
    """The page, or the part of one, with this content. There is no other way to show one.

    ``at``: where it can be asked for, for a page that answers a form whose own address cannot.
    """
    if at is not None:
        g.here = at
    return drawn(content), status


def drawn(content: PageContent) -> str:
    """A part of a page as HTML, for an answer that holds several."""
    given = {one.name: getattr(content, one.name) for one in fields(content)}
    return render_template(f"pages/{content.template}", **given)


def go(endpoint: str, **arguments: Any) -> ResponseReturnValue:
    """Send the browser on after a change; htmx requests too."""
    return _go_to(url_for(endpoint, **arguments))


def go_back() -> ResponseReturnValue:
    """Send the browser back to the page that the form stands on (its field ``next``)."""
    return _go_to(safe_next(request.form.get("next")))


def sign_in(writing: Session, user: User) -> None:
    """From here on the browser is this user's, until they sign out or the session ends: both are
    known to the server. ``writing``: a session of the database that may write.
    """
    token = service.start_session(
        writing,
        user,
        now(),
        agent=request.headers.get("User-Agent", ""),
        address=request.remote_addr or "",
    )
    cookie.clear()
    cookie.permanent = True
    cookie[SIGNED_IN] = token


def recognise(session: Session) -> Person | None:
    """Who signed in with this browser, unless the session was ended meanwhile."""
    token = cookie.get(SIGNED_IN)
    return None if token is None else accounts.signed_in(session, token, now())


def to_sign_in() -> ResponseReturnValue:
    """Off to the sign-in page, and back afterwards where the request only asked for a page."""
    wanted = None
    if request.method == "GET" and not is_htmx():
        wanted = request.full_path.rstrip("?")
    answer = make_response(_go_to(url_for("login.show", next=wanted)))
    if is_htmx():
        answer.status_code = 401  # a script that keeps what was typed lets people sign in again
    return answer


def safe_next(target: str | None) -> str:
    """The path to return to after signing in; never another site."""
    if target is None or not _PATH.fullmatch(target):
        return url_for("dashboard.show")
    return target


def is_htmx() -> bool:
    """Whether a part of a page is asked for, by htmx."""
    return request.headers.get("HX-Request") == "true"


def _go_to(path: str) -> ResponseReturnValue:
    if is_htmx():
        return "", 200, {"HX-Redirect": path}
    return redirect(path, 303)
