"""The products of one batch in memory: loaded in a handful of queries, changed, written in a handful of statements."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.orm import Session

from pim.db import allocate
from pim.listing import merge
from pim.products.change import Source
from pim.products.models import Change, Product
from pim.structure import Structure
from pim.values import Document
from pim.workflow import DRAFT

COLUMNS = [getattr(Product, name) for name in (
    "id", "identifier", "key", "kind", "parent_id", "root_id", "family", "family_variant", "enabled", "status", "values", "published",
    "published_at", "version", "seq", "created", "updated",
)]  # fmt: skip
CHUNK = 500


def key_of(identifier: str) -> str:
    """Identifiers that differ only in case name the same product."""
    return identifier.casefold()


@dataclass(slots=True, eq=False)
class Item:
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
    seq: int
    created: datetime
    updated: datetime
    is_new: bool = False
    old: dict[str, Any] = field(default_factory=dict)
    row: int | None = None
    indexed: tuple[frozenset[tuple[str, str]], str] | None = None

    def remember(self, address: str, before: Any) -> None:
        """Keep the value from before this batch for the undo log (the first one counts)."""
        self.old.setdefault(address, before)


class Workspace:
    """Rows by id and by key, with their ancestors, and for families with variants all relatives."""

    def __init__(self, session: Session, structure: Structure, now: datetime) -> None:
        self.session = session
        self.structure = structure
        self.now = now
        self.by_id: dict[int, Item] = {}
        self.by_key: dict[str, Item] = {}
        self.children: dict[int, list[Item]] = {}
        self._touched: dict[str, Item] = {}

    def load(self, identifiers: Iterable[str]) -> None:
        """Load these products and everyone related to them, locked against other writers."""
        self._load(Product.key, {key_of(identifier) for identifier in identifiers} - self.by_key.keys())
        roots = {item.root_id for item in self.by_id.values() if item.parent_id is not None or item.kind == "model"}
        self._load(Product.root_id, roots)

    def load_ids(self, ids: Iterable[int]) -> None:
        """The same by id."""
        self._load(Product.id, set(ids) - self.by_id.keys())
        self.load(())

    def _load(self, column: Any, wanted: set[Any]) -> None:
        ordered = sorted(wanted)
        for start in range(0, len(ordered), CHUNK):
            chosen = select(*COLUMNS).where(column.in_(ordered[start : start + CHUNK])).order_by(Product.id).with_for_update()
            for row in self.session.execute(chosen):
                self._take(row)

    def _take(self, row: Row[Any]) -> None:
        if row.id not in self.by_id:
            self.add(Item(*row))

    def add(self, item: Item) -> None:
        self.by_id[item.id] = item
        self.by_key[item.key] = item
        if item.parent_id is not None:
            self.children.setdefault(item.parent_id, []).append(item)

    def find(self, identifier: str) -> Item | None:
        return self.by_key.get(key_of(identifier))

    def ancestors(self, item: Item) -> list[Item]:
        """Top model first."""
        found: list[Item] = []
        parent = item.parent_id
        while parent is not None:
            found.insert(0, self.by_id[parent])
            parent = self.by_id[parent].parent_id
        return found

    def descendants(self, item: Item) -> Iterator[Item]:
        for child in self.children.get(item.id, ()):
            yield child
            yield from self.descendants(child)

    def merged(self, item: Item) -> Document:
        """The working document with what it inherits (its own dict: do not change it where there is no parent)."""
        if item.parent_id is None:
            return item.values
        return merge([*(one.values for one in self.ancestors(item)), item.values])

    def create(self, number: int, identifier: str, kind: str) -> Item:
        """A new draft with an id taken from the counter."""
        item = Item(
            id=number, identifier=identifier, key=key_of(identifier), kind=kind, parent_id=None, root_id=number, family=None,
            family_variant=None, enabled=True, status=DRAFT, values={}, published=None, published_at=None, version=0, seq=0,
            created=self.now, updated=self.now, is_new=True,
        )  # fmt: skip
        self.add(item)
        self.touch(item)
        return item

    def adopt(self, item: Item, parent: Item | None) -> None:
        """Put an item below another parent (None: on top)."""
        if item.parent_id is not None:
            self.children[item.parent_id].remove(item)
        item.parent_id = parent.id if parent else None
        item.root_id = parent.root_id if parent else item.id
        if parent:
            self.children.setdefault(parent.id, []).append(item)

    def touch(self, item: Item) -> None:
        self._touched[item.key] = item

    @property
    def touched(self) -> list[Item]:
        return list(self._touched.values())

    def write(self, affected: list[Item], source: Source) -> None:
        """Store the touched products with one change record each; ``affected``: relatives whose inherited values changed."""
        touched = self.touched
        if not touched:
            return
        seq = allocate(self.session, "seq", len(touched) + len(affected)) - len(touched) - len(affected)
        for number, item in enumerate([*touched, *affected], start=1):
            item.seq = seq + number
        for item in touched:
            item.version += 1
            item.updated = self.now
        self._store(touched, affected)
        self._record(touched, source)
        self._touched = {}

    def _store(self, touched: list[Item], affected: list[Item]) -> None:
        connection = self.session.connection()
        # parents first: a variant's row names its parent's
        new = [_row_of(item) for item in sorted(touched, key=lambda item: item.id) if item.is_new]
        changed = [_row_of(item) for item in touched if not item.is_new]
        if new:
            connection.execute(insert(Product), new)
        if changed:
            connection.execute(_UPDATE, [{"b_" + name: value for name, value in row.items()} for row in changed])
        if affected:
            connection.execute(_SEQ, [{"b_id": item.id, "b_seq": item.seq} for item in affected])

    def _record(self, touched: list[Item], source: Source) -> None:
        first = allocate(self.session, "change", len(touched)) - len(touched)
        rows = [
            {
                "id": first + number, "product_id": item.id, "version": item.version, "at": self.now, "source": source.kind,
                "actor": source.actor, "reference": source.reference, "row": item.row, "old": item.old,
            }
            for number, item in enumerate(touched, start=1)
        ]  # fmt: skip
        self.session.connection().execute(insert(Change), rows)
        for item in touched:
            item.is_new, item.old = False, {}


_NAMES = [column.key for column in COLUMNS]


def _row_of(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _NAMES}


def _bound(names: Iterable[str]) -> dict[str, Any]:
    return {name: bindparam("b_" + name) for name in names}


_UPDATE = update(Product).where(Product.id == _bound(["id"])["id"]).values(_bound(name for name in _NAMES if name not in ("id", "created")))
_SEQ = update(Product).where(Product.id == _bound(["id"])["id"]).values(_bound(["seq"]))
