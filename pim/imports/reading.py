"""Where the batches of a file come from: read here, or read ahead by another processor."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Full, Queue
from threading import Event, Thread

from pim.db import Database
from pim.imports.batch_reader import BatchReader, FileRow, ReadBatch, batches
from pim.imports.profile_reader import open_file
from pim.imports.profiles import Profile
from pim.processes.process import PicklingProcess, ProcessDied
from pim.structure.objects import Structure

MANY = 20_000
"""Lines of a file from which on it pays to begin another process, which takes half a second."""
AHEAD = 2
"""Batches that wait to be written while the next one is read."""
WALL_SECONDS = 120.0
"""How long a batch may take to read before we read it ourselves."""
STOP_SECONDS = 0.5
"""How soon the thread that reads ahead notices that the import has ended."""


def read_here(
    database: Database, reader: BatchReader, rows: Iterator[FileRow], done: int
) -> Iterator[ReadBatch]:
    """The batches of a file, read by this process; the first ``done`` rows are passed over."""
    for batch in batches(reader, rows, done):
        with database.reading() as session:
            read = reader.read(session, batch)
        yield read


@contextmanager
def read_file(
    database: Database,
    structure: Structure,
    path: Path,
    profile: Profile,
    name: str,
    *,
    lines: int,
    done: int,
) -> Iterator[Iterator[ReadBatch]]:
    """The batches of a file of about so many lines: read ahead by another process where there is
    another processor and the file is worth it.

    :class:`~pim.errors.Invalid` when file or profile is unusable.
    """
    reader, rows = open_file(structure, path, profile, name)
    if lines < MANY or (os.cpu_count() or 1) < 2:
        yield read_here(database, reader, rows, done)
        return

    def read_from(row: int) -> Iterator[ReadBatch]:
        again, its_rows = open_file(structure, path, profile, name)
        return read_here(database, again, its_rows, row)

    url = database.engine.url.render_as_string(hide_password=False)
    setup = (url, structure.version, path, profile, name, done)
    try:
        process = PicklingProcess("pim.imports.reading_process")
    except OSError:  # no memory or no process left: then we read it ourselves
        yield read_here(database, reader, rows, done)
        return
    stopped = Event()
    try:
        yield _read_ahead(process, setup, read_from, done, stopped)
    finally:
        stopped.set()
        process.close()


def _read_ahead(
    process: PicklingProcess,
    setup: tuple[object, ...],
    read_from: Callable[[int], Iterator[ReadBatch]],
    done: int,
    stopped: Event,
) -> Iterator[ReadBatch]:
    """What the process reads; when it dies, or finds another structure, the rest is read here."""
    waiting: Queue[ReadBatch | ProcessDied | None] = Queue(AHEAD)
    Thread(target=_fill, args=(process, setup, waiting, stopped), daemon=True).start()
    while True:
        batch = waiting.get()
        if batch is None:
            return
        if isinstance(batch, ProcessDied):
            yield from read_from(done)
            return
        done += batch.rows
        yield batch


def _fill(
    process: PicklingProcess,
    setup: tuple[object, ...],
    waiting: "Queue[ReadBatch | ProcessDied | None]",
    stopped: Event,
) -> None:
    """In a thread: ask for one batch after the other, until the file or the import ends."""
    try:
        if not process.ask_object(setup, WALL_SECONDS):
            raise ProcessDied("crashed")
        while not stopped.is_set():
            batch = process.ask_object("next", WALL_SECONDS)
            _put(waiting, batch, stopped)
            if batch is None:
                return
    except ProcessDied as died:
        _put(waiting, died, stopped)
    except Exception:  # whatever it is, who waits for the next batch must not wait for ever
        _put(waiting, ProcessDied("crashed"), stopped)


def _put(
    waiting: "Queue[ReadBatch | ProcessDied | None]",
    item: ReadBatch | ProcessDied | None,
    stopped: Event,
) -> None:
    """Wait for a free place, but not for somebody who has stopped reading."""
    while not stopped.is_set():
        try:
            waiting.put(item, timeout=STOP_SECONDS)
            return
        except Full:
            continue
