"""Building a feed: products in feed order, dressed or copied from the former build, into one immutable file."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from pim.bulk import undisturbed
from pim.feeds.crew import Crew, Lost
from pim.feeds.dressing import NOTHING, Dressed, Outfit, Part, dress_window
from pim.feeds.fragments import Former, Fragment, FragmentWriter
from pim.products import queries as products

WINDOW = 100  # top products: their documents, all unfolded, stay in the processor's cache
SHARE = 10  # windows that another process is given at once: enough that the way there and back does not count
Head = tuple[int, int, int]
"""A top product's id, the latest change of it and its variants, and how many they are: what tells whether it must be dressed anew."""
Step = Callable[[int], None]
"""Told how many top products are done."""


@dataclass(frozen=True)
class Built:
    """What a build came to. ``rendered``: top products dressed anew; the others were copied from the former build."""

    file: Path
    report: Path
    index: Path
    sha256: str
    items: int
    excluded: int
    warned: int
    rendered: int


def build(session: Session, outfit: Outfit, folder: Path, former: Former | None, step: Step, crew: Crew | None = None) -> Built:
    """Write the feed as of this session's snapshot into ``folder``; ``former`` lends what has not changed since.

    ``crew``: other processes that dress too, where there is no former build.
    """
    name = outfit.exporter.context.slug
    writer = _Writer(folder / f"{name}.part", folder / f"{name}.report.part")
    with writer, undisturbed():
        writer.put(outfit.exporter.format.head().encode())
        windows = _windows(products.heads(session), WINDOW)
        if crew is None:
            for window in windows:
                _write_window(session, outfit, window, former, writer)
                step(writer.done)
        else:
            for share in _shared(session, outfit, windows, crew):
                for window, dressed in share:
                    writer.add_all(window, dressed)
                step(writer.done)
        writer.put(outfit.exporter.format.tail().encode())
        writer.flush()
    index = folder / f"{name}.index.part"
    writer.fragments.save(index)
    return Built(
        writer.path, writer.report_path, index, writer.digest.hexdigest(), writer.items, writer.excluded, writer.warned, writer.rendered
    )


def _write_window(session: Session, outfit: Outfit, window: Sequence[Head], former: Former | None, writer: "_Writer") -> None:
    kept = {head[0]: found for head in window if former and (found := former.find(*head))}
    changed = [head[0] for head in window if head[0] not in kept]
    dressed = dress_window(session, outfit, products.published(session, changed)) if changed else {}
    for head in window:
        fragment = kept.get(head[0])
        if fragment is not None and former is not None:
            writer.copy(fragment, former)
        else:
            writer.add(head, dressed.get(head[0], NOTHING))
    writer.flush()


def _shared(session: Session, outfit: Outfit, windows: Iterator[list[Head]], crew: Crew) -> Iterator[Iterable[tuple[list[Head], Dressed]]]:
    """Shares of the work in feed order: the crew's as they come back, and what this process does while all hands are full."""
    waiting: deque[tuple[list[list[Head]], Future[list[Dressed]] | list[Dressed]]] = deque()
    while share := list(islice(windows, SHARE)):
        read = partial(_read, session, share)
        promised = crew.take(read)
        waiting.append((share, promised or [dress_window(session, outfit, products.unfolded(rows)) for rows in read()]))
        while waiting and (isinstance(waiting[0][1], list) or waiting[0][1].done()):
            yield _fetched(session, outfit, *waiting.popleft())
    while waiting:
        yield _fetched(session, outfit, *waiting.popleft())


def _read(session: Session, share: Sequence[Sequence[Head]]) -> Iterator[Sequence[products.Stored]]:
    for window in share:
        yield products.stored(session, window[0][0], window[-1][0])


def _fetched(
    session: Session, outfit: Outfit, share: list[list[Head]], found: "Future[list[Dressed]] | list[Dressed]"
) -> Iterable[tuple[list[Head], Dressed]]:
    """The windows of a share with what they came to; what a process that died leaves undone is done here."""
    if isinstance(found, Future):
        try:
            found = found.result()
        except Lost:
            found = [dress_window(session, outfit, products.unfolded(rows)) for rows in _read(session, share)]
    return zip(share, found, strict=True)


def _windows(heads: Iterable[Head], size: int) -> Iterator[list[Head]]:
    remaining = iter(heads)
    while window := list(islice(remaining, size)):
        yield window


class _Writer:
    """The file, its report and its index, growing together."""

    def __init__(self, path: Path, report_path: Path) -> None:
        self.path, self.report_path = path, report_path
        self.digest = sha256()
        self.fragments = FragmentWriter()
        self.items = self.excluded = self.warned = self.rendered = 0
        self._at = self._report_at = 0
        self._waiting: list[bytes] = []

    def __enter__(self) -> None:
        self._file: BinaryIO = self.path.open("wb")
        self._report: BinaryIO = self.report_path.open("wb")

    def __exit__(self, *_: Any) -> None:
        try:
            self._file.close()
        finally:  # closing fails where the disk is full
            self._report.close()

    def put(self, data: bytes) -> None:
        self._waiting.append(data)
        self._at += len(data)

    def flush(self) -> None:
        """Write what waits: a window at a time costs less than a record at a time."""
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._file.write(data)
        self.digest.update(data)

    @property
    def done(self) -> int:
        """How many top products have been written."""
        return len(self.fragments)

    def add_all(self, window: Sequence[Head], dressed: Dressed) -> None:
        for head in window:
            self.add(head, dressed.get(head[0], NOTHING))
        self.flush()

    def add(self, head: Head, part: Part) -> None:
        data, items, excluded, warned, report = part
        self.rendered += 1
        self.warned += warned
        self._put_fragment(head, data, items, excluded, report)

    def copy(self, fragment: Fragment, former: Former) -> None:
        report = former.reasons(fragment)
        self._put_fragment(fragment[:3], former.text(fragment), fragment.items, fragment.excluded, report)
        self.warned += report.count(b"\n") - fragment.excluded

    def _put_fragment(self, head: Head, data: bytes, items: int, excluded: int, report: bytes) -> None:
        self.fragments.add((*head, self._at, len(data), items, excluded, self._report_at, len(report)))
        self.put(data)
        if report:
            self._report.write(report)
            self._report_at += len(report)
        self.items += items
        self.excluded += excluded
