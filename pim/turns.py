"""Whose turn it is to write a SQLite file, which has one writer at a time.

SQLite itself keeps no queue: whoever waits looks now and then whether the file is free, and
somebody who writes one batch after the other has taken it again before anybody looked. So the
threads of a process queue, and a batch first lets those go who wait, here or in another process.
"""

import os
import threading
import time
from collections import deque
from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: there a batch lets only the threads of its own process go first
    fcntl = None

LOOK_SECONDS = 0.005
"""How often who waits for another process looks whether it is done."""
COURTESY_SECONDS = 0.3
"""How long a batch lets others go first: a hub that many people edit must not stop an import."""


class Turns:
    """The queue of this process. ``path``: of the file by whose lock other processes know that
    somebody waits here; "" for a database that only this process can open.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._hurried = 0
        self._flag = -1

    def queue_up(self, *, gives_way: bool) -> "Turn":
        """A place at the end of the queue; with ``gives_way`` after those who are in it or come in
        the next moment, wherever they are.
        """
        if gives_way:
            self._let_others_go()
        turn = Turn(self, gives_way)
        with self._lock:
            if not gives_way:
                self._hurried += 1
                self._show()
            self._queue.append(turn.has_come)
            self._queue[0].set()
        return turn

    def leave(self, turn: "Turn") -> None:
        with self._lock:
            self._queue.remove(turn.has_come)
            if self._queue:
                self._queue[0].set()
            if not turn.gives_way:
                self._hurried -= 1
                self._hide()

    def _let_others_go(self) -> None:
        deadline = time.monotonic() + COURTESY_SECONDS
        while self._is_somebody_hurried() and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)

    def _is_somebody_hurried(self) -> bool:
        if self._hurried or not self._path or fcntl is None:
            return self._hurried > 0
        flag = self._open()
        try:
            fcntl.flock(flag, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(flag)
        return False

    def _show(self) -> None:
        if self._flag < 0 and self._path and fcntl is not None:
            self._flag = self._open()
            fcntl.flock(self._flag, fcntl.LOCK_SH)

    def _hide(self) -> None:
        if self._flag >= 0 and not self._hurried:
            os.close(self._flag)  # and with it the lock; so does the end of the process
            self._flag = -1

    def _open(self) -> int:
        return os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)


class Turn:
    """A place in the queue, until it is left."""

    def __init__(self, turns: Turns, gives_way: bool) -> None:
        self.gives_way = gives_way
        self.has_come = threading.Event()
        self._turns = turns

    def comes_within(self, seconds: float) -> bool:
        return self.has_come.wait(seconds)

    def leave(self) -> None:
        self._turns.leave(self)
