"""``pim users``: people, and what they may do; their passwords they choose themselves."""

from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy.orm import Session

from pim.accounts import granting, queries, service
from pim.accounts.granting import Holder
from pim.accounts.models import User
from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant, Role
from pim.cli.frame import Hub, command
from pim.errors import NotFound, text
from pim.structure import queries as structures


@click.group()
def users() -> None:
    """People who may sign in, and what they may do."""


@users.command()
@click.argument("email")
@click.option("--name", default="", help="What to call them; the part before @ where left out.")
@click.option(
    "--role", default="editor", show_default=True, help="One of those in `pim users roles`."
)
@command
def add(hub: Hub, email: str, name: str, role: str) -> None:
    """Add a person and print the link with which they choose a password."""
    with hub.database.writing() as session:
        user = service.add_user(
            session, email, name or email.split("@")[0], role, hub.clock(), by=hub.actor
        )
        token = service.invite_link(session, user, hub.clock(), by=hub.actor)
    link = f"{hub.settings.base_url}/invite/{token}"
    hub.show(
        {"email": email, "role": role, "link": link},
        f"{email} is added as {role}. Give them this link, it works once:\n{link}",
    )


@users.command()
@click.argument("email")
@command
def link(hub: Hub, email: str) -> None:
    """Print a link that signs a person in once. Links of before lapse."""
    with hub.database.writing() as session:
        token = service.sign_in_link(session, _user(session, email), hub.clock(), by=hub.actor)
    address = f"{hub.settings.base_url}/login/{token}"
    hub.show({"email": email, "link": address}, address)


@users.command("list")
@command
def list_users(hub: Hub) -> None:
    """Everybody with their role, and what they may do beside it."""
    with hub.database.reading() as session:
        people = [
            {
                "email": user.email,
                "name": user.name,
                "role": user.role,
                "active": user.active,
                "grants": [_as_data(one) for one in queries.grants_of_user(session, user)],
            }
            for user in queries.users(session)
        ]
    hub.show(people, "\n".join(map(_person_line, people)) or "There is nobody yet.")


def _person_line(person: dict[str, Any]) -> str:
    blocked = "" if person["active"] else ", blocked"
    head = f"{person['email']}: {person['role']}{blocked}"
    return "\n".join([head, *(f"  + {_in_words(one)}" for one in person["grants"])])


@users.command()
@click.argument("email")
@click.argument("code")
@command
def role(hub: Hub, email: str, code: str) -> None:
    """Give a person another role."""
    with hub.database.writing() as session:
        user = _user(session, email)
        service.change_user(
            session, user.id, role=code, active=user.active, now=hub.clock(), by=hub.actor
        )
    hub.show({"email": user.email, "role": code}, f"{user.email} has the role {code} now.")


@users.command()
@click.argument("email")
@command
def block(hub: Hub, email: str) -> None:
    """Let a person sign in no more; whoever is signed in is out at once."""
    _let_in(hub, email, active=False)


@users.command()
@click.argument("email")
@command
def unblock(hub: Hub, email: str) -> None:
    """Let a person sign in again."""
    _let_in(hub, email, active=True)


def _let_in(hub: Hub, email: str, *, active: bool) -> None:
    with hub.database.writing() as session:
        user = _user(session, email)
        service.change_user(
            session, user.id, role=user.role, active=active, now=hub.clock(), by=hub.actor
        )
    may = "may sign in" if active else "may not sign in any more"
    hub.show({"email": user.email, "active": active}, f"{user.email} {may}.")


@users.command()
@click.argument("email")
@command
def invite(hub: Hub, email: str) -> None:
    """Print a new link with which a person chooses a password. Links of before lapse."""
    with hub.database.writing() as session:
        token = service.invite_link(session, _user(session, email), hub.clock(), by=hub.actor)
    address = f"{hub.settings.base_url}/invite/{token}"
    hub.show({"email": email, "link": address}, address)


