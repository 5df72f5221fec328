"""``python -m pim.feeds.render_process``: what a process of a build's
:class:`~pim.feeds.render_pool.RenderPool` does.

It is told which feed is built, compiles the same, and renders the rows it is given.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pim.db import Database
from pim.feeds import service
from pim.feeds.render_pool import RenderSetup
from pim.feeds.rendering import (
    CompiledFeed,
    RenderedGroups,
    compile_feed,
    fingerprint_of,
    render_window,
)
from pim.garbage import paused_collection
from pim.processes.worker import serve_pickles
from pim.products import published_products
from pim.structure import queries as catalog

Windows = list[Sequence[published_products.StoredRow]]


@dataclass(frozen=True)
class RenderWorker:
    """A compiled feed and the session it reads pictures and other facts in, which stays open as
    long as the worker lives.
    """

    opened: ExitStack
    session: Session
    compiled: CompiledFeed

    def render(self, windows: Windows) -> list[RenderedGroups]:
        """Render some windows. Their rows come from the process that builds, so that all are of one
        moment.
        """
        with paused_collection():
            return [
                render_window(self.session, self.compiled, published_products.unfolded(rows))
                for rows in windows
            ]


def start(setup: RenderSetup) -> Callable[[Windows], list[RenderedGroups]] | None:
    """Look up feed and structure, in a session that lasts as long as the process: one moment.

    None where this moment is not that of the build: somebody changed the feed since it began, or
    what its sources read beside the products.
    """
    opened = ExitStack()
    session = opened.enter_context(Database(setup.database_url).reading())
    feed, structure = service.get(session, setup.code), catalog.structure(session)
    compiled = compile_feed(structure, feed, setup.base_url, setup.issued)
    if fingerprint_of(feed, compiled) != setup.digest:
        return None
    if compiled.mapping.moment(session) != setup.moment:
        return None
    return RenderWorker(opened, session, compiled).render


if __name__ == "__main__":
    serve_pickles(start)
