"""``python -m pim.imports.reading_process``: reads a file ahead of the process that writes it."""

from collections.abc import Callable
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
    database_url: str, version: int, path: Path, profile: Profile, name: str, done: int
) -> Callable[[str], ReadBatch | None] | None:
    """Open the file; None where somebody changed the structure since the run began."""
    database = Database(database_url)
    with database.reading() as session:
        structure = catalog.structure(session)
    if structure.version != version:
        return None
    reader, rows = open_file(structure, path, profile, name)
    reader.indexes_for = structure
    batches = read_here(database, reader, rows, done)

    def next_batch(_question: str) -> ReadBatch | None:
        with paused_collection():
            return next(batches, None)

    return next_batch


if __name__ == "__main__":
    serve_pickles(start)
