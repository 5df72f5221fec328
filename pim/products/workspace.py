"""The products (or other records) of one batch in memory: loaded in a handful of queries, changed,
written in a handful of statements.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim import outbox
from pim.bulk import in_values, insert_rows, update_rows
from pim.db import JsonText, allocate
from pim.hash_index import HashIndex
from pim.listing import merge
from pim.outbox import OutboxEvent
from pim.products.change import IndexedTerms, Origin
from pim.products.models import Change
from pim.products.stores import MOMENTS, PRODUCTS, RecordStore
from pim.structure.objects import Structure
from pim.values import Document
from pim.workflow import DRAFT


def key_of(identifier: str) -> str:
    """Identifiers that differ only in case, or in how an accent is stored (a Mac writes e and ´
    where others write é), name the same product. Those with ß and ss name two.
    """
    return identifier.lower() if identifier.isascii() else normalize("NFC", identifier).lower()


@dataclass(slots=True)
class WorkflowStep:
    """What the workflow did to a product: the status before; the values that channels saw before,
    where they see others now (None: nothing was published); the reason of a forced approval.
    """

    status_before: str
    is_approval: bool = False
    published_before: dict[str, Any] | None = None
    reason: str | None = None


@dataclass(slots=True, eq=False)
class LoadedProduct:
    """One product in the workspace: its row, and what of it changed."""

    id: int
    identifier: str
    key: str
    kind: str
    parent_id: int | None
    root_id: int
    family: str | None
    family_variant: str | None
    enabled: bool
    status: str
    values: Document
    published: Document | None
    published_at: datetime | None
    version: int
    edited_version: int
    seq: int
    chosen: dict[str, str] | None
    created: datetime
    updated: datetime
    is_new: bool = False
    old: dict[str, Any] = field(default_factory=dict)
    row: int | None = None
    indexed: IndexedTerms | None = None
    step: WorkflowStep | None = None
    chosen_before: dict[str, str | None] | None = None
    terms: IndexedTerms | None = None
    """What the index must say of it, where that is known already."""
    document: JsonText | None = None
    """The values as they are stored, where a new product came so; then ``values`` is empty."""

    def unpack(self) -> None:
        """Read the values of a product that came as JSON text."""
        if self.document is not None:
            self.values, self.document = self.document.read(), None

    def remember(self, address: str, before: Any) -> None:
        """Keep the value from before this batch for the undo log (the first one counts)."""
        self.old.setdefault(address, before)

    def remember_status(self) -> None:
        """Keep the status from before this batch for the undo log."""
        if self.step is None:
            self.step = WorkflowStep(self.status)


class PlannedFile:
    """What the batches of a file that were planned so far would have made of the hub.

    Only what a later batch can meet: models, and who holds which claim.
    """

    def __init__(self) -> None:
        self.models: dict[str, LoadedProduct] = {}
        self.models_by_id: dict[int, LoadedProduct] = {}
        self.holders = HashIndex("ids")
        """A claim -> the product that would hold it."""
        self.freed = HashIndex("ids")
        """(claim, product) -> that product, which would no longer hold it."""
        self._made = HashIndex("lines")
        self.last_id = 0
        """The last id that was made up; such ids are negative."""

    def makes(self, key: str) -> bool:
        """Whether the file would make a product of this key."""
        return self._made.get(key) is not None

    def keep(self, work: "Workspace") -> None:
        """Remember the models that a batch would make or change, and the names of what is new."""
        for item in work.touched:
            if item.is_new:
                self._made.first(item.key, 1)
            if item.kind == "model":
                self.models[item.key] = self.models_by_id[item.id] = item


class Workspace:
    """Rows by id and by key, with their ancestors, and for families with variants all relatives.

    ``store``: of which kind of record the rows are. ``is_locking``: the rows are locked against
    other writers, because they will be written. ``planned``: what stands beside the database while
    a whole file is planned.
    """

    def __init__(
        self,
        session: Session,
        structure: Structure,
        now: datetime,
        *,
        store: RecordStore = PRODUCTS,
        is_locking: bool = True,
        planned: PlannedFile | None = None,
    ) -> None:
        self.session = session
        self.structure = structure
        self.now = now
        self.store = store
        self.planned = planned
        self.things: Collection[str] | None = None
        """Of a store whose records tell of things kept elsewhere: the things of the batch that
        there are."""
        self._is_locking = is_locking
        self._last_passing_id = 0
        self.by_id: dict[int, LoadedProduct] = {}
        self.by_key: dict[str, LoadedProduct] = {}
        self.children: dict[int, list[LoadedProduct]] = {}
        self._touched: dict[str, LoadedProduct] = {}

    def load(self, identifiers: Iterable[str]) -> None:
        """Load these products and everyone related to them."""
        keys = {key_of(identifier) for identifier in identifiers}
        if self.planned is not None:
            self._take_planned(keys & self.planned.models.keys())
        if self._is_locking:
            self._lock(keys)
        self._load("key", keys - self.by_key.keys())
        roots = {
            item.root_id
            for item in self.by_id.values()
            if item.parent_id is not None or item.kind == "model"
        }
        self._load("root_id", roots)

    def _lock(self, keys: Collection[str]) -> None:
        """On PostgreSQL, lock these products and everyone related to them in one go, in the order
        of their ids. Locked one after the other, as they are loaded, two writers of one model's
        variants could each hold what the other waits for.
        """
        if not keys or self.session.connection().dialect.name == "sqlite":
            return
        root_id, own = self.store.column("root_id"), self.store.own
        named = in_values(self.session, self.store.column("key"), keys)
        roots = self.session.scalars(select(root_id).where(named, *own).distinct()).all()
        related = in_values(self.session, root_id, roots)
        locked = select(self.store.column("id")).where(related, *own)
        self.session.execute(locked.order_by(self.store.column("id")).with_for_update()).all()

    def load_roots(self, roots: Iterable[int]) -> None:
        """Top products by id, with all below them."""
        self._load("root_id", set(roots))

    def load_things(self, identifiers: Collection[str]) -> None:
        """Find out which of the things there are that these records would tell of."""
        if self.store.existing is not None:
            self.things = self.store.existing(self.session, identifiers)

    def _load(self, column: str, wanted: set[Any]) -> None:
        if wanted:
            is_wanted = in_values(self.session, self.store.column(column), wanted)
            chosen = select(*self.store.loaded_columns()).where(is_wanted, *self.store.own)
            chosen = chosen.order_by(self.store.column("id"))
            if self._is_locking:
                chosen = chosen.with_for_update()
            for row in self.session.execute(chosen):
                self._take(row)

    def _take_planned(self, keys: Iterable[str]) -> None:
        """Models that an earlier batch would have made or changed, with the models above them."""
        assert self.planned is not None
        by_id = self.planned.models_by_id
        for key in keys:
            item: LoadedProduct | None = self.planned.models[key]
            while item is not None and item.id not in self.by_id:
                self.add(item)
                item = by_id.get(item.parent_id or 0)

    def passing_ids(self, count: int) -> range:
        """Ids for products that are only planned: negative, and each given once in a file."""
        last = self._last_passing_id if self.planned is None else self.planned.last_id
        first = last - count
        self._last_passing_id = first
        if self.planned is not None:
            self.planned.last_id = first
        return range(first, last)

    def _take(self, row: Sequence[Any]) -> None:
        if row[0] not in self.by_id:
            self.add(LoadedProduct(*row))

    def add(self, item: LoadedProduct) -> None:
        self.by_id[item.id] = item
        self.by_key[item.key] = item
        if item.parent_id is not None:
            self.children.setdefault(item.parent_id, []).append(item)

    def find(self, identifier: str) -> LoadedProduct | None:
        return self.by_key.get(key_of(identifier))

    def ancestors(self, item: LoadedProduct) -> list[LoadedProduct]:
        """Top model first."""
        found: list[LoadedProduct] = []
        parent = item.parent_id
        while parent is not None:
            found.insert(0, self.by_id[parent])
            parent = self.by_id[parent].parent_id
        return found

    def descendants(self, item: LoadedProduct) -> Iterator[LoadedProduct]:
        for child in self.children.get(item.id, ()):
            yield child
            yield from self.descendants(child)

    def merged(self, item: LoadedProduct) -> Document:
        """The working document with what it inherits (its own dict: do not change it where there is
        no parent).
        """
        if item.parent_id is None:
            return item.values
        return merge([*(one.values for one in self.ancestors(item)), item.values])

    def create(self, product_id: int, identifier: str, kind: str) -> LoadedProduct:
        """A new draft with an id taken from the counter."""
        item = LoadedProduct(
            id=product_id,
            identifier=identifier,
            key=key_of(identifier),
            kind=kind,
            parent_id=None,
            root_id=product_id,
            family=None,
            family_variant=None,
            enabled=True,
            status=DRAFT,
            values={},
            published=None,
            published_at=None,
            version=0,
            edited_version=0,
            seq=0,
            chosen=None,
            created=self.now,
            updated=self.now,
            is_new=True,
        )
        self.add(item)
        self.touch(item)
        return item

    def adopt(self, item: LoadedProduct, parent: LoadedProduct | None) -> None:
        """Put an item below another parent (None: on top)."""
        if item.parent_id is not None:
            self.children[item.parent_id].remove(item)
        item.parent_id = parent.id if parent else None
        item.root_id = parent.root_id if parent else item.id
        if parent:
            self.children.setdefault(parent.id, []).append(item)

    def touch(self, item: LoadedProduct) -> None:
        self._touched[item.key] = item

    @property
    def touched(self) -> list[LoadedProduct]:
        return list(self._touched.values())

    def write(self, heirs: Sequence[LoadedProduct], origin: Origin) -> None:
        """Store the touched products with a change record and an outbox row each.

        ``heirs``: relatives whose inherited values changed; they only move in the change sequence,
        and take over their model's family.
        """
        touched = self.touched
        if not touched:
            return
        moving = [*touched, *heirs]
        last = allocate(self.session, "seq", len(moving))
        for seq, item in enumerate(moving, start=last - len(moving) + 1):
            item.seq = seq
        for item in touched:
            item.version += 1
            item.updated = self.now
            if item.old or item.is_new:
                item.edited_version = item.version
        self._store(touched, heirs)
        self._record(touched, origin)
        outbox.record(self.session, list(map(_event, touched)), self.now)
        for item in touched:
            item.is_new, item.old, item.step, item.chosen_before = False, {}, None, None
        self._touched = {}

    def _store(self, touched: list[LoadedProduct], heirs: Sequence[LoadedProduct]) -> None:
        table, names = self.store.table, self.store.columns
        new = sorted((item for item in touched if item.is_new), key=self._place)
        made = _columns(new, names)
        made["values"] = [item.document or item.values for item in new]
        insert_rows(self.session, table, made, dict.fromkeys(MOMENTS, self.now))
        changed = [item for item in touched if not item.is_new]
        columns = _columns(changed, names[1:])
        ids = [item.id for item in changed]
        update_rows(self.session, table, ids, columns, {"updated": self.now})
        ids = [item.id for item in heirs]
        update_rows(self.session, table, ids, _columns(heirs, ("seq", "family")))

    def _place(self, item: LoadedProduct) -> tuple[int, int]:
        """Models before what stands below them, in whatever order a batch names them: a row names
        its model's.
        """
        return len(self.ancestors(item)), item.id

    def _record(self, touched: list[LoadedProduct], origin: Origin) -> None:
        last = allocate(self.session, "change", len(touched))
        columns: dict[str, Sequence[Any]] = {
            "id": range(last - len(touched) + 1, last + 1),
            "product_id": [item.id for item in touched],
            "version": [item.version for item in touched],
            "row": [item.row for item in touched],
            "old": [item.old for item in touched],
        }
        if any(item.step is not None for item in touched):
            columns |= _step_columns(touched)
        if any(item.chosen_before for item in touched):
            columns["chosen_before"] = [item.chosen_before for item in touched]
        same = {
            "at": self.now,
            "source": origin.kind,
            "actor": origin.actor,
            "reference": origin.reference,
        }
        if self.store is not PRODUCTS:
            same["record_kind"] = self.store.code
        insert_rows(self.session, Change, columns, same)


def _step_columns(touched: Sequence[LoadedProduct]) -> dict[str, Sequence[Any]]:
    steps = [item.step for item in touched]
    return {
        "status_before": [None if step is None else step.status_before for step in steps],
        "is_approval": [step is not None and step.is_approval for step in steps],
        "published_before": [None if step is None else step.published_before for step in steps],
        "reason": [None if step is None else step.reason for step in steps],
    }


def _event(item: LoadedProduct) -> OutboxEvent:
    """What happened to a product, for the outbox."""
    if item.is_new:
        what = "created"
    elif item.step is None or item.step.status_before == item.status:
        what = "changed"
    else:
        what = item.status
    return OutboxEvent(f"{item.kind}.{what}", item.kind, str(item.id), item.seq)


def _columns(items: Sequence[LoadedProduct], names: Sequence[str]) -> dict[str, list[Any]]:
    return {name: list(map(attrgetter(name), items)) for name in names}
