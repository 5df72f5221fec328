"""The undo of a save of a feed: its definition as it was in the version before."""

from flask import url_for

from pim import versions
from pim.feeds import service
from pim.web.page import Undo, session


def newest_version(code: str) -> int | None:
    """The number of a feed's newest version, None where none was kept yet. Asked for before a save
    it is what an undo returns to.
    """
    newest = versions.versions(session(), service.KIND, code, limit=1)
    return newest[0].id if newest else None


def way_back(code: str, number: int | None) -> Undo | None:
    """How a save is taken back that was made after this version."""
    if number is None:
        return None
    return Undo(url_for("feed_versions.return_to", code=code, number=number))
