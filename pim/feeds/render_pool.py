"""Other processes that render while this one reads, renders and writes: where a feed of many
products is built from nothing.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Any

from pim.processes.process import PicklingProcess, ProcessDied, pickled

__all__ = ["ProcessDied", "RenderPool", "RenderProcess"]

AT_ONCE = 2
"""Shares that a process holds: one in work, one for when that is done."""
WALL_SECONDS = 120.0
"""How long a share may take: a process that hangs must not hang the build."""


@dataclass(frozen=True)
class RenderSetup:
    """Which feed a process helps to build.

    ``digest``: the feed's fingerprint. ``moment``: what tells the build's moment apart from others,
    by what its sources read from the database: see
    :meth:`pim.feeds.mapping.CompiledMapping.moment`.
    """

    database_url: str
    code: str
    base_url: str
    issued: date
    digest: str
    moment: list[object]


class RenderProcess:
    """A process of :mod:`pim.feeds.render_process`, and a thread of ours that talks to it."""

    def __init__(self, setup: RenderSetup) -> None:
        self._process = PicklingProcess("pim.feeds.render_process")
        self._thread = ThreadPoolExecutor(1)
        # It needs half a second to begin.
        self.is_ready: Future[bool] = self._thread.submit(
            self._process.ask_object, (setup,), WALL_SECONDS
        )
        self._given: list[Future[bytes]] = []

    def take(self, read: Callable[[], Iterable[Any]]) -> Future[bytes] | None:
        """The promise of an answer to ``list(read())``, to be :func:`unpickled`; or None while it
        has enough to do, or is lost.
        """
        self._given = [one for one in self._given if not one.done()]
        if len(self._given) == AT_ONCE or not self._is_willing():
            return None
        question = pickled(list(read()))
        promised = self._thread.submit(self._process.ask_pickle, question, WALL_SECONDS)
        self._given.append(promised)
        return promised

    def _is_willing(self) -> bool:
        """Whether it has begun, and found the feed that is built."""
        ready = self.is_ready
        return ready.done() and ready.exception() is None and ready.result()

    @property
    def process_id(self) -> int:
        return self._process.process_id

    def kill(self) -> None:
        """What it has not answered by now is :class:`ProcessDied`."""
        self._process.kill()

    def close(self) -> None:
        self.kill()
        self._thread.shutdown(cancel_futures=True)
        self._process.close()


class RenderPool:
    """Some processes with one setup."""

    def __init__(self, processes: int, setup: RenderSetup) -> None:
        self.processes = [RenderProcess(setup) for _ in range(processes)]

    def __enter__(self) -> "RenderPool":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self.processes:
            process.close()

    def take(self, read: Callable[[], Iterable[Any]]) -> Future[bytes] | None:
        """The promise of what a process makes of ``list(read())``, to be :func:`unpickled`; or None
        while all are busy: then the caller does it.
        """
        for process in self.processes:
            promised = process.take(read)
            if promised is not None:
                return promised
        return None
