"""Python's garbage collector, paused while a batch is worked on."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

ALLOCATIONS = 100_000
"""How many new objects Python waits for before it looks for garbage, while the pause lasts."""


@contextmanager
def paused_collection() -> Iterator[None]:
    """Python looks for garbage rarely, and not among what lives already: that would take a sixth of
    an import's time.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
