"""What another process of a build's :class:`~pim.feeds.crew.Crew` does: it compiles the same outfit and dresses the rows it is given."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from pim.bulk import undisturbed
from pim.catalog import queries as catalog
from pim.db import Database
from pim.errors import Conflict, text
from pim.feeds import service
from pim.feeds.dressing import Dressed, Outfit, compile_outfit, digest_of, dress_window
from pim.products import queries as products

_hired: tuple[Session, Outfit] | None = None
"""This process's own; set once, when it begins."""


def begin(database_url: str, code: str, base_url: str, issued: date, digest: str) -> None:
    """Look up feed and structure, and take no work where somebody has changed them since the build began."""
    global _hired
    with Database(database_url).reading() as session:
        feed, structure = service.get(session, code), catalog.structure(session)
        if digest_of(structure, feed, base_url) == digest:
            _hired = session, compile_outfit(structure, feed, base_url, issued)


def work(windows: list[Sequence[products.Stored]]) -> list[Dressed]:
    """Dress some windows; their rows come from who reads, so that all is of one moment. :class:`Conflict` where the outfit is not."""
    if _hired is None:
        raise Conflict(text("The feed or the structure has changed meanwhile."))
    with undisturbed():
        return [dress_window(*_hired, products.unfolded(rows)) for rows in windows]
