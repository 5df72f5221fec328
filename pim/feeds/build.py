"""Building a feed: products in feed order, rendered or copied from the previous build, into one
immutable file.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from pim.feeds.contract import Exporter, Totals
from pim.feeds.faults import faults_of
from pim.feeds.formats import Assembled
from pim.feeds.fragments import Fragment, FragmentWriter, PreviousBuild
from pim.feeds.render_pool import RenderPool
from pim.feeds.renderers import LocalRenderer, PoolRenderer, Renderer, Window
from pim.feeds.rendering import NOTHING, CompiledFeed, RenderedGroup, RenderedGroups
from pim.feeds.reports import count_lines
from pim.feeds.traces import Trace, TraceWriter
from pim.feeds.versions import group_versions
from pim.garbage import paused_collection
from pim.products.history import latest_change
from pim.products.published_products import GroupVersion

WINDOW = 100  # top products: their documents, all unfolded, stay in the processor's cache
BLOCK = 1 << 20
OnProgress = Callable[[int], None]
"""Told how many top products are done."""


@dataclass(frozen=True)
class Built:
    """What a build came to. ``rendered``: top products rendered again; the others were copied from
    the previous build.
    """

    file: Path
    report: Path
    index: Path
    trace: Trace
    sha256: str
    items: int
    excluded: int
    warned: int
    rendered: int
    worth: int


def build(
    session: Session,
    compiled: CompiledFeed,
    folder: Path,
    previous: PreviousBuild | None,
    step: OnProgress,
    pool: RenderPool | None = None,
    only: Collection[int] | None = None,
) -> Built:
    """Write the feed as of this session's snapshot into ``folder``; ``previous`` lends what has not
    changed since.

    ``pool``: other processes that render too. ``only``: the ids of some top products, where not all
    are wanted.
    """
    exporter = compiled.exporter
    format, name = exporter.format, exporter.context.slug
    is_assembled = isinstance(format, Assembled)
    writer = _Writer(
        folder / f"{name}.part",
        folder / f"{name}.report.part",
        TraceWriter(compiled.tracer),
        format.separator,
    )
    local = LocalRenderer(session, compiled)
    renderer: Renderer = local if pool is None else PoolRenderer(local, pool)
    versions = group_versions(session, compiled.mapping.lookup.providers.values())
    if only is not None:
        versions = (version for version in versions if version[0] in only)
    with writer, paused_collection():
        if not is_assembled:
            with faults_of(type(exporter)):
                writer.put(exporter.head(Totals(0)))
        for window in _rendered(_planned(versions, previous), renderer):
            writer.add(window, previous)
            step(writer.done)
        if not is_assembled:
            with faults_of(type(exporter)):
                writer.put(exporter.tail(Totals(writer.items)))
        writer.flush()
    if isinstance(format, Assembled):
        with faults_of(type(exporter)):
            writer.assemble(format, exporter, folder / f"{name}.assembled.part")
    if compiled.claims is not None:  # what is left out depends on other products
        writer.fragments = FragmentWriter()
    index = folder / f"{name}.index.part"
    writer.fragments.save(index)
    return Built(
        writer.path,
        writer.report_path,
        index,
        writer.traces.made(latest_change(session)),
        writer.digest.hexdigest(),
        writer.items,
        writer.excluded,
        writer.warned,
        writer.rendered,
        writer.worth,
    )


@dataclass(frozen=True)
class _Plan:
    """A window of top products. ``kept``: id -> where the previous build has it, of those that have
    not changed since.
    """

    window: Window
    kept: dict[int, Fragment]

    @property
    def changed(self) -> Window:
        """Those that must be rendered."""
        if not self.kept:
            return self.window
        return [version for version in self.window if version[0] not in self.kept]


@dataclass(frozen=True)
class _RenderedWindow:
    """A window with all that goes into the file."""

    plan: _Plan
    rendered: RenderedGroups


def _planned(versions: Iterator[GroupVersion], previous: PreviousBuild | None) -> Iterator[_Plan]:
    while window := list(islice(versions, WINDOW)):
        kept: dict[int, Fragment] = {}
        if previous is not None:
            for version in window:
                fragment = previous.find(*version)
                if fragment is not None:
                    kept[version[0]] = fragment
        yield _Plan(window, kept)


def _rendered(plans: Iterator[_Plan], renderer: Renderer) -> Iterator[_RenderedWindow]:
    """The plans carried out, in their order. The renderer may be some windows ahead."""
    begun: deque[_Plan] = deque()

    def to_render() -> Iterator[Window]:
        for plan in plans:
            begun.append(plan)
            yield plan.changed

    for rendered in renderer.render(to_render()):
        yield _RenderedWindow(begun.popleft(), rendered)


class _Writer:
    """The file, its report, its index and its trace, growing together."""

    def __init__(
        self, path: Path, report_path: Path, traces: TraceWriter, separator: bytes = b""
    ) -> None:
        self.path, self.report_path = path, report_path
        self.traces = traces
        self._separator = separator
        self.digest = sha256()
        self.fragments = FragmentWriter()
        self.items = self.excluded = self.warned = self.rendered = self.worth = 0
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

    def add(self, window: _RenderedWindow, previous: PreviousBuild | None) -> None:
        """Write a window's products, each as it was rendered, or as the previous build has it."""
        kept, rendered = window.plan.kept, window.rendered
        for version in window.plan.window:
            root = version[0]
            if previous is not None and root in kept:
                self._copy(kept[root], previous)
            else:
                self._add_rendered(version, rendered.get(root, NOTHING))
        self.flush()

    def _add_rendered(self, version: GroupVersion, group: RenderedGroup) -> None:
        data, items, excluded, warned, report, trace, worth = group
        self.rendered += 1
        self.warned += warned
        self.traces.add(trace)
        self._put_fragment(version, data, items, excluded, report, worth)

    def _copy(self, fragment: Fragment, previous: PreviousBuild) -> None:
        report = previous.reasons(fragment)
        self.traces.add(previous.trace(fragment))
        self._put_fragment(
            fragment[:3],
            previous.text(fragment),
            fragment.items,
            fragment.excluded,
            report,
            fragment.worth,
        )
        self.warned += count_lines(report) - fragment.excluded

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
        self,
        version: GroupVersion,
        data: bytes,
        items: int,
        excluded: int,
        report: bytes,
        worth: int,
    ) -> None:
        if self._separator and data and self.items:
            self.put(self._separator)
        self.fragments.add(
            (*version, self._at, len(data), items, excluded, self._report_at, len(report), worth)
        )
        self.put(data)
        if report:
            self._report.write(report)
            self._report_at += len(report)
        self.items += items
        self.excluded += excluded
        self.worth += worth
