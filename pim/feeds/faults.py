"""When an exporter's own code breaks: the fault is told by name, and costs no more than what it
broke on.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pim.errors import Conflict, EtalageError, text
from pim.feeds.contract import Exporter, Listing, Missing, Problem


def missing(field: str) -> Problem:
    """The reason for a :class:`Missing`, also when ``item`` raised it."""
    return Problem(field, "missing", text("“%(field)s” is missing.", field=field))


def failed(error: Exception, field: str = "") -> Problem:
    """The reason where an exporter's own code broke on a product: what it said, and where.
    ``field``: the one it looked at last.
    """
    message = text(
        "The exporter could not handle this product (%(error)s in %(place)s).",
        **_said_by(error),
    )
    return Problem(field, "failed", message)


def _said_by(error: Exception) -> dict[str, str]:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    return {"error": f"{type(error).__name__}: {error}"[:200], "place": place}


@contextmanager
def faults_of(exporter: type[Exporter]) -> Iterator[None]:
    """What breaks in here is the exporter's fault: it stops this feed with a sentence, and no
    other.
    """
    try:
        yield
    except (EtalageError, OSError):  # a full disk is nobody's code
        raise
    except Exception as error:
        message = text(
            "The exporter “%(code)s” is broken (%(error)s in %(place)s).",
            code=exporter.code,
            **_said_by(error),
        )
        raise Conflict(message) from error


def fault_on(listing: Listing, step: Callable[[Listing], Any]) -> Problem | None:
    """What goes wrong in this step of an exporter, done again on one listing alone; None where
    nothing does.
    """
    watched = _Watched(listing)
    try:
        step(watched)
    except Missing as absent:
        return missing(absent.field)
    except Exception as error:
        return failed(error, watched.last)
    return None


class _Watched(Listing):
    """A copy of a listing that remembers which field was asked for last: most likely the one that
    the exporter broke on.
    """

    __slots__ = ("last",)

    def __init__(self, listing: Listing) -> None:
        super().__init__(listing.identifier, listing.root, listing.group)
        self.update(listing)
        self.action = listing.action
        self.last = ""

    def __getitem__(self, name: str) -> Any:
        self.last = name
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.last = name
        return super().get(name, default)
