"""``python -m pim.feeds.hand``: what a process of a build's :class:`~pim.feeds.crew.Crew` does.

It is told its errand, compiles the same outfit, and dresses the rows it is given until its input ends: when who hired it is done, or dead.
"""

import pickle
import signal
import sys
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from pim.bulk import undisturbed
from pim.catalog import queries as catalog
from pim.db import Database
from pim.feeds import service
from pim.feeds.dressing import Dressed, Outfit, compile_outfit, digest_of, dress_window
from pim.products import queries as products


def main() -> None:
    """Pickles in, pickles out; the first question is the errand, its answer whether it can be done."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the business of who hired us
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # an exporter that prints does not speak to who hired us
    session, outfit = begin(*pickle.load(questions))  # noqa: S301 - our own parent
    answer: object = outfit is not None
    while True:
        pickle.dump(answer, answers)
        answers.flush()
        try:
            windows = pickle.load(questions)  # noqa: S301 - our own parent
        except EOFError:
            return
        assert outfit is not None
        answer = work(session, outfit, windows)


def begin(database_url: str, code: str, base_url: str, issued: date, digest: str) -> tuple[Session, Outfit | None]:
    """Look up feed and structure; no outfit where somebody has changed them since the build began."""
    with Database(database_url).reading() as session:
        feed, structure = service.get(session, code), catalog.structure(session)
        same = digest_of(structure, feed, base_url) == digest
        return session, compile_outfit(structure, feed, base_url, issued) if same else None


def work(session: Session, outfit: Outfit, windows: list[Sequence[products.Stored]]) -> list[Dressed]:
    """Dress some windows; their rows come from who reads, so that all is of one moment."""
    with undisturbed():
        return [dress_window(session, outfit, products.unfolded(rows)) for rows in windows]


if __name__ == "__main__":
    main()
