"""The one cause of each difference between two builds: see :mod:`pim.feeds.differences`.

A product's own change comes first, or one of the models above it; where the feed itself was
rendered otherwise, only a change that channels see and that touches what differs. Then come the
feed's rules and mapping, the structure, the day and the exporter; at last what else a record may
depend on, its pictures and the other products.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from media.storage import Storage
from pim.bulk import in_values
from pim.errors import EtalageError, NotFound, text
from pim.feeds.differences import (
    Cause,
    CausedDifferences,
    DifferingProduct,
    TracedDifference,
    traced_differences,
)
from pim.feeds.files import trace_key
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.rendering import compile_feed, fingerprint_of
from pim.feeds.traces import Trace, checksum_of, read_trace
from pim.products import change_names
from pim.products.models import Change, Product
from pim.products.removal import NAMED
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.versions import SetupVersion

STEERING = ("rules", "selection")
"""What of a feed's definition is its rules; all else is its mapping."""
STOCK = frozenset({"stock", "availability"})


class _Member(NamedTuple):
    """A product that is there, with its place in its tree."""

    id: int
    identifier: str
    parent: int | None
    root: int


@dataclass(frozen=True)
class Comparison:
    """Two builds of a feed with their traces, the later one last. ``feed``: as the later one was
    made.
    """

    feed: Feed
    structure: Structure
    base_url: str
    old: FeedBuild
    old_trace: Trace
    new: FeedBuild
    new_trace: Trace

    @property
    def is_rendered_alike(self) -> bool:
        return self.old.digest == self.new.digest


def caused_differences(session: Session, compared: Comparison) -> list[CausedDifferences]:
    """What differs, by cause; the one with the most products first."""
    found = list(traced_differences(compared.old_trace, compared.new_trace))
    causes = _Causes(session, compared, found)
    groups: dict[tuple[str, str], CausedDifferences] = {}
    for one in found:
        cause, row = causes.of(one)
        group = groups.setdefault((cause.kind, cause.reference), CausedDifferences(cause))
        group.add(one.event, DifferingProduct(causes.name_of(one), one.fields, row))
    return sorted(groups.values(), key=lambda group: -group.total)


def differences_between(
    session: Session, storage: Storage, base_url: str, old: FeedBuild, new: FeedBuild
) -> list[CausedDifferences]:
    """The same of two builds that are kept; :class:`~pim.errors.NotFound` where one of them was
    made before builds kept traces.
    """
    feed = session.get_one(Feed, new.feed)
    structure = catalog.structure(session)
    compared = Comparison(
        feed, structure, base_url, old, trace_of(storage, old), new, trace_of(storage, new)
    )
    return caused_differences(session, compared)


def trace_of(storage: Storage, build: FeedBuild) -> Trace:
    """:class:`~pim.errors.NotFound` where the build has none."""
    if not storage.exists(trace_key(build)):
        raise NotFound(text("Nothing is kept of build %(id)s to compare it by.", id=build.id))
    return read_trace(storage.get(trace_key(build)))


class _CauseAndRow(NamedTuple):
    cause: Cause
    row: int | None = None