@users.command()
@click.option("--add", "added", metavar="CODE", help="Make a role of your own, without rights.")
@click.option("--label", default="", help="What to call the new role; its code where left out.")
@click.option("--remove", "removed", metavar="CODE", help="Remove a role that nobody has.")
@command
def roles(hub: Hub, added: str | None, label: str, removed: str | None) -> None:
    """The roles there are, with their rights; or make and remove one of your own."""
    with hub.database.writing() as session:
        if added is not None:
            granting.add_role(session, added, label or added, hub.clock(), by=hub.actor)
        if removed is not None:
            granting.remove_role(session, removed, hub.clock(), by=hub.actor)
        session.flush()
        known = list(queries.roles(session).values())
    data = [
        {
            "code": one.code,
            "label": str(one.label),
            "built_in": one.is_built_in,
            "grants": [_as_data(grant) for grant in one.grants],
        }
        for one in known
    ]
    hub.show(data, "\n".join(map(_role_lines, known)))


def _role_lines(known: Role) -> str:
    rights = sorted(_in_words(_as_data(one)) for one in known.grants)
    return "\n".join([f"{known.code} ({known.label})", *(f"  {one}" for one in rights)])


WHO = "WHO is a person's e-mail address or the code of a role of your own."


def _grant_options(function: Any) -> Any:
    """The right and its limits, the same for giving and taking."""
    for decorate in (
        click.option("--tree", "trees", multiple=True, help="Only products in this tree."),
        click.option("--group", "groups", multiple=True, help="Only this attribute group."),
        click.option("--locale", "locales", multiple=True, help="Only values in this locale."),
        click.argument("permission", type=click.Choice([str(one) for one in Permission])),
        click.argument("who"),
    ):
        function = decorate(function)
    return function


@users.command(epilog=WHO)
@_grant_options
@command
def grant(
    hub: Hub,
    who: str,
    permission: str,
    locales: Sequence[str],
    groups: Sequence[str],
    trees: Sequence[str],
) -> None:
    """Give WHO a right, everywhere or only in some locales, groups or trees."""
    wanted = _grant(permission, locales, groups, trees)
    with hub.database.writing() as session:
        structure = structures.structure(session)
        granting.grant(session, structure, _holder(session, who), wanted, hub.clock(), by=hub.actor)
    data = _as_data(wanted)
    hub.show({"who": who, **data}, f"{who} has {_in_words(data)} now.")


@users.command(epilog=WHO)
@_grant_options
@command
def revoke(
    hub: Hub,
    who: str,
    permission: str,
    locales: Sequence[str],
    groups: Sequence[str],
    trees: Sequence[str],
) -> None:
    """Take a right from WHO: all its grants, or with limits the one that has exactly these."""
    unwanted = _grant(permission, locales, groups, trees)
    with hub.database.writing() as session:
        count = granting.revoke(session, _holder(session, who), unwanted, hub.clock(), by=hub.actor)
    data = _as_data(unwanted)
    hub.show(
        {"who": who, **data, "revoked": count}, f"{who} no longer has {_in_words(data)} by a grant."
    )


def _grant(
    permission: str, locales: Sequence[str], groups: Sequence[str], trees: Sequence[str]
) -> Grant:
    return Grant(Permission(permission), _limit(locales), _limit(groups), _limit(trees))


def _limit(codes: Sequence[str]) -> frozenset[str] | None:
    return frozenset(codes) if codes else None


def _holder(session: Session, who: str) -> Holder:
    return _user(session, who) if "@" in who else granting.own_role(session, who)


def _user(session: Session, email: str) -> User:
    user = queries.user_by_email(session, email)
    if user is None:
        raise NotFound(text("There is no user “%(email)s”.", email=email))
    return user


def _as_data(one: Grant) -> dict[str, Any]:
    limits = {"locales": one.locales, "groups": one.groups, "trees": one.trees}
    return {
        "permission": str(one.permission),
        **{name: sorted(codes) for name, codes in limits.items() if codes is not None},
    }


def _in_words(data: dict[str, Any]) -> str:
    """``products.edit (locales nl_NL, fr_FR; groups texts)``."""
    limits = [
        f"{name} {', '.join(data[name])}" for name in ("locales", "groups", "trees") if name in data
    ]
    return f"{data['permission']} ({'; '.join(limits)})" if limits else data["permission"]


COMMANDS = (users,)
