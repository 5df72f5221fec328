"""Versions of the set-up and what differs between them, as lines and as JSON."""

from typing import Any

from pim.definitions import DefinitionDifference
from pim.versions import SetupVersion


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
