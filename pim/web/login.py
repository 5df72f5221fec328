"""Signing in and out, one-time sign-in links, and what people choose for themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, jsonify, make_response, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from pim.accounts import service
from pim.accounts.models import UserSession
from pim.accounts.permissions import Permission
from pim.accounts.queries import get_user, has_users, open_link, sessions_of
from pim.accounts.secrets import password_fits
from pim.errors import Invalid, Text, text
from pim.http.security import account_named, account_signed_in, is_refused, limiter
from pim.i18n import LANGUAGES
from pim.web.page import (
    PageContent,
    database,
    go,
    needs,
    now,
    person,
    public,
    safe_next,
    say,
    session,
    show_page,
    sign_in,
    tell,
    visitor,
)

pages = Blueprint("login", __name__)


@dataclass(frozen=True)
class SignInPage(PageContent):
    """``problem``: why one could not sign in. ``first_visit``: nobody has an account yet."""

    template = "login/show.html"
    email: str = ""
    problem: str | None = None
    first_visit: bool = False


@dataclass(frozen=True)
class SignInLinkPage(PageContent):
    """What a one-time link leads to. ``name``: whose it is."""

    template = "login/link.html"
    name: str


@dataclass(frozen=True)
class AccountPage(PageContent):
    """``zones``: (name, label) of the time zones. ``sessions``: where they are signed in. ``form``:
    what was typed, where it could not be saved; ``errors``: what is wrong with it, by field.
    """

    template = "login/account.html"
    zones: Sequence[tuple[str, str]]
    sessions: Sequence[UserSession]
    form: Mapping[str, str] | None = None
    errors: Mapping[str, Sequence[Text]] = field(default_factory=dict)


@pages.get("/login")
@public()
def show() -> ResponseReturnValue:
    return show_page(SignInPage(first_visit=not has_users(session())))


@pages.post("/login")
@limiter.limit("10 per 15 minutes", key_func=account_named, deduct_when=is_refused)
@limiter.limit("30 per 15 minutes", deduct_when=is_refused)
@public(
    reading=True
)  # checking a password is slow on purpose: not while holding the database's write lock
def enter() -> ResponseReturnValue:
    email = request.form.get("email", "")
    user = service.authenticate(session(), email, request.form.get("password", ""))
    if user is None:
        problem = tell(text("This e-mail address and password do not go together."))
        return show_page(SignInPage(email, problem), 422)
    with database().writing_page() as writing:
        sign_in(writing, user)
    return redirect(safe_next(request.args.get("next")), 303)


@pages.get("/session")
@public()
def who() -> ResponseReturnValue:
    """Who is signed in, and a token for forms: what a page asks whose own are no longer known."""
    visiting = visitor()
    answer = jsonify(person=visiting.id if visiting else None, token=generate_csrf())
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/login/<token>")
@public()
def arrive(token: str) -> ResponseReturnValue:
    """Shows a button and uses nothing up: programs that preview links only ever GET them."""
    link = open_link(session(), token, "sign_in", now())
    assert link.user_id is not None
    return show_page(SignInLinkPage(get_user(session(), link.user_id).name))


@pages.post("/login/<token>")
@limiter.limit("10/minute")
@public()
def redeem(token: str) -> ResponseReturnValue:
    sign_in(session(), service.redeem_sign_in(session(), token, now()))
    return go("dashboard.show")


@pages.post("/logout")
@needs(Permission.ACCOUNT_OWN)
def leave() -> ResponseReturnValue:
    service.end_session(session(), person().id, person().session_id)
    cookie.clear()
    return go("login.show")


@pages.post("/account/sessions/<int:session_id>/end")
@needs(Permission.ACCOUNT_OWN)
def end_session(session_id: int) -> ResponseReturnValue:
    """Signs this person out of another browser."""
    service.end_session(session(), person().id, session_id)
    say(text("Signed out there."))
    return go("login.account")


@pages.post("/account/sessions/end")
@needs(Permission.ACCOUNT_OWN)
def end_other_sessions() -> ResponseReturnValue:
    service.end_sessions(session(), person().id, but=person().session_id)
    say(text("Signed out everywhere else."))
    return go("login.account")


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
    return _account()


@pages.post("/account")
@needs(Permission.ACCOUNT_OWN)
def save_account() -> ResponseReturnValue:
    form = request.form
    user = get_user(session(), person().id)
    chosen = form.get("language") if form.get("language") in LANGUAGES else None
    try:
        service.set_preferences(
            session(),
            user,
            name=form.get("name", ""),
            language=chosen,
            zone=form.get("zone", ""),
            now=now(),
        )
    except Invalid as error:
        return _account(422, form=form, errors=error.messages)
    say(text("Saved."))
    return go("login.account")


@pages.post("/account/password")
@limiter.limit("10 per 15 minutes", key_func=account_signed_in, deduct_when=is_refused)
@needs(Permission.ACCOUNT_OWN)
def change_password() -> ResponseReturnValue:
    user = get_user(session(), person().id)
    try:
        if user.password_hash is not None and not password_fits(
            request.form.get("current", ""), user.password_hash
        ):
            raise Invalid({"current": [text("This is not your present password.")]})
        service.set_password(session(), user, request.form.get("password", ""), now())
    except Invalid as error:
        return _account(422, errors=error.messages)
    sign_in(session(), user)
    say(text("Your password was changed; other devices are signed out."))
    return go("login.account")


def _account(status: int = 200, **rest: Any) -> ResponseReturnValue:
    sessions = sessions_of(session(), person().id, now())
    page = AccountPage(_zones(), sessions, **rest)
    return show_page(page, status, at=url_for("login.account"))


def _zones() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
