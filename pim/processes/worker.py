"""The side of the process: it reads a question, answers it, and ends when its input does."""

import os
import pickle
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pim.processes.frames import read_frames, write_frames

IS_POSIX = sys.platform != "win32"


@dataclass(frozen=True)
class Limits:
    """What a process may use; None and True: as much as there is.

    ``memory``: bytes of address space. ``cpu_seconds``: of processor time for one question.
    ``writes_files``: whether it may.

    There are none on Windows: there the time that is waited for an answer remains.
    """

    memory: int | None = None
    cpu_seconds: int | None = None
    writes_files: bool = True


def serve(
    answer: Callable[[Sequence[bytes]], Sequence[bytes]], limits: Limits | None = None
) -> None:
    """Answer messages of frames with messages of frames, until the input ends.

    An exception of ``answer`` ends the process, which is an answer too.
    """
    limits = limits or Limits()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for who started us
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    _limit_process(limits)
    while True:
        try:
            question = read_frames(questions)
        except EOFError:
            return
        _limit_next_question(limits)
        write_frames(answers, answer(question))


def serve_pickles(start: Callable[..., Callable[[Any], Any] | None]) -> None:
    """As :func:`serve` for a process whose code and questions are our own.

    The first question is the arguments of ``start``, which gives what answers all others, or None
    where it cannot begin; the first answer says which.
    """
    handle: list[Callable[[Any], Any]] = []

    def answer(frames: Sequence[bytes]) -> Sequence[bytes]:
        question = pickle.loads(frames[0])  # noqa: S301 - of our own parent
        if handle:
            return [pickle.dumps(handle[0](question), pickle.HIGHEST_PROTOCOL)]
        started = start(*question)
        if started is not None:
            handle.append(started)
        return [pickle.dumps(started is not None)]

    serve(answer)


def _limit_process(limits: Limits) -> None:
    if not IS_POSIX:
        return
    import resource

    if limits.memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not limits.writes_files:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _limit_next_question(limits: Limits) -> None:
    """The kernel counts a process's whole life: each question gets what was used so far and more;
    then SIGXCPU ends the process.
    """
    if not IS_POSIX or limits.cpu_seconds is None:
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    spent = int(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + limits.cpu_seconds, hard))
