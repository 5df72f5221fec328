"""``python -m pim.feeds.render_process``: what a process of a build's
:class:`~pim.feeds.render_pool.RenderPool` does.

It is told its setup, compiles the same compiled, and dresses the rows it is given until its input
ends: when who hired it is done, or dead.
"""

import pickle
import signal
import sys
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from pim.db import Database
from pim.feeds import service
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
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the business of who hired us
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # an exporter that prints does not speak to who hired us
    session, compiled = begin(*pickle.load(questions))  # noqa: S301 - our own parent
    answer: object = compiled is not None
    while True:
        pickle.dump(answer, answers)
        answers.flush()
        try:
            windows = pickle.load(questions)  # noqa: S301 - our own parent
        except EOFError:
            return
        assert compiled is not None
        answer = work(session, compiled, windows)


def begin(
    database_url: str, code: str, base_url: str, issued: date, digest: str
) -> tuple[Session, CompiledFeed | None]:
    """Look up feed and structure; no compiled where somebody has changed them since the build
    began.
    """
    with Database(database_url).reading() as session:
        feed, structure = service.get(session, code), catalog.structure(session)
        compiled = compile_feed(structure, feed, base_url, issued)
        return session, compiled if fingerprint_of(feed, compiled) == digest else None


def work(
    session: Session, compiled: CompiledFeed, windows: list[Sequence[products.StoredRow]]
) -> list[RenderedGroups]:
    """Dress some windows; their rows come from who reads, so that all is of one moment."""
    with paused_collection():
        return [render_window(session, compiled, products.unfolded(rows)) for rows in windows]


if __name__ == "__main__":
    main()
