"""People: who may sign in, as what, and the link with which somebody new chooses a password."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts import queries, service
from pim.accounts.models import User
from pim.accounts.permissions import Permission
from pim.accounts.principals import BUILT_IN_ROLES, Grant
from pim.accounts.service import SeenUser
from pim.errors import Invalid, Text, text
from pim.web.page import PageContent, go, needs, now, person, say, session, settings, show_page

pages = Blueprint("people", __name__)


@pages.get("/settings/people")
@needs(Permission.USERS_MANAGE)
def index() -> ResponseReturnValue:
    return _show()


@pages.post("/settings/people")
@needs(Permission.USERS_MANAGE)
def add() -> ResponseReturnValue:
    form = request.form
    role = form.get("role", next(iter(BUILT_IN_ROLES)))
    try:
        user = service.add_user(
            session(),
            form.get("email", "").strip(),
            form.get("name", ""),
            role,
            now(),
            by=person().email,
        )
    except Invalid as error:
        return _page(422, form=form, errors=error.messages)
    return _show(user)


@pages.post("/settings/people/<int:user_id>/link")
@needs(Permission.USERS_MANAGE)
def link(user_id: int) -> ResponseReturnValue:
    """A new link for somebody who lost theirs, or their password."""
    return _show(queries.get_user(session(), user_id))


@pages.post("/settings/people/<int:user_id>")
@needs(Permission.USERS_MANAGE)
def change(user_id: int) -> ResponseReturnValue:
    form = request.form
    seen = None
    if "seen_role" in form:
        seen = SeenUser(form["seen_role"], "seen_active" in form)
    service.change_user(
        session(),
        user_id,
        role=form.get("role", ""),
        active="active" in form,
        now=now(),
        by=person().email,
        seen=seen,
    )
    say(text("Saved."))
    return go("people.index")


@dataclass(frozen=True)
class PeoplePage(PageContent):
    """``people``: everybody; ``roles``: code -> label; ``granted``: what somebody may do beside
    their role, by the user's number. ``form``: what was typed of a new person; ``errors``: what is
    wrong with it, by field. ``invited``: somebody for whom ``address`` is a link that is shown this
    once.
    """

    template = "settings/people.html"
    people: Sequence[User]
    roles: Mapping[str, Text]
    granted: Mapping[int, Sequence[Grant]]
    form: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Sequence[Text]] = field(default_factory=dict)
    invited: User | None = None
    address: str = ""


def _show(invited: User | None = None) -> ResponseReturnValue:
    """With ``invited``, also the link for them: it is shown this once, for only its hash is
    stored.
    """
    address = ""
    if invited is not None:
        token = service.invite_link(session(), invited, now(), by=person().email)
        address = f"{settings().base_url}/invite/{token}"
    return _page(200, invited=invited, address=address)


def _page(status: int, **rest: Any) -> ResponseReturnValue:
    roles = {code: role.label for code, role in queries.roles(session()).items()}
    granted = queries.grants_of_users(session())
    page = PeoplePage(queries.users(session()), roles, granted, **rest)
    return show_page(page, status, at=url_for("people.index"))
