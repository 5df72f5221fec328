"""How many rows of a file are written at once, so that nobody waits long for the one who writes."""

from pim.imports import batch_reader

SECONDS = 0.15
"""How long a batch may keep others from writing."""
FEWEST = 50
"""Rows: with fewer, most of the time would go into beginning and ending."""


class Pace:
    """Follows how fast rows are written: another one on every machine and for every file."""

    def __init__(self) -> None:
        self._rows = batch_reader.BATCH

    @property
    def rows(self) -> int:
        """How many the next batch should have."""
        return self._rows

    def wrote(self, rows: int, seconds: float) -> None:
        """So many were written, and others had to wait for so long."""
        fitting = round(rows * SECONDS / max(seconds, 0.001))
        fewest = min(FEWEST, batch_reader.BATCH)
        self._rows = max(fewest, min(fitting, 2 * self._rows, batch_reader.BATCH))
