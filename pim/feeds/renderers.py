"""Who renders a build's products: this process alone, or a pool of others beside it. A build does
not notice the difference, nor does its file.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from itertools import islice
from typing import Protocol

from sqlalchemy.orm import Session

from pim.feeds.render_pool import ProcessDied, RenderPool
from pim.feeds.rendering import CompiledFeed, RenderedGroups, render_window
from pim.processes.process import unpickled
from pim.products import published_products
from pim.products.published_products import GroupVersion, StoredRow

Window = Sequence[GroupVersion]
"""Some top products that follow each other in the feed."""

SHARE = 10
"""Windows that another process is given at once: enough that the way there and back does not
count.
"""


class Renderer(Protocol):
    """Renders windows of products."""

    def render(self, windows: Iterator[Window]) -> Iterator[RenderedGroups]:
        """What the products of each window came to, window by window in their order. Reads ahead in
        ``windows`` as far as it likes.
        """
        ...


class LocalRenderer:
    """Renders in this process, one window after the other."""

    def __init__(self, session: Session, compiled: CompiledFeed) -> None:
        self._session, self._compiled = session, compiled

    def render(self, windows: Iterator[Window]) -> Iterator[RenderedGroups]:
        for window in windows:
            yield self.render_rows(self.read(window))

    def read(self, window: Window) -> list[StoredRow]:
        """The rows of these products with all below them; what else lies between is left out."""
        if not window:
            return []
        wanted = {version[0] for version in window}
        rows = published_products.stored(self._session, window[0][0], window[-1][0])
        return [row for row in rows if row[0] in wanted]

    def render_rows(self, rows: Sequence[StoredRow]) -> RenderedGroups:
        return render_window(self._session, self._compiled, published_products.unfolded(rows))


class PoolRenderer:
    """Gives shares of the work to other processes, and does a share itself while all are busy.

    All rows are read here, so that the whole build is of one moment.
    """

    def __init__(self, local: LocalRenderer, pool: RenderPool) -> None:
        self._local, self._pool = local, pool

    def render(self, windows: Iterator[Window]) -> Iterator[RenderedGroups]:
        begun: deque[_Share] = deque()
        while share := list(islice(windows, SHARE)):
            begun.append(self._begin(share))
            while begun and begun[0].is_done:
                yield from begun.popleft().result()
        while begun:
            yield from begun.popleft().result()

    def _begin(self, windows: list[Window]) -> "_Share":
        promised = self._pool.take(partial(self._read, windows))
        if promised is not None:
            return _Promised(promised, partial(self._render_here, windows))
        return _Done(self._render_here(windows))

    def _read(self, windows: list[Window]) -> list[list[StoredRow]]:
        return [self._local.read(window) for window in windows]

    def _render_here(self, windows: list[Window]) -> list[RenderedGroups]:
        return [self._local.render_rows(rows) for rows in self._read(windows)]


class _Share(Protocol):
    """Some windows on their way."""

    @property
    def is_done(self) -> bool: ...

    def result(self) -> list[RenderedGroups]: ...


class _Done:
    def __init__(self, rendered: list[RenderedGroups]) -> None:
        self._rendered = rendered
        self.is_done = True

    def result(self) -> list[RenderedGroups]:
        return self._rendered


class _Promised:
    """What a process is working on; should it die, this process does its work."""

    def __init__(self, promised: "Future[bytes]", instead: "partial[list[RenderedGroups]]") -> None:
        self._promised, self._instead = promised, instead

    @property
    def is_done(self) -> bool:
        return self._promised.done()

    def result(self) -> list[RenderedGroups]:
        try:
            answer = self._promised.result()
        except ProcessDied:
            return self._instead()
        rendered: list[RenderedGroups] = unpickled(answer)
        return rendered
