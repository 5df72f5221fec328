"""``python -m pim.feeds.render_process``: what a process of a build's
:class:`~pim.feeds.render_pool.RenderPool` does.

It is told which feed is built, compiles the same, and renders the rows it is given. It ends when
its input does: when the process that started it has closed the pipe, or is dead.
"""

import pickle
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from pim.products import queries as products
from pim.structure import queries as catalog


def main() -> None:
    """Pickles in, pickles out; the first question is the setup, its answer whether it can be
    done.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that started this one
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what an exporter prints must not get between the answers
    setup: RenderSetup = pickle.load(questions)  # noqa: S301 - our own parent
    with begin(setup) as worker:
        answer: object = worker is not None
        while True:
            pickle.dump(answer, answers)
            answers.flush()
            try:
                windows = pickle.load(questions)  # noqa: S301 - our own parent
            except EOFError:
                return
            assert worker is not None
            answer = worker.render(windows)


@dataclass(frozen=True)
class RenderWorker:
    """A compiled feed and the session it reads pictures and other facts in."""

    session: Session
    compiled: CompiledFeed

    def render(self, windows: list[Sequence[products.StoredRow]]) -> list[RenderedGroups]:
        """Render some windows. Their rows come from the process that builds, so that all are of one
        moment.
        """
        with paused_collection():
            return [
                render_window(self.session, self.compiled, products.unfolded(rows))
                for rows in windows
            ]


@contextmanager
def begin(setup: RenderSetup) -> Iterator[RenderWorker | None]:
    """Look up feed and structure, in a session that lasts as long as the process: one moment.

    None where this moment is not that of the build: somebody changed the feed since it began, or
    what its sources read beside the products.
    """
    with Database(setup.database_url).reading() as session:
        feed, structure = service.get(session, setup.code), catalog.structure(session)
        compiled = compile_feed(structure, feed, setup.base_url, setup.issued)
        is_same_feed = fingerprint_of(feed, compiled) == setup.digest
        is_same_moment = compiled.mapping.moment(session) == setup.moment
        yield RenderWorker(session, compiled) if is_same_feed and is_same_moment else None


if __name__ == "__main__":
    main()
