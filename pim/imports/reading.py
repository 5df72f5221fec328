"""Where the batches of a file come from: read here, or read ahead by another processor."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Thread

from pim.db import Database
from pim.imports.batch_reader import BatchReader, FileRow, ReadBatch, batches
from pim.imports.detection import Detected
from pim.imports.pace import Pace
from pim.imports.packing import PackedBatch, unpacked
from pim.imports.profiles import Profile
from pim.processes.process import PicklingProcess, ProcessDied, unpickled

MANY = 20_000
"""Lines of a file from which on it pays to begin another process."""
AHEAD = 2
"""Batches that wait to be written while the next one is read."""
WALL_SECONDS = 120.0
"""How long a batch may take to read before we read it ourselves."""
STOP_SECONDS = 0.5
"""How soon the thread that reads ahead notices that the import has ended."""


@dataclass(frozen=True)
class OpenFile:
    """A file whose profile fits it, before its first row was taken.

    ``path``, ``profile``, ``name``, ``structure_version``: by what another process opens it too.
    ``detected``: what was found out about it.
    """

    reader: BatchReader
    rows: Iterator[FileRow]
    path: Path
    profile: Profile
    name: str
    structure_version: int
    detected: Detected


def read_here(
    database: Database,
    reader: BatchReader,
    rows: Iterator[FileRow],
    passed: int,
    size: Callable[[], int],
) -> Iterator[ReadBatch]:
    """The batches of a file, read by this process; the next ``passed`` rows are passed over.
    ``size``: how many rows the next batch should have.
    """
    for batch in batches(reader, rows, passed, size):
        with database.reading() as session:
            read = reader.read(session, batch)
        yield read


@contextmanager
def read_file(
    database: Database, file: OpenFile, *, lines: int, done: int, pace: Pace
) -> Iterator[Iterator[ReadBatch]]:
    """The batches of a file of about so many lines, without the first ``done`` rows: read ahead by
    another process where there is another processor and the file is worth it.
    """
    here = read_here(database, file.reader, file.rows, done, lambda: pace.rows)
    if lines < MANY or (os.cpu_count() or 1) < 2:
        yield here
        return
    url = database.engine.url.render_as_string(hide_password=False)
    setup = (url, file.structure_version, file.path, file.profile, file.name)
    try:
        process = PicklingProcess("pim.imports.reading_process")
    except OSError:  # no memory or no process left: then we read it ourselves
        yield here
        return
    ahead = ReadingAhead(process, setup, pace)
    try:
        yield _read_together(database, file, here, ahead, done)
    finally:
        ahead.close()


def _read_together(
    database: Database,
    file: OpenFile,
    here: Iterator[ReadBatch],
    ahead: "ReadingAhead",
    done: int,
) -> Iterator[ReadBatch]:
    """The first batches are read here until the process is ready, the others by the process; when
    it dies, or finds another structure, the rest is read here.
    """
    while not ahead.is_ready():
        batch = next(here, None)
        if batch is None:
            return
        done += batch.rows
        yield batch
    read_ahead = 0
    for batch in ahead.batches(done):
        read_ahead += batch.rows
        yield batch
    if ahead.has_died:
        yield from read_here(database, file.reader, file.rows, read_ahead, lambda: ahead.pace.rows)


class Upcoming(Iterator[ReadBatch]):
    """The batches of a file, of which the next one can be fetched while the disk takes the last
    one: for that Python has nothing to do, and a batch that another process has read is unpacked
    meanwhile.
    """

    def __init__(self, batches: Iterator[ReadBatch]) -> None:
        self._batches = batches
        self._fetched: Future[ReadBatch | None] | None = None

    def fetch(self) -> None:
        """Begin to fetch the next batch."""
        self._fetched = Future()
        Thread(target=self._fetch, args=(self._fetched,), daemon=True).start()

    def __next__(self) -> ReadBatch:
        if self._fetched is None:
            return next(self._batches)
        batch = self._fetched.result()
        self._fetched = None
        if batch is None:
            raise StopIteration
        return batch

    def _fetch(self, into: Future[ReadBatch | None]) -> None:
        try:
            into.set_result(next(self._batches, None))
        except BaseException as error:  # whatever it is, it is raised where the batch is wanted
            into.set_exception(error)


class ReadingAhead:
    """A process that reads a file, and the thread that asks it for one batch after the other.

    The thread waits twice: for the process to open the file, and for the row to begin at. Then it
    asks on and on, also behind the end of the file, until :meth:`close`.
    """

    def __init__(self, process: PicklingProcess, setup: tuple[object, ...], pace: Pace) -> None:
        self.has_died = False
        self._process = process
        self._setup = setup
        self.pace = pace
        self._waiting: Queue[bytes | None] = Queue(AHEAD)
        self.is_open = Event()
        self._first_row: Queue[int] = Queue(1)
        self._stopped = Event()
        Thread(target=self._run, daemon=True).start()

    def is_ready(self) -> bool:
        """Whether it can be asked for :meth:`batches`; never again once it has died."""
        return self.is_open.is_set() and not self.has_died

    def batches(self, first_row: int) -> Iterator[ReadBatch]:
        """The batches from a row on, until the file ends or the process dies."""
        self._first_row.put(first_row)
        while (answer := self._next_answer()) is not None:
            batch: PackedBatch | None = unpickled(answer)
            if batch is None:
                return
            yield unpacked(batch)

    def _next_answer(self) -> bytes | None:
        """None behind the last one, and once nobody reads any more."""
        while not self._stopped.is_set():
            try:
                return self._waiting.get(timeout=STOP_SECONDS)
            except Empty:
                continue
        return None

    def close(self) -> None:
        """End the process, and with it the thread."""
        self._stopped.set()
        self._process.close()

    def _run(self) -> None:
        try:
            self._ask_for_all()
        except Exception:  # whatever it is, who waits for the next batch must not wait for ever
            self.has_died = True
        self.is_open.set()
        self._put(None)

    def _ask_for_all(self) -> None:
        if not self._process.ask_object(self._setup, WALL_SECONDS):
            raise ProcessDied("crashed")
        self.is_open.set()
        self._process.send_object(self._row_to_begin_at(), WALL_SECONDS)
        while not self._stopped.is_set():
            # It is asked for the next batch before it has given this one, and never has to wait.
            self._process.send_object(self.pace.rows, WALL_SECONDS)
            self._put(self._process.receive_pickle(WALL_SECONDS))

    def _row_to_begin_at(self) -> int:
        while not self._stopped.is_set():
            try:
                return self._first_row.get(timeout=STOP_SECONDS)
            except Empty:
                continue
        return 0

    def _put(self, answer: bytes | None) -> None:
        """Wait for a free place, but not for somebody who has stopped reading."""
        while not self._stopped.is_set():
            try:
                self._waiting.put(answer, timeout=STOP_SECONDS)
                return
            except Full:
                continue