class _Causes:
    """What happened between two builds, read once for all that differs."""

    def __init__(
        self, session: Session, compared: Comparison, found: Sequence[TracedDifference]
    ) -> None:
        self._session, self._compared = session, compared
        roots = {one.product.root for one in found}
        self._members = _members(session, roots)
        self._by_root = _by_root(self._members.values())
        self._names = {
            checksum_of(one.identifier): one.identifier for one in self._members.values()
        }
        gone = {one.product.checksum for one in found} - self._names.keys()
        self._removals = self._removed(gone) if gone else {}
        self._changes = self._changes_of(self._members)
        references = {one.reference for one in self._all_changes() if one.reference}
        self._runs = change_names.runs(session, references)
        self._people = change_names.people(session)

    def name_of(self, one: TracedDifference) -> str:
        known = self._names.get(one.product.checksum)
        if known is not None:
            return known
        removal = self._removals.get(one.product.checksum)
        return str(removal.old["identifier"]) if removal is not None else f"#{one.product.root}"

    def of(self, one: TracedDifference) -> _CauseAndRow:
        """The cause of a difference, and the row of the import that it came from."""
        removal = self._removals.get(one.product.checksum)
        if removal is not None and one.product.checksum not in self._names:
            return self._by_change(removal)
        own = self._own_change(one)
        if own is not None:
            return self._by_change(own)
        if not self._compared.is_rendered_alike:
            return _CauseAndRow(self._of_the_feed)
        if one.event == "changes" and self._shows_pictures(one.fields):
            return _CauseAndRow(PICTURE)
        near = [
            change
            for member in self._by_root.get(one.product.root, ())
            for change in self._changes.get(member.id, ())
        ]
        if near:
            return self._by_change(max(near, key=lambda change: change.id))
        return _CauseAndRow(NEIGHBOUR)

    def _own_change(self, one: TracedDifference) -> Change | None:
        """The latest change of the product or a model above it that channels see; where the feed is
        rendered alike, any.
        """
        changes = [
            change for number in self._chain(one) for change in self._changes.get(number, ())
        ]
        seen = [change for change in changes if self._is_seen(change)]
        if not self._compared.is_rendered_alike:
            seen = [change for change in seen if self._touches(change, one)]
            return max(seen, key=lambda change: change.id, default=None)
        return max(seen or changes, key=lambda change: change.id, default=None)

    def _chain(self, one: TracedDifference) -> Iterator[int]:
        """The ids of the product and of the models above it."""
        name = self._names.get(one.product.checksum)
        group = self._by_root.get(one.product.root, ())
        found = next((member for member in group if member.identifier == name), None)
        while found is not None:
            yield found.id
            found = self._members.get(found.parent) if found.parent is not None else None

    def _is_seen(self, change: Change) -> bool:
        """Whether channels see it without an approval that comes later."""
        if change.is_approval or change.status_before is not None or change.version == 1:
            return True
        if "enabled" in change.old:
            return True
        attributes = map(self._compared.structure.attribute_at.get, change.old)
        return any(one is not None and one.fact for one in attributes)

    def _touches(self, change: Change, one: TracedDifference) -> bool:
        """Whether it changed what the differing fields show."""
        if one.event != "changes" or change.is_approval or change.version == 1:
            return True
        shown = {address for name in one.fields for address in self._addresses.get(name, ())}
        return not shown.isdisjoint(change.old)

    @cached_property
    def _addresses(self) -> Mapping[str, frozenset[str]]:
        compared = self._compared
        try:
            compiled = compile_feed(
                compared.structure, compared.feed, compared.base_url, compared.new.started.date()
            )
        except EtalageError:  # it was changed once more, and does not hold together now
            return {}
        return compiled.mapping.addresses

    def _shows_pictures(self, fields: Iterable[str]) -> bool:
        traced = self._compared.new_trace.fields
        return any(name in traced and traced[name].kind == "picture" for name in fields)

    def _by_change(self, change: Change) -> _CauseAndRow:
        reference = change.reference or ""
        if change.source != "import":
            who = self._people.get(change.actor, change.actor)
            message = text("Changed by %(who)s", who=who)
            return _CauseAndRow(Cause("edit", change.actor, message))
        kind = "stock" if self._is_stock(change) else "import"
        run = self._runs.get(reference)
        if run is None:
            return _CauseAndRow(Cause(kind, reference, text("An import")), change.row)
        message = text("Import: %(run)s", run=run)
        return _CauseAndRow(Cause(kind, reference, message), change.row)

    def _is_stock(self, change: Change) -> bool:
        attributes = map(self._compared.structure.attribute_at.get, change.old)
        return bool(change.old) and all(
            one is not None and (one.meaning in STOCK or one.code in STOCK) for one in attributes
        )

    @cached_property
    def _of_the_feed(self) -> Cause:
        """Why the feed is rendered otherwise than before."""
        feed = self._versions("feed", self._compared.feed.code)
        if feed:
            before, after = feed[0].content or {}, feed[-1].content or {}
            steers = any(before.get(one) != after.get(one) for one in STEERING)
            return _saved("rule" if steers else "mapping", feed[-1])
        structure = self._versions("structure", None)
        if structure:
            return _saved("structure", structure[-1])
        return CLOCK if self._was_the_day() else SPECIFICATION

    def _versions(self, kind: str, code: str | None) -> Sequence[SetupVersion]:
        """What was saved between the builds, behind the version that was there before; nothing
        where nothing was.
        """
        wanted = select(SetupVersion).where(SetupVersion.kind == kind).order_by(SetupVersion.id)
        if code is not None:
            wanted = wanted.where(SetupVersion.code == code)
        until = [
            one for one in self._session.scalars(wanted) if one.at <= self._compared.new.started
        ]
        since = [one for one in until if one.at >= self._compared.old.started]
        return until[-len(since) - 1 :] if since else []

    def _was_the_day(self) -> bool:
        """Whether the same feed was rendered on the earlier day as it was: then the exporter is the
        same one.
        """
        compared = self._compared
        earlier = compared.old.started.date()
        if earlier == compared.new.started.date():
            return False
        try:
            compiled = compile_feed(compared.structure, compared.feed, compared.base_url, earlier)
        except EtalageError:  # on that day it does not hold together as it is now
            return True
        return fingerprint_of(compared.feed, compiled) == compared.old.digest

    def _all_changes(self) -> Iterator[Change]:
        for some in self._changes.values():
            yield from some
        yield from self._removals.values()

    def _changes_of(self, ids: Collection[int]) -> Mapping[int, Sequence[Change]]:
        wanted = select(Change).where(
            in_values(self._session, Change.product_id, ids), self._is_between
        )
        found: dict[int, list[Change]] = defaultdict(list)
        for change in self._session.scalars(wanted.order_by(Change.id)):
            found[change.product_id].append(change)
        return found

    def _removed(self, checksums: Collection[int]) -> Mapping[int, Change]:
        """Checksum -> the removal of the product, of those that are there no more."""
        found: dict[int, Change] = {}
        for change in self._session.scalars(select(Change).where(self._is_between)):
            if all(name in change.old for name in NAMED):
                checksum = checksum_of(str(change.old["identifier"]))
                if checksum in checksums:
                    found[checksum] = change
        return found

    @property
    def _is_between(self) -> ColumnElement[bool]:
        """By their numbers: what a long transaction writes has an earlier moment than it comes
        in.
        """
        return Change.id.between(
            self._compared.old_trace.change + 1, self._compared.new_trace.change
        )


