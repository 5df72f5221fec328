"""Python's garbage collector, paused while a batch is worked on."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

ALLOCATIONS = 300_000
"""How many new objects Python waits for before it looks for garbage, while a pause lasts."""


class _Pauses:
    """How many pauses last at this moment, in whatever threads; the collector is the process's."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = 0
        self._usual = gc.get_threshold()

    def begin(self) -> None:
        with self._lock:
            if self._count == 0:
                self._usual = gc.get_threshold()
                gc.freeze()
                gc.set_threshold(ALLOCATIONS, *self._usual[1:])
            self._count += 1

    def end(self) -> None:
        with self._lock:
            self._count -= 1
            if self._count == 0:
                gc.set_threshold(*self._usual)
                gc.unfreeze()


_pauses = _Pauses()


@contextmanager
def paused_collection() -> Iterator[None]:
    """Python looks for garbage rarely, and not among what lives already: that would take a sixth of
    an import's time. Pauses may overlap; the last to end gives the collector back as it was.
    """
    _pauses.begin()
    try:
        yield
    finally:
        _pauses.end()
