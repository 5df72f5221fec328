"""Signing in and out, one-time sign-in links, and what people choose for themselves."""

from zoneinfo import available_timezones

from flask import Blueprint, make_response, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from pim.accounts import service
from pim.accounts.permissions import Permission
from pim.accounts.queries import get_user, has_users, open_link
from pim.accounts.secrets import password_fits
from pim.errors import Invalid, text
from pim.http.security import limiter
from pim.i18n import LANGUAGES
from pim.web.page import (
    go,
    needs,
    now,
    page,
    person,
    public,
    safe_next,
    say,
    session,
    sign_in,
    tell,
    visitor,
)

pages = Blueprint("login", __name__)


@pages.get("/login")
@public()
def show() -> ResponseReturnValue:
    return page("login/show.html", email="", problem=None, first_visit=not has_users(session()))


@pages.post("/login")
@limiter.limit("10/minute")
@public(
    reading=True
)  # checking a password is slow on purpose: not while holding the database's write lock
def enter() -> ResponseReturnValue:
    email = request.form.get("email", "")
    user = service.authenticate(session(), email, request.form.get("password", ""))
    if user is None:
        problem = tell(text("This e-mail address and password do not go together."))
        return page("login/show.html", 422, email=email, problem=problem, first_visit=False)
    sign_in(user)
    return redirect(safe_next(request.args.get("next")), 303)


@pages.get("/login/<token>")
@public()
def arrive(token: str) -> ResponseReturnValue:
    """Shows a button and uses nothing up: programs that preview links only ever GET them."""
    link = open_link(session(), token, "sign_in", now())
    assert link.user_id is not None
    return page("login/link.html", token=token, name=get_user(session(), link.user_id).name)


@pages.post("/login/<token>")
@limiter.limit("10/minute")
@public()
def redeem(token: str) -> ResponseReturnValue:
    sign_in(service.redeem_sign_in(session(), token, now()))
    return go("dashboard.show")


@pages.post("/logout")
@needs(Permission.ACCOUNT_OWN)
def leave() -> ResponseReturnValue:
    service.end_sessions(get_user(session(), person().id))
    cookie.clear()
    return go("login.show")


@pages.post("/language")
@public()
def choose_language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    response = make_response(redirect(safe_next(request.form.get("next")), 303))
    if chosen in LANGUAGES:
        response.set_cookie("language", chosen, max_age=365 * 86400, samesite="Lax", httponly=True)
        if (who := visitor()) is not None:
            get_user(session(), who.id).language = chosen
    return response


@pages.get("/account")
@needs(Permission.ACCOUNT_OWN)
def account() -> ResponseReturnValue:
    return page("login/account.html", zones=_zones(), form=None, errors={})


@pages.post("/account")
@needs(Permission.ACCOUNT_OWN)
def save_account() -> ResponseReturnValue:
    form = request.form
    user = get_user(session(), person().id)
    chosen = form.get("language") if form.get("language") in LANGUAGES else None
    try:
        service.set_preferences(
            user, name=form.get("name", ""), language=chosen, zone=form.get("zone", "")
        )
    except Invalid as error:
        return page("login/account.html", 422, zones=_zones(), form=form, errors=error.messages)
    say(text("Saved."))
    return go("login.account")


@pages.post("/account/password")
@limiter.limit("10/minute")
@needs(Permission.ACCOUNT_OWN)
def change_password() -> ResponseReturnValue:
    user = get_user(session(), person().id)
    try:
        if user.password_hash is not None and not password_fits(
            request.form.get("current", ""), user.password_hash
        ):
            raise Invalid({"current": [text("This is not your present password.")]})
        service.set_password(user, request.form.get("password", ""))
    except Invalid as error:
        return page("login/account.html", 422, zones=_zones(), form=None, errors=error.messages)
    sign_in(user)
    say(text("Your password was changed; other devices are signed out."))
    return go("login.account")


def _zones() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
