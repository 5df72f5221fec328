"""Other processes that render products while this one reads, renders and writes: where a feed of
many is built from nothing.
"""

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Any

AT_ONCE = 2  # Shares a process holds: one in work, one at hand for when that is done.


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


class ProcessDied(Exception):
    """The process died before it answered."""


class RenderProcess:
    """A process of :mod:`pim.feeds.render_process`, and a thread of ours that talks to it."""

    def __init__(self, setup: RenderSetup) -> None:
        command = [
            sys.executable,
            "-m",
            "pim.feeds.render_process",
        ]
        # A process of its own and not a fork: this one has threads. The command is one of ours.
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._thread = ThreadPoolExecutor(1)
        self.is_ready: Future[bool] = self._thread.submit(
            self._ask, setup
        )  # it needs half a second to begin
        self._given: list[Future[Any]] = []

    def take(self, read: Callable[[], Iterable[Any]]) -> Future[Any] | None:
        """The promise of an answer to ``list(read())``, or None while it has enough to do, or is
        lost.
        """
        self._given = [one for one in self._given if not one.done()]
        if (
            len(self._given) == AT_ONCE
            or not self.is_ready.done()
            or self.is_ready.exception()
            or not self.is_ready.result()
        ):
            return None
        promised = self._thread.submit(self._ask, list(read()))
        self._given.append(promised)
        return promised

    def _ask(self, question: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        try:
            pickle.dump(question, self._process.stdin)
            self._process.stdin.flush()
            return pickle.load(self._process.stdout)  # noqa: S301 - our own child
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise ProcessDied from error

    @property
    def number(self) -> int:
        """The process's own, as the system counts."""
        return self._process.pid

    def kill(self) -> None:
        """What it has not answered by now is :class:`ProcessDied`."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self.kill()
        self._thread.shutdown(cancel_futures=True)
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            with suppress(OSError):  # something was still on its way to who is gone
                pipe.close()


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

    def take(self, read: Callable[[], Iterable[Any]]) -> Future[Any] | None:
        """The promise of what a process makes of ``list(read())``, or None while all are busy: then
        the caller does it.
        """
        return next(
            (
                promised
                for process in self.processes
                if (promised := process.take(read)) is not None
            ),
            None,
        )
