"""Building a feed: products in feed order, rendered or copied from the previous build, into one
immutable file.
"""

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

from pim.feeds.contract import Exporter, Totals
from pim.feeds.formats import Assembled
from pim.feeds.fragments import Fragment, FragmentWriter, PreviousBuild
from pim.feeds.render_pool import ProcessDied, RenderPool
from pim.feeds.rendering import NOTHING, CompiledFeed, RenderedGroup, RenderedGroups, render_window
from pim.garbage import paused_collection
from pim.products import queries as products

WINDOW = 100  # top products: their documents, all unfolded, stay in the processor's cache
# Windows that another process is given at once: enough that the way there and back does not count.
SHARE = 10
BLOCK = 1 << 20
GroupVersion = tuple[int, int, int]
"""A top product's id, the latest change of it and its variants, and how many they are: what tells
whether it must be rendered anew.
"""
OnProgress = Callable[[int], None]
"""Told how many top products are done."""


@dataclass(frozen=True)
class Built:
    """What a build came to. ``rendered``: top products rendered anew; the others were copied from
    the previous build.
    """

    file: Path
    report: Path
    index: Path
    sha256: str
    items: int
    excluded: int
    warned: int
    rendered: int


def build(
    session: Session,
    compiled: CompiledFeed,
    folder: Path,
    previous: PreviousBuild | None,
    step: OnProgress,
    pool: RenderPool | None = None,
) -> Built:
    """Write the feed as of this session's snapshot into ``folder``; ``previous`` lends what has not
    changed since.

    ``pool``: other processes that dress too, where there is no previous build.
    """
    exporter = compiled.exporter
    format, name = exporter.format, exporter.context.slug
    is_assembled = isinstance(format, Assembled)
    writer = _Writer(folder / f"{name}.part", folder / f"{name}.report.part", format.separator)
    with writer, paused_collection():
        if not is_assembled:
            writer.put(exporter.head(Totals(0)))
        windows = _windows(products.group_versions(session), WINDOW)
        if pool is None:
            for window in windows:
                _write_window(session, compiled, window, previous, writer)
                step(writer.done)
        else:
            for share in _shared(session, compiled, windows, pool):
                for window, rendered in share:
                    writer.add_all(window, rendered)
                step(writer.done)
        if not is_assembled:
            writer.put(exporter.tail(Totals(writer.items)))
        writer.flush()
    if isinstance(format, Assembled):
        writer.assemble(format, exporter, folder / f"{name}.assembled.part")
    index = folder / f"{name}.index.part"
    writer.fragments.save(index)
    return Built(
        writer.path,
        writer.report_path,
        index,
        writer.digest.hexdigest(),
        writer.items,
        writer.excluded,
        writer.warned,
        writer.rendered,
    )


def _write_window(
    session: Session,
    compiled: CompiledFeed,
    window: Sequence[GroupVersion],
    previous: PreviousBuild | None,
    writer: "_Writer",
) -> None:
    kept = {head[0]: found for head in window if previous and (found := previous.find(*head))}
    changed = [head[0] for head in window if head[0] not in kept]
    rendered = (
        render_window(session, compiled, products.published(session, changed)) if changed else {}
    )
    for head in window:
        fragment = kept.get(head[0])
        if fragment is not None and previous is not None:
            writer.copy(fragment, previous)
        else:
            writer.add(head, rendered.get(head[0], NOTHING))
    writer.flush()


def _shared(
    session: Session,
    compiled: CompiledFeed,
    windows: Iterator[list[GroupVersion]],
    pool: RenderPool,
) -> Iterator[Iterable[tuple[list[GroupVersion], RenderedGroups]]]:
    """Shares of the work in feed order: the pool's as they come back, and what this process does
    while all processes are full.
    """
    waiting: deque[
        tuple[list[list[GroupVersion]], Future[list[RenderedGroups]] | list[RenderedGroups]]
    ] = deque()
    while share := list(islice(windows, SHARE)):
        read = partial(_read, session, share)
        promised = pool.take(read)
        waiting.append(
            (
                share,
                promised
                or [render_window(session, compiled, products.unfolded(rows)) for rows in read()],
            )
        )
        while waiting and (isinstance(waiting[0][1], list) or waiting[0][1].done()):
            yield _fetched(session, compiled, *waiting.popleft())
    while waiting:
        yield _fetched(session, compiled, *waiting.popleft())


def _read(
    session: Session, share: Sequence[Sequence[GroupVersion]]
) -> Iterator[Sequence[products.StoredRow]]:
    for window in share:
        yield products.stored(session, window[0][0], window[-1][0])


def _fetched(
    session: Session,
    compiled: CompiledFeed,
    share: list[list[GroupVersion]],
    found: "Future[list[RenderedGroups]] | list[RenderedGroups]",
) -> Iterable[tuple[list[GroupVersion], RenderedGroups]]:
    """The windows of a share with what they came to; what a process that died leaves undone is done
    here.
    """
    if isinstance(found, Future):
        try:
            found = found.result()
        except ProcessDied:
            found = [
                render_window(session, compiled, products.unfolded(rows))
                for rows in _read(session, share)
            ]
    return zip(share, found, strict=True)


def _windows(heads: Iterable[GroupVersion], size: int) -> Iterator[list[GroupVersion]]:
    remaining = iter(heads)
    while window := list(islice(remaining, size)):
        yield window


class _Writer:
    """The file, its report and its index, growing together."""

    def __init__(self, path: Path, report_path: Path, separator: bytes = b"") -> None:
        self.path, self.report_path = path, report_path
        self._separator = separator
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

    def add_all(self, window: Sequence[GroupVersion], rendered: RenderedGroups) -> None:
        for head in window:
            self.add(head, rendered.get(head[0], NOTHING))
        self.flush()

    def add(self, head: GroupVersion, part: RenderedGroup) -> None:
        data, items, excluded, warned, report = part
        self.rendered += 1
        self.warned += warned
        self._put_fragment(head, data, items, excluded, report)

    def copy(self, fragment: Fragment, previous: PreviousBuild) -> None:
        report = previous.reasons(fragment)
        self._put_fragment(
            fragment[:3], previous.text(fragment), fragment.items, fragment.excluded, report
        )
        self.warned += report.count(b"\n") - fragment.excluded

    def assemble(self, format: Assembled, exporter: Exporter, target: Path) -> None:
        """Make the finished file of the records that were written. Nothing can be copied from it
        later, so its index is empty.
        """
        totals = format.assemble(self.path, target, exporter)
        self.path, self.items, self.fragments = target, totals.items, FragmentWriter()
        self.digest = sha256()
        with target.open("rb") as file:
            while block := file.read(BLOCK):
                self.digest.update(block)

    def _put_fragment(
        self, head: GroupVersion, data: bytes, items: int, excluded: int, report: bytes
    ) -> None:
        if self._separator and data and self.items:
            self.put(self._separator)
        self.fragments.add(
            (*head, self._at, len(data), items, excluded, self._report_at, len(report))
        )
        self.put(data)
        if report:
            self._report.write(report)
            self._report_at += len(report)
        self.items += items
        self.excluded += excluded
