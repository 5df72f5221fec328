"""The program's log: a line of JSON for each thing that happened, words where somebody watches.

A line says what happened, to which request or job, who asked, and how long it took. It never holds
values of the shop or secrets: of an error only its kind and the places in the code are told, since
the message of a foreign error may quote what it met, and a library's line is told without its
arguments.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

LogLine = MutableMapping[str, Any]


def configure(stream: TextIO, level: int = logging.WARNING) -> None:
    """From now on this process logs to ``stream``, what is as grave as ``level``."""
    before: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_error,
    ]
    renderer = _renderer(stream)
    structlog.configure(
        processors=[*before, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *before],
            processors=[
                without_arguments,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _renderer(stream: TextIO) -> structlog.typing.Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    return structlog.processors.JSONRenderer()


def without_arguments(_logger: Any, _method: str, event: LogLine) -> LogLine:
    """A line of a library as it stands in its code: what it was filled with may be a secret."""
    record: logging.LogRecord = event["_record"]
    event["event"] = str(record.msg)
    return event


def tell_error(_logger: Any, _method: str, event: LogLine) -> LogLine:
    """The error of ``exc_info`` as its kind, its cause and where in the code it came from."""
    raised = event.pop("exc_info", None)
    error = _raised(raised)
    if error is not None:
        event["error"] = describe(error)
        event["at"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event


def _raised(raised: Any) -> BaseException | None:
    if isinstance(raised, BaseException):
        return raised
    if isinstance(raised, tuple):
        error: BaseException | None = raised[1]
        return error
    return sys.exc_info()[1] if raised else None


def describe(error: BaseException) -> str:
    """The kind of an error with that of its cause, and the code under which others know it."""
    causes = (getattr(error, "orig", None), error.__cause__)
    cause = next((one for one in causes if isinstance(one, BaseException)), None)
    own = " ".join(filter(None, [type(error).__name__, _code(error)]))
    return own if cause is None else f"{own}: {describe(cause)}"


def _code(error: BaseException) -> str:
    """``SQLITE_FULL``, ``40P01``, ``No space left on device``: none of them quotes anything."""
    names = ("sqlite_errorname", "sqlstate", "strerror")
    codes = (getattr(error, name, None) for name in names)
    return next((str(code) for code in codes if code), "")
