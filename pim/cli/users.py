"""``pim users``."""

import click

from pim.accounts import service
from pim.accounts.permissions import ROLES
from pim.cli.frame import Hub, command


@click.group()
def users() -> None:
    """People who may sign in."""


@users.command()
@click.argument("email")
@click.option("--name", default="", help="What to call them; the part before @ where left out.")
@click.option("--role", type=click.Choice(list(ROLES)), default="editor", show_default=True)
@command
def add(hub: Hub, email: str, name: str, role: str) -> None:
    """Add a person and print the link with which they choose a password."""
    with hub.database.writing() as session:
        user = service.add_user(session, email, name or email.split("@")[0], role, hub.clock())
        token = service.invite_link(session, user, hub.clock())
    link = f"{hub.settings.base_url}/invite/{token}"
    hub.show(
        {"email": email, "role": role, "link": link},
        f"{email} is added as {role}. Give them this link, it works once:\n{link}",
    )


COMMANDS = (users,)
