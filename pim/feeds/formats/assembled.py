"""Files that can only be put together when every record is known: sections that follow one another,
several files of one feed, a file in parts, running numbers, an order of one's own.

While the build runs, its records are frames in a file of their own: which output, which place in
the order, how many bytes. At the end :meth:`Assembled.assemble` makes the real file of them. A
build of such a feed renders every product again, for the finished file holds no records to copy.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, ClassVar, NamedTuple, Protocol
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from pim.errors import Invalid, text
from pim.feeds.formats.base import FileCheck, Format, Record, Totals

BLOCK = 1 << 20
NUMBER = b"\xef\xa3\xbf#\xef\xa3\xbf"
"""What :data:`RUNNING_NUMBER` is in bytes."""


class Part(NamedTuple):
    """A record and which output (or section) it goes to. ``order``: where outputs are ordered,
    records come by this text, and by the feed's own order where it is equal.
    """

    output: str
    record: Record
    order: str = ""


RUNNING_NUMBER = "\uf8ff#\uf8ff"
"""A value that becomes the record's number in its output, counted from 1."""


class FileEdges(Protocol):
    """What stands around the records: an exporter says it for each output."""

    def head(self, totals: Totals, output: str = "") -> bytes: ...
    def tail(self, totals: Totals, output: str = "") -> bytes: ...


class Frame(NamedTuple):
    """Where one record lies in the file of frames."""

    output: int
    order: bytes
    at: int
    length: int


class Assembled(Format):
    """``outputs``: name -> the format of its records. The first is the one whose records count as
    the feed's items. ``ordered``: outputs that are sorted by :attr:`Part.order`.
    """

    def __init__(self, outputs: Mapping[str, Format], ordered: Sequence[str] = ()) -> None:
        self.outputs = dict(outputs)
        self._places = {name: number for number, name in enumerate(outputs)}
        self._ordered = frozenset(ordered)

    @property
    def main(self) -> Format:
        return next(iter(self.outputs.values()))

    def record(self, item: Any) -> bytes:
        """The frame of one :class:`Part`."""
        data = self.outputs[item.output].record(item.record)
        order = item.order.encode().hex().encode()
        return b"%d %d %s\n" % (self._places[item.output], len(data), order) + data

    def join(self, records: Iterable[Any]) -> tuple[bytes, int]:
        """All frames, and how many of them are items."""
        every = list(records)
        items = sum(1 for one in every if self._places[one.output] == 0)
        return b"".join([self.record(one) for one in every]), items

    def assemble(self, frames: Path, target: Path, edges: FileEdges) -> Totals:
        """Make the finished file; how many records it has."""
        raise NotImplementedError

    def _totals(self, frames: Path) -> Totals:
        counts = dict.fromkeys(self.outputs, 0)
        names = list(self.outputs)
        for frame in read_frames(frames):
            counts[names[frame.output]] += 1
        return Totals(counts[names[0]], counts)

    def _write(self, frames: Path, file: BinaryIO, output: str) -> None:
        """The records of one output, with what stands between them."""
        separator = self.outputs[output].separator
        with frames.open("rb") as source:
            for number, frame in enumerate(self._in_order(frames, output), 1):
                source.seek(frame.at)
                if number > 1:
                    file.write(separator)
                file.write(source.read(frame.length).replace(NUMBER, b"%d" % number))

    def _in_order(self, frames: Path, output: str) -> Iterable[Frame]:
        place = self._places[output]
        chosen = (frame for frame in read_frames(frames) if frame.output == place)
        if output in self._ordered:
            return sorted(chosen, key=lambda frame: (frame.order, frame.at))
        return chosen


class Sections(Assembled):
    """One file whose sections follow one another: products, then their places in the catalogue."""

    def __init__(self, outputs: Mapping[str, Format], ordered: Sequence[str] = ()) -> None:
        super().__init__(outputs, ordered)
        self.extension = self.main.extension  # type: ignore[misc]
        self.media_type = self.main.media_type  # type: ignore[misc]
        self.key = self.main.key

    def assemble(self, frames: Path, target: Path, edges: FileEdges) -> Totals:
        totals = self._totals(frames)
        with target.open("wb") as file:
            file.write(edges.head(totals))
            for output in self.outputs:
                self._write(frames, file, output)
            file.write(edges.tail(totals))
        return totals

    def check(self, path: Path) -> FileCheck:
        return self.main.check(path)