def _members(session: Session, roots: Collection[int]) -> dict[int, _Member]:
    wanted = select(Product.id, Product.identifier, Product.parent_id, Product.root_id)
    rows = session.execute(wanted.where(in_values(session, Product.root_id, roots)))
    return {row[0]: _Member(*row) for row in rows}


def _by_root(members: Iterable[_Member]) -> Mapping[int, Sequence[_Member]]:
    found: dict[int, list[_Member]] = defaultdict(list)
    for one in members:
        found[one.root].append(one)
    return found


PICTURE = Cause("picture", "", text("A picture was replaced or taken away"))
NEIGHBOUR = Cause("neighbour", "", text("Another product of the feed"))
CLOCK = Cause("clock", "", text("The day: something of the feed begins or ends on a date"))
SPECIFICATION = Cause("specification", "", text("A new version of the exporter"))


def _saved(kind: str, version: SetupVersion) -> Cause:
    saved = {"who": version.by, "when": version.at}
    messages = {
        "rule": text("Rules of the feed, saved by %(who)s, %(when)s", **saved),
        "mapping": text("Mapping or settings of the feed, saved by %(who)s, %(when)s", **saved),
        "structure": text("Structure of the shop, saved by %(who)s, %(when)s", **saved),
    }
    return Cause(kind, str(version.id), messages[kind])
