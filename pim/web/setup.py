"""The first visit: whoever holds the one-time link that the server printed becomes the
administrator.
"""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pim.accounts import service
from pim.accounts.queries import open_link
from pim.errors import Invalid, text
from pim.http.security import limiter
from pim.web.page import go, now, page, public, say, session, sign_in

pages = Blueprint("setup", __name__)


@pages.get("/setup/<token>")
@public()
def show(token: str) -> ResponseReturnValue:
    open_link(session(), token, "setup", now())
    return page("setup/show.html", form={}, errors={})


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
        return page("setup/show.html", 422, form=form, errors=error.messages)
    sign_in(user)
    say(text("Welcome to Etalage. You are the administrator."))
    return go("dashboard.show")


@pages.get("/invite/<token>")
@public()
def invited(token: str) -> ResponseReturnValue:
    open_link(session(), token, "invite", now())
    return page("setup/invite.html", errors={})


@pages.post("/invite/<token>")
@limiter.limit("10/minute")
@public()
def accept(token: str) -> ResponseReturnValue:
    try:
        user = service.redeem_invite(session(), token, request.form.get("password", ""), now())
    except Invalid as error:
        return page("setup/invite.html", 422, errors=error.messages)
    sign_in(user)
    return go("dashboard.show")
