"""Other processes that dress products while this one reads, dresses and writes: where a feed of many is built from nothing."""

import os
import signal
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from types import TracebackType
from typing import Any


class Crew:
    """``hands`` processes, each of which has called ``begin(*arguments)`` before it does ``work``. One that dies is done without."""

    def __init__(self, hands: int, work: Callable[[list[Any]], Any], begin: Callable[..., None], *arguments: Any) -> None:
        # spawned, not forked: this process has threads
        self._pool = ProcessPoolExecutor(hands, get_context("spawn"), _begin, (begin, *arguments))
        self._work = work
        self._begun = [self._pool.submit(_begun) for _ in range(hands)]  # a process needs half a second to begin
        self._given: list[Future[Any]] = []
        self._most = 2 * hands

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=True)

    def take(self, read: Callable[[], Iterable[Any]]) -> "Future[Any] | None":
        """The promise of ``work(list(read()))``, or None while all hands are full: then the caller does it."""
        self._given = [one for one in self._given if not one.done()]
        if len(self._given) >= self._most or not all(one.done() for one in self._begun):
            return None
        try:
            promised = self._pool.submit(self._work, list(read()))
        except BrokenProcessPool:
            return None
        self._given.append(promised)
        return promised


def _begin(begin: Callable[..., None], *arguments: Any) -> None:
    """Ctrl+C is the business of who hired us; when that one is killed, nobody waits for our work any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begin(*arguments)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _begun() -> None:
    """Done when a process is ready."""
