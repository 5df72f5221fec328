"""Who is asking, and whether they may. Every view declares its permission; nothing is served that
declares none.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, abort, current_app, g, make_response, request
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.accounts.principals import Principal
from pim.accounts.queries import Person
from pim.errors import Denied, text
from pim.http.doors import Caller, door
from pim.http.session import answered, opened, session, writes

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
PUBLIC = "public"
"""What a view declares that anybody may see."""


def needs(permission: Permission, *, reading: bool = False) -> Callable[[View], View]:
    """Declares a view's permission. ``reading``: a POST that changes nothing (a preview, a check).
    ValueError where there is no such permission.

    The view runs in the request's session, after whoever asks was found to have the permission.
    """
    return _declared(Permission(permission), reading)


def public(*, reading: bool = False) -> Callable[[View], View]:
    """Declares a view that anybody may see; it checks a token of its own where that matters."""
    return _declared(PUBLIC, reading)


def _declared(permission: str, reading: bool) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(**arguments: Any) -> ResponseReturnValue:
            if permission != PUBLIC and writes(only_reads=reading):
                refused = _refused_unseen(permission)
                if refused is not None:
                    return refused
            with opened(only_reads=reading):
                return _guarded(permission, lambda: view(**arguments))

        wrapped.permission = permission  # type: ignore[attr-defined]
        return cast(View, wrapped)

    return decorate


def _refused_unseen(permission: str) -> Response | None:
    """The answer to somebody who may not do this, before a session that writes is opened: a
    stranger must not keep others from saving.
    """
    with opened(only_reads=True):
        return _refused(permission)


def _guarded(permission: str, view: Callable[[], ResponseReturnValue]) -> Response:
    refused = _refused(permission)
    return answered(view) if refused is None else refused


def _refused(permission: str) -> Response | None:
    """Finds out who is asking; the answer where nobody is known. Denied where they may not."""
    g.caller = door().recognise(session())
    if permission == PUBLIC:
        return None
    if g.caller is None:
        return make_response(door().turn_away())
    demand(Permission(permission))
    return None


def declared_permission(app: Flask, endpoint: str) -> str | None:
    """What the view of an endpoint declares: a permission, :data:`PUBLIC`, or nothing."""
    found: str | None = getattr(app.view_functions[endpoint], "permission", None)
    return found


def refuse_undeclared() -> None:
    """Deny by default: a view that declares no permission is never served, whatever its blueprint.

    Files of the interface itself (styles, scripts, icons) are everybody's.
    """
    if request.endpoint is None or request.endpoint == "static":
        return
    if declared_permission(current_app, request.endpoint) is None:
        abort(403)


def caller() -> Caller | None:
    """Who is asking, a person or a program; None where nobody is known."""
    return cast("Caller | None", g.get("caller"))


def visitor() -> Person | None:
    """The person who is asking, or None."""
    found = caller()
    return found if isinstance(found, Person) else None


def person() -> Person:
    """The person who is asking. Denied where there is none: for pages with a permission only."""
    found = visitor()
    if found is None:
        raise Denied(text("Sign in first."))
    return found


def principal() -> Principal:
    """Who answers for what this request changes. Denied where nobody is known."""
    found = caller()
    if found is None:
        raise Denied(text("Sign in first."))
    return found.principal


def demand(permission: Permission | str) -> None:
    """Raises Denied where whoever asks does not have the permission: for views whose route cannot
    know what they are asked for.
    """
    principal().demand(Permission(permission))
