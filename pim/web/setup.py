"""The first visit: whoever holds the one-time link that the server printed becomes the
administrator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pim.accounts import service
from pim.accounts.queries import open_link
from pim.errors import Invalid, Text, text
from pim.http.security import limiter
from pim.web.page import PageContent, go, now, public, say, session, show_page, sign_in

pages = Blueprint("setup", __name__)


@dataclass(frozen=True)
class SetupPage(PageContent):
    """``form``: what was typed; ``errors``: what is wrong with it, by field."""

    template = "setup/show.html"
    form: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Sequence[Text]] = field(default_factory=dict)


@dataclass(frozen=True)
class InvitePage(PageContent):
    """``errors``: what is wrong with the password, by field."""

    template = "setup/invite.html"
    errors: Mapping[str, Sequence[Text]] = field(default_factory=dict)


@pages.get("/setup/<token>")
@public()
def show(token: str) -> ResponseReturnValue:
    open_link(session(), token, "setup", now())
    return show_page(SetupPage())


@pages.post("/setup/<token>")
@limiter.limit("10/minute")
@public()
def create(token: str) -> ResponseReturnValue:
    form = request.form
    try:
        user = service.create_first_user(
            session(),
            token,
            form.get("email", ""),
            form.get("name", ""),
            form.get("password", ""),
            now(),
        )
    except Invalid as error:
        return show_page(SetupPage(form, error.messages), 422)
    sign_in(session(), user)
    say(text("Welcome to Etalage. You are the administrator."))
    return go("dashboard.show")


@pages.get("/invite/<token>")
@public()
def invited(token: str) -> ResponseReturnValue:
    open_link(session(), token, "invite", now())
    return show_page(InvitePage())


@pages.post("/invite/<token>")
@limiter.limit("10/minute")
@public()
def accept(token: str) -> ResponseReturnValue:
    try:
        user = service.redeem_invite(session(), token, request.form.get("password", ""), now())
    except Invalid as error:
        return show_page(InvitePage(error.messages), 422)
    sign_in(session(), user)
    return go("dashboard.show")
