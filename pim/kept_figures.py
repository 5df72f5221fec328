"""Figures that are counted once for each state of what they are counted from, and not at each view.

Each process keeps its own; a state is told by counters (:func:`pim.db.current`), which all
processes read from the database.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

Asked = TypeVar("Asked", bound=Hashable)
Figure = TypeVar("Figure")


@dataclass(frozen=True)
class _OfOneState(Generic[Asked, Figure]):
    state: Hashable
    figures: dict[Asked, Figure] = field(default_factory=dict)


class KeptFigures(Generic[Asked, Figure]):
    """The figures of one kind, of every database that this process has open."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Pool, _OfOneState[Asked, Figure]] = WeakKeyDictionary()

    def get(
        self, session: Session, state: Hashable, asked: Asked, count: Callable[[], Figure]
    ) -> Figure:
        """The figure for what is asked, counted where it was not in this state. ``state``: equal as
        long as ``count`` would find the same, read in this session.
        """
        pool = session.connection().engine.pool
        kept = self._kept.get(pool)
        if kept is None or kept.state != state:
            kept = self._kept[pool] = _OfOneState(state)
        if asked not in kept.figures:
            kept.figures[asked] = count()
        return kept.figures[asked]
