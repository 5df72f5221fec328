"""Changes to the columns of a feed whose layout is its own: a column with what fills it is added,
called otherwise, moved or taken out, and what names it follows.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pim.attributes.base import InvalidValue
from pim.errors import NotFound, text
from pim.feeds import service
from pim.feeds.editing import MAPPING, demand_seen
from pim.feeds.models import Feed
from pim.feeds.own_columns import OPTION, OwnColumn, read_columns
from pim.feeds.rules import CHANGE, SET


@dataclass(frozen=True)
class FilledColumn:
    """A column to be added, and the rule that fills it; None where somebody says so later."""

    column: OwnColumn
    rule: Mapping[str, Any] | None = None


def columns_of(feed: Feed) -> Sequence[OwnColumn]:
    """The columns of a feed in the order of its file; none where they cannot be read."""
    try:
        return read_columns(feed.options.get(OPTION, []))
    except InvalidValue:
        return ()


class ColumnLayout:
    """The columns of a feed while they are changed; :meth:`save` makes it so."""

    def __init__(self, session: Session, code: str, seen: str) -> None:
        """``seen``: the fingerprint of the columns that the author saw;
        :class:`~pim.errors.Conflict` where they are others by now.
        """
        self._session, self._code = session, code
        feed = service.get(session, code)
        demand_seen(feed.options.get(OPTION, []), seen)
        self._definition = deepcopy(service.definition_of(session, feed))
        self._mapping: dict[str, Any] = self._definition.get(MAPPING, {})
        self._columns = list(columns_of(feed))

    def add(self, columns: Iterable[FilledColumn]) -> int:
        """Put columns behind those that are there, and say how many; what is there already stays as
        it is.
        """
        known = {one.name for one in self._columns}
        added = 0
        for one in columns:
            name = one.column.name
            if name in known:
                continue
            known.add(name)
            self._columns.append(one.column)
            if one.rule is not None:
                self._mapping[name] = dict(one.rule)
            added += 1
        return added

    def change(self, name: str, column: OwnColumn) -> None:
        """Put another column in the place of one: with another name, kind or demand. What fills it
        stays.
        """
        place = self._place(name)
        self._columns[place] = column
        if column.name == name:
            return
        self._mapping = _renamed(self._mapping, name, column.name)
        for rule in self._definition.get("rules", []):
            for part in (SET, CHANGE):
                if part in rule:
                    rule[part] = _renamed(rule[part], name, column.name)

    def move(self, name: str, steps: int) -> None:
        """Further to the beginning where ``steps`` is negative; no further than to either end."""
        place = self._place(name)
        column = self._columns.pop(place)
        self._columns.insert(max(0, place + steps), column)

    def take_out(self, name: str) -> None:
        """With what fills it, and what rules do with it."""
        del self._columns[self._place(name)]
        self._mapping.pop(name, None)
        for rule in self._definition.get("rules", []):
            for part in (SET, CHANGE):
                rule.get(part, {}).pop(name, None)

    def save(self, now: datetime, *, by: str) -> Feed:
        """:class:`~pim.errors.Invalid` where the feed does not fit so."""
        options = dict(self._definition.get("options", {}))
        options[OPTION] = [one.said() for one in self._columns]
        whole = {**self._definition, "options": options, MAPPING: self._mapping}
        return service.define(self._session, self._code, whole, now, by=by)

    def _place(self, name: str) -> int:
        for place, column in enumerate(self._columns):
            if column.name == name:
                return place
        raise NotFound(text("This feed has no column “%(name)s”.", name=name))


def _renamed(named: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    return {(new if name == old else name): value for name, value in named.items()}