class Bundle(Assembled):
    """A ZIP with a file for each output: offers and their content, products and stock."""

    extension: ClassVar[str] = "zip"
    media_type: ClassVar[str] = "application/zip"

    def assemble(self, frames: Path, target: Path, edges: FileEdges) -> Totals:
        totals = self._totals(frames)
        with ZipFile(target, "w", ZIP_DEFLATED) as archive:
            for output, format in self.outputs.items():
                with archive.open(_member(f"{output}.{format.extension}"), "w") as file:
                    file.write(edges.head(totals, output))
                    self._write(frames, file, output)  # type: ignore[arg-type]
                    file.write(edges.tail(totals, output))
        return totals

    def check(self, path: Path) -> FileCheck:
        found = [
            check_member(path, f"{output}.{format.extension}", format)
            for output, format in self.outputs.items()
        ]
        return FileCheck(found[0].records, [key for one in found for key in one.repeated])


class Parts(Assembled):
    """A ZIP with the records in files of at most so many records and bytes, and ``index.json``,
    which lists them.
    """

    extension: ClassVar[str] = "zip"
    media_type: ClassVar[str] = "application/zip"
    INDEX = "index.json"

    def __init__(self, format: Format, most_records: int, most_bytes: int = 1 << 40) -> None:
        super().__init__({"records": format})
        self._most_records = most_records
        self._most_bytes = most_bytes

    def assemble(self, frames: Path, target: Path, edges: FileEdges) -> Totals:
        totals = self._totals(frames)
        listed: list[dict[str, Any]] = []
        with ZipFile(target, "w", ZIP_DEFLATED) as archive, frames.open("rb") as source:
            for number, share in enumerate(self._shares(frames), 1):
                name = f"part-{number:04}.{self.main.extension}"
                head = edges.head(Totals(len(share), totals.outputs))
                tail = edges.tail(Totals(len(share), totals.outputs))
                body = self.main.separator.join(_read(source, frame) for frame in share)
                archive.writestr(_member(name), head + body + tail)
                listed.append({"file": name, "records": len(share)})
            index = {"records": totals.items, "parts": listed}
            archive.writestr(_member(self.INDEX), json.dumps(index, indent=1) + "\n")
        return totals

    def _shares(self, frames: Path) -> Iterator[list[Frame]]:
        share: list[Frame] = []
        size = 0
        for frame in read_frames(frames):
            is_full = len(share) == self._most_records or size + frame.length > self._most_bytes
            if share and is_full:
                yield share
                share, size = [], 0
            share.append(frame)
            size += frame.length
        yield share

    def check(self, path: Path) -> FileCheck:
        with ZipFile(path) as archive:
            index = json.loads(archive.read(self.INDEX))
        found = [check_member(path, part["file"], self.main) for part in index["parts"]]
        records = sum(one.records for one in found)
        if records != index["records"]:
            raise Invalid({self.INDEX: [text("The index counts other records than the parts.")]})
        return FileCheck(records, [key for one in found for key in one.repeated])


def read_frames(frames: Path) -> Iterator[Frame]:
    """Where the records lie, in the order in which they were rendered."""
    with frames.open("rb") as file:
        while line := file.readline():
            output, length, order = line.rstrip(b"\n").split(b" ")
            frame = Frame(int(output), bytes.fromhex(order.decode()), file.tell(), int(length))
            yield frame
            file.seek(frame.length, 1)


def check_member(path: Path, name: str, format: Format) -> FileCheck:
    """Read one file of a ZIP as its own format does."""
    try:
        with ZipFile(path) as archive, TemporaryDirectory() as folder:
            return format.check(Path(archive.extract(name, folder)))
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        message = text("“%(name)s” cannot be read: %(why)s", name=name, why=str(error))
        raise Invalid({name: [message]}) from error


def _read(source: BinaryIO, frame: Frame) -> bytes:
    source.seek(frame.at)
    return source.read(frame.length)


def _member(name: str) -> ZipInfo:
    """A file of a ZIP without a time: equal content is an equal file."""
    member = ZipInfo(name)
    member.compress_type = ZIP_DEFLATED
    return member
