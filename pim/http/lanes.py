"""The threads that answer requests, in two groups: reading never queues behind writing."""

from typing import Any

from waitress.task import ThreadedTaskDispatcher

THREADS = 8
"""In each group."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Lanes:
    """What waitress calls a dispatcher. Where the database is busy, saves wait for it, each in a
    thread: so many of them never keep anybody from a page or a feed.
    """

    def __init__(self) -> None:
        self._reading = ThreadedTaskDispatcher()
        self._writing = ThreadedTaskDispatcher()
        for lane in (self._reading, self._writing):
            lane.set_thread_count(THREADS)

    def add_task(self, channel: Any) -> None:
        """``channel``: a connection with a request that has come in whole."""
        lane = self._reading if channel.requests[0].command in READING else self._writing
        lane.add_task(channel)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        ended = [lane.shutdown(cancel_pending, timeout) for lane in (self._reading, self._writing)]
        return all(ended)
