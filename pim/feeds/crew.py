"""Other processes that dress products while this one reads, dresses and writes: where a feed of many is built from nothing."""

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Any

AT_ONCE = 2  # shares a process has: one in work, one at hand when that is done


class Lost(Exception):
    """The process died before it answered."""


class Hand:
    """A process of :mod:`pim.feeds.hand`, and a thread of ours that talks to it."""

    def __init__(self, errand: tuple[Any, ...]) -> None:
        """``errand``: the arguments of :func:`pim.feeds.hand.begin`."""
        command = [sys.executable, "-m", "pim.feeds.hand"]  # not forked: this process has threads
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own module
        self._thread = ThreadPoolExecutor(1)
        self.is_willing: Future[bool] = self._thread.submit(self._ask, errand)  # it needs half a second to begin
        self._given: list[Future[Any]] = []

    def take(self, read: Callable[[], Iterable[Any]]) -> Future[Any] | None:
        """The promise of an answer to ``list(read())``, or None while it has enough to do, or is lost."""
        self._given = [one for one in self._given if not one.done()]
        if len(self._given) == AT_ONCE or not self.is_willing.done() or self.is_willing.exception() or not self.is_willing.result():
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
            raise Lost from error

    @property
    def number(self) -> int:
        """The process's own, as the system counts."""
        return self._process.pid

    def kill(self) -> None:
        """What it has not answered by now is :class:`Lost`."""
        self._process.kill()
        self._process.wait()

    def dismiss(self) -> None:
        self.kill()
        self._thread.shutdown(cancel_futures=True)
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            with suppress(OSError):  # something was still on its way to who is gone
                pipe.close()


class Crew:
    """Some hands with one errand."""

    def __init__(self, hands: int, errand: tuple[Any, ...]) -> None:
        self.hands = [Hand(errand) for _ in range(hands)]

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for hand in self.hands:
            hand.dismiss()

    def take(self, read: Callable[[], Iterable[Any]]) -> Future[Any] | None:
        """The promise of what a hand makes of ``list(read())``, or None while all are busy: then the caller does it."""
        return next((promised for hand in self.hands if (promised := hand.take(read)) is not None), None)
