"""People: who may sign in, as what, and the link with which somebody new chooses a password."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pim.accounts import queries, service
from pim.accounts.models import User
from pim.accounts.permissions import ROLES
from pim.errors import Invalid, text
from pim.web.page import go, needs, now, page, say, session, settings

pages = Blueprint("people", __name__)

ROLE_NAMES = {
    "viewer": text("Viewer: sees everything"),
    "editor": text("Editor: products, imports and building feeds"),
    "approver": text("Approver: publishes, undoes and sets up feeds"),
    "admin": text("Administrator: structure and people"),
}


@pages.get("/settings/people")
@needs("users.manage")
def index() -> ResponseReturnValue:
    return _show()


@pages.post("/settings/people")
@needs("users.manage")
def add() -> ResponseReturnValue:
    email, role = request.form.get("email", "").strip(), request.form.get("role", ROLES[0])
    try:
        user = service.add_user(session(), email, request.form.get("name", ""), role, now())
    except Invalid as error:
        return page(
            "settings/people.html",
            422,
            people=queries.users(session()),
            roles=ROLE_NAMES,
            form=request.form,
            errors=error.messages,
        )
    return _show(user)


@pages.post("/settings/people/<int:user_id>/link")
@needs("users.manage")
def link(user_id: int) -> ResponseReturnValue:
    """A new link for somebody who lost theirs, or their password."""
    return _show(queries.get_user(session(), user_id))


@pages.post("/settings/people/<int:user_id>")
@needs("users.manage")
def change(user_id: int) -> ResponseReturnValue:
    service.change_user(
        session(), user_id, role=request.form.get("role", ""), active="active" in request.form
    )
    say(text("Saved."))
    return go("people.index")


def _show(invited: User | None = None) -> ResponseReturnValue:
    """With ``invited``, also the link for them: it is shown this once, for only its hash is
    stored.
    """
    address = (
        f"{settings().base_url}/invite/{service.invite_link(session(), invited, now())}"
        if invited
        else ""
    )
    people = queries.users(session())
    return page(
        "settings/people.html",
        people=people,
        roles=ROLE_NAMES,
        form={},
        errors={},
        invited=invited,
        address=address,
    )
