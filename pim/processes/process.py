"""The side that asks: starting a process, asking it, and saying what it died of."""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from pim.processes.frames import read_frames, write_frames
from pim.processes.worker import IS_POSIX

ROOT = Path(__file__).resolve().parents[2]
PIPE_SIZE = 1 << 20
"""Bytes that wait in a pipe, on systems where that can be said."""
DYING_SECONDS = 2.0
"""How long a process whose pipe broke is waited for, before it is killed."""

CauseOfDeath = Literal["too slow", "too much processor time", "crashed"]


KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


def bare_environment() -> dict[str, str]:
    """What a process that reads foreign content knows of ours, which holds the database's password.
    One malloc arena, or threads reserve address space.
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "MALLOC_ARENA_MAX": "1"}


class ProcessDied(Exception):
    """The process died before it answered, or was killed because it took too long."""

    def __init__(self, cause: CauseOfDeath) -> None:
        self.cause: CauseOfDeath = cause
        super().__init__(cause)


class WorkerProcess:
    """``python -m module``, whose main function calls :func:`pim.processes.worker.serve`.

    ``environment``: all it knows of ours, besides where Python finds its modules; None for all of
    it. ``is_quiet``: what it says on its error stream is dropped.
    """

    def __init__(
        self,
        module: str,
        environment: Mapping[str, str] | None = None,
        *,
        is_quiet: bool = False,
    ) -> None:
        own = dict(os.environ) if environment is None else dict(environment)
        paths = [str(ROOT), os.environ.get("PYTHONPATH")]
        own["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        self._was_too_slow = False
        # Not a fork: this process has threads. The module is one of ours.
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if is_quiet else None,
            env=own,
            # A frame then passes in one piece or two. In small ones each would wait for its turn
            # among the threads of this process.
            pipesize=PIPE_SIZE,
        )

    @property
    def process_id(self) -> int:
        return self._process.pid

    def ask(self, frames: Sequence[bytes], wall_seconds: float) -> list[bytes]:
        """The answer to a message; :class:`ProcessDied` where there is none in time."""
        with self._living(wall_seconds):
            self._write(frames)
            return self._read()

    def send(self, frames: Sequence[bytes], wall_seconds: float) -> None:
        """A message whose answer is :meth:`received` later: answers come in the same order."""
        with self._living(wall_seconds):
            self._write(frames)

    def receive(self, wall_seconds: float) -> list[bytes]:
        """The answer to the oldest message that was sent and not answered yet."""
        with self._living(wall_seconds):
            return self._read()

    def _write(self, frames: Sequence[bytes]) -> None:
        assert self._process.stdin is not None
        write_frames(self._process.stdin, frames)

    def _read(self) -> list[bytes]:
        assert self._process.stdout is not None
        return read_frames(self._process.stdout)

    @contextmanager
    def _living(self, wall_seconds: float) -> Iterator[None]:
        """Something that a living process does in so many seconds."""
        limit = threading.Timer(wall_seconds, self._give_up)
        limit.daemon = True
        limit.start()
        try:
            yield
        except (EOFError, OSError, ValueError) as error:  # ValueError: the pipe was closed
            raise ProcessDied(self._cause_of_death()) from error
        finally:
            limit.cancel()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """Who waits for an answer gets :class:`ProcessDied`."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Kill it and close its pipes."""
        self.kill()
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            with suppress(OSError):  # something was still on its way to who is gone
                pipe.close()

    def _give_up(self) -> None:
        self._was_too_slow = True
        self._process.kill()

    def _cause_of_death(self) -> CauseOfDeath:
        """Called when the pipe broke: the process is dying, or (talking nonsense) is made to."""
        try:
            code = self._process.wait(timeout=DYING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if self._was_too_slow:
            return "too slow"
        if IS_POSIX and code == -signal.SIGXCPU:
            return "too much processor time"
        return "crashed"


class PicklingProcess(WorkerProcess):
    """A process that is asked Python objects: for our own code on our own data only."""

    def ask_object(self, question: Any, wall_seconds: float) -> Any:
        """The answer to a question; :class:`ProcessDied` where there is none in time."""
        self.send_object(question, wall_seconds)
        return unpickled(self.receive_pickle(wall_seconds))

    def ask_pickle(self, question: bytes, wall_seconds: float) -> bytes:
        """:meth:`ask_object` for a thread that only waits. Two threads that both work on Python
        objects wait for each other, so the one that uses them also calls :func:`pickled` and
        :func:`unpickled`.
        """
        (answer,) = self.ask([question], wall_seconds)
        return answer

    def send_object(self, question: Any, wall_seconds: float) -> None:
        """A question that is answered later, so that the process need not wait for the next one."""
        self.send([pickled(question)], wall_seconds)

    def receive_pickle(self, wall_seconds: float) -> bytes:
        """The answer to the oldest question that was sent."""
        (answer,) = self.receive(wall_seconds)
        return answer


def pickled(question: Any) -> bytes:
    """A question for :meth:`PicklingProcess.ask_pickle`."""
    return pickle.dumps(question, pickle.HIGHEST_PROTOCOL)


def unpickled(answer: bytes) -> Any:
    """What a :class:`PicklingProcess` answered."""
    return pickle.loads(answer)  # noqa: S301 - of our own child
