"""Servers that keep files under names (a folder, SFTP, FTP): a file is written under another name
and renamed when it is whole, so that nobody ever reads half of one.
"""

from contextlib import suppress
from typing import Protocol

from pim.deliveries.shipment import Shipment, WatchedFile, Way
from pim.errors import Conflict, EtalageError, Unavailable, text


class Refused(Exception):
    """The server does not do this. ``said``: its answer."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


class NamedFiles(Protocol):
    """A folder on a server. Every verb but the first raises :class:`Refused`."""

    def store(self, name: str, file: WatchedFile) -> str:
        """Write a file, in the place of one that has this name; what the server said."""

    def size(self, name: str) -> int | None:
        """None where there is no such file, or where the server does not tell."""

    def rename(self, old: str, new: str) -> None: ...

    def remove(self, name: str) -> None: ...


def bring(files: NamedFiles, shipment: Shipment, way: Way) -> str:
    """Put the file in its place; what the server said. Where it fails, what was there before is
    still there.
    """
    name = shipment.name if way.target.direct else shipment.part_name
    try:
        with shipment.reading(way.egress.longest) as file:
            said = files.store(name, file)
        _demand_size(files, name, shipment, way)
        if not way.target.direct:
            _replace(files, name, shipment.name, way)
    except BaseException:  # also where somebody stopped the job
        if not way.target.direct:
            with suppress(EtalageError, Refused):
                files.remove(name)
        raise
    return way.told(said)


def _demand_size(files: NamedFiles, name: str, shipment: Shipment, way: Way) -> None:
    stored = files.size(name)
    if stored is not None and stored != shipment.size:
        sentence = text(
            "“%(host)s” says that the file is longer or shorter than what was sent (%(stored)s in"
            " place of %(sent)s): perhaps it is full. The file was not put in its place.",
            host=way.target.host or way.target.called,
            stored=stored,
            sent=shipment.size,
        )
        raise Unavailable(sentence)


def _replace(files: NamedFiles, part: str, name: str, way: Way) -> None:
    """Some servers rename onto a file that is there, others want it out of the way first. It is
    only put aside, so that nothing is lost where the second step is refused.
    """
    try:
        files.rename(part, name)
        return
    except Refused as refused:
        if files.size(name) is None:
            raise _no_renaming(way, refused) from None
    aside = f".{name}.old"
    try:
        files.rename(name, aside)
    except Refused as refused:
        raise _no_renaming(way, refused) from None
    try:
        files.rename(part, name)
    except Refused as refused:
        files.rename(aside, name)
        raise _no_renaming(way, refused) from None
    with suppress(Refused):
        files.remove(aside)


def _no_renaming(way: Way, refused: Refused) -> Conflict:
    return Conflict(
        text(
            "“%(host)s” does not let us rename a file (%(said)s), so a reader might see half of"
            " one. Ask your partner for that right, or choose “Write directly”.",
            host=way.target.host or way.target.called,
            said=way.told(refused.said),
        )
    )
