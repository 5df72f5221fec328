"""Versions of the set-up and what differs between them, as lines and as JSON; the commands that
list versions and return to one.
"""

from datetime import datetime
from typing import Any, Protocol

import click
from sqlalchemy.orm import Session

from pim import versions
from pim.cli.frame import Hub, command
from pim.definitions import DefinitionDifference
from pim.versions import SetupVersion, VersionKind


class ReturnTo(Protocol):
    """Makes the thing with this code what it was in a version."""

    def __call__(
        self, session: Session, code: str, number: int, now: datetime, *, by: str
    ) -> object: ...


def add_version_commands(group: click.Group, kind: VersionKind, return_to: ReturnTo) -> None:
    """``versions`` and ``return`` for the things of a kind that are named by a code."""

    @group.command(name="versions")
    @click.argument("code")
    @command
    def list_versions(hub: Hub, code: str) -> None:
        """The versions of CODE, the newest first, with the numbers that `return` takes."""
        show_versions(hub, kind, code)

    @group.command(name="return")
    @click.argument("code")
    @click.argument("number", type=int)
    @command
    def return_to_version(hub: Hub, code: str, number: int) -> None:
        """Make CODE what it was in the version NUMBER; that is a new version."""
        with hub.database.writing() as session:
            return_to(session, code, number, hub.clock(), by=hub.actor)
        hub.show({kind: code, "version": number}, f"{code} is as it was in version {number}.")


def show_versions(hub: Hub, kind: VersionKind, code: str) -> None:
    """The newest versions of one thing."""
    with hub.database.reading() as session:
        kept = versions.versions(session, kind, code, limit=versions.SHOWN)
        rows = [version_row(one) for one in kept]
    hub.show(rows, "\n".join(map(version_line, rows)) or "No version is kept yet.")


def version_row(version: SetupVersion) -> dict[str, Any]:
    """A version as JSON; ``by`` is empty where versions were not kept yet."""
    return {
        "version": version.id,
        "at": version.at,
        "by": version.by,
        "removed": version.content is None,
    }


def version_line(row: dict[str, Any]) -> str:
    removed = " removed" if row["removed"] else ""
    by = row["by"] or "before versions were kept"
    return f"{row['version']:>8} {row['at']:%Y-%m-%d %H:%M} UTC {by}{removed}"


def difference_row(difference: DefinitionDifference) -> dict[str, Any]:
    return {
        "path": difference.path,
        "before": difference.before,
        "after": difference.after,
    }


def difference_line(difference: DefinitionDifference) -> str:
    """A list may be long: of one, what goes and what comes."""
    moved = [f"-{one}" for one in difference.gone] + [f"+{one}" for one in difference.added]
    is_list = isinstance(difference.before, list) and isinstance(difference.after, list)
    if is_list and moved:
        return f"{difference.path}: {' '.join(moved)}"
    return f"{difference.path}: {difference.before!r} -> {difference.after!r}"
