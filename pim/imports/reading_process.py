"""``python -m pim.imports.reading_process``: reads a file ahead of the process that writes it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pim.db import Database
from pim.garbage import paused_collection
from pim.imports.batch_reader import BATCH, BatchReader, FileRow, ReadBatch
from pim.imports.packing import PackedBatch, packed
from pim.imports.profile_reader import open_file
from pim.imports.profiles import Profile
from pim.imports.reading import read_here
from pim.processes.worker import serve_pickles
from pim.structure import queries as catalog


def start(
    database_url: str, version: int, path: Path, profile: Profile, name: str
) -> Callable[[int], PackedBatch | None] | None:
    """Open the file; None where somebody changed the structure since the run began.

    What answers is asked first for the batch after so many rows, then for the next one of so many
    rows, again and again; None where there is none.
    """
    database = Database(database_url)
    with database.reading() as session:
        structure = catalog.structure(session)
    if structure.version != version:
        return None
    reader, rows, _ = open_file(structure, path, profile, name)
    reader.prepares_for = structure
    return _Reading(database, reader, rows)


class _Reading:
    """The file, from the row that is asked for first."""

    def __init__(self, database: Database, reader: BatchReader, rows: Iterator[FileRow]) -> None:
        self._database = database
        self._reader = reader
        self._rows = rows
        self._batches: Iterator[ReadBatch] | None = None
        self._size = BATCH

    def __call__(self, number: int) -> PackedBatch | None:
        if self._batches is None:
            self._batches = read_here(
                self._database, self._reader, self._rows, number, lambda: self._size
            )
        else:
            self._size = number
        with paused_collection():
            batch = next(self._batches, None)
            return None if batch is None else packed(batch)


if __name__ == "__main__":
    serve_pickles(start)
