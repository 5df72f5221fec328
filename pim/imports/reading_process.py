"""``python -m pim.imports.reading_process``: reads a file ahead of the process that writes it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pim.db import Database
from pim.garbage import paused_collection
from pim.imports.batch_reader import ReadBatch
from pim.imports.profile_reader import open_file
from pim.imports.profiles import Profile
from pim.imports.reading import read_here
from pim.processes.worker import serve_pickles
from pim.structure import queries as catalog


def start(
    database_url: str, version: int, path: Path, profile: Profile, name: str
) -> Callable[[int | None], ReadBatch | None] | None:
    """Open the file; None where somebody changed the structure since the run began.

    What answers is asked first for the batch after so many rows, then (None) for the next one,
    again and again; None where there is none.
    """
    database = Database(database_url)
    with database.reading() as session:
        structure = catalog.structure(session)
    if structure.version != version:
        return None
    reader, rows, _ = open_file(structure, path, profile, name)
    reader.prepares_for = structure
    reading: list[Iterator[ReadBatch]] = []

    def next_batch(first_row: int | None) -> ReadBatch | None:
        if first_row is not None:
            reading.append(read_here(database, reader, rows, first_row))
        with paused_collection():
            return next(reading[0], None)

    return next_batch


if __name__ == "__main__":
    serve_pickles(start)
