"""The products of one batch in memory: loaded in a handful of queries, changed, written in a
handful of statements.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.bulk import in_values, insert_rows, update_rows
from pim.db import allocate
from pim.listing import merge
from pim.products.change import Origin
from pim.products.models import Change, Product
from pim.structure.objects import Structure
from pim.values import Document
from pim.workflow import DRAFT

IndexedTerms = tuple[set[tuple[str, str]], str]
"""What the index says of a product: its (address, term) entries and its words."""


def key_of(identifier: str) -> str:
    """Identifiers that differ only in case name the same product."""
    return identifier.casefold()


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
    seq: int
    created: datetime
    updated: datetime
    is_new: bool = False
    old: dict[str, Any] = field(default_factory=dict)
    row: int | None = None
    indexed: IndexedTerms | None = None

    def remember(self, address: str, before: Any) -> None:
        """Keep the value from before this batch for the undo log (the first one counts)."""
        self.old.setdefault(address, before)


class Workspace:
    """Rows by id and by key, with their ancestors, and for families with variants all relatives."""

    def __init__(self, session: Session, structure: Structure, now: datetime) -> None:
        self.session = session
        self.structure = structure
        self.now = now
        self.by_id: dict[int, LoadedProduct] = {}
        self.by_key: dict[str, LoadedProduct] = {}
        self.children: dict[int, list[LoadedProduct]] = {}
        self._touched: dict[str, LoadedProduct] = {}

    def load(self, identifiers: Iterable[str]) -> None:
        """Load these products and everyone related to them, locked against other writers."""
        self._load(
            Product.key, {key_of(identifier) for identifier in identifiers} - self.by_key.keys()
        )
        roots = {
            item.root_id
            for item in self.by_id.values()
            if item.parent_id is not None or item.kind == "model"
        }
        self._load(Product.root_id, roots)

    def load_roots(self, roots: Iterable[int]) -> None:
        """Top products by id, with all below them."""
        self._load(Product.root_id, set(roots))

    def _load(self, column: Any, wanted: set[Any]) -> None:
        if wanted:
            chosen = (
                select(*_LOADED)
                .where(in_values(self.session, column, wanted))
                .order_by(Product.id)
                .with_for_update()
            )
            for row in self.session.execute(chosen):
                self._take(row)

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

    def create(self, number: int, identifier: str, kind: str) -> LoadedProduct:
        """A new draft with an id taken from the counter."""
        item = LoadedProduct(
            id=number,
            identifier=identifier,
            key=key_of(identifier),
            kind=kind,
            parent_id=None,
            root_id=number,
            family=None,
            family_variant=None,
            enabled=True,
            status=DRAFT,
            values={},
            published=None,
            published_at=None,
            version=0,
            seq=0,
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

    def write(self, affected: list[LoadedProduct], source: Origin) -> None:
        """Store the touched products with one change record each; ``affected``: relatives whose
        inherited values changed.
        """
        touched = self.touched
        if not touched:
            return
        seq = (
            allocate(self.session, "seq", len(touched) + len(affected))
            - len(touched)
            - len(affected)
        )
        for number, item in enumerate([*touched, *affected], start=1):
            item.seq = seq + number
        for item in touched:
            item.version += 1
            item.updated = self.now
        self._store(touched, affected)
        self._record(touched, source)
        self._touched = {}

    def _store(self, touched: list[LoadedProduct], affected: list[LoadedProduct]) -> None:
        # parents first: a variant's row names its parent's
        new = sorted((item for item in touched if item.is_new), key=attrgetter("id"))
        insert_rows(
            self.session, Product, _columns(new, NAMES), {"created": self.now, "updated": self.now}
        )
        changed = [item for item in touched if not item.is_new]
        update_rows(
            self.session,
            Product,
            [item.id for item in changed],
            _columns(changed, NAMES[1:]),
            {"updated": self.now},
        )
        update_rows(
            self.session, Product, [item.id for item in affected], _columns(affected, ("seq",))
        )

    def _record(self, touched: list[LoadedProduct], source: Origin) -> None:
        last = allocate(self.session, "change", len(touched))
        columns = {
            "id": range(last - len(touched) + 1, last + 1),
            "product_id": [item.id for item in touched],
            "version": [item.version for item in touched],
            "row": [item.row for item in touched],
            "old": [item.old for item in touched],
        }
        same = {
            "at": self.now,
            "source": source.kind,
            "actor": source.actor,
            "reference": source.reference,
        }
        insert_rows(self.session, Change, columns, same)
        for item in touched:
            item.is_new, item.old = False, {}


NAMES = (
    "id",
    "identifier",
    "key",
    "kind",
    "parent_id",
    "root_id",
    "family",
    "family_variant",
    "enabled",
    "status",
    "values",
    "published",
    "published_at",
    "version",
    "seq",
)
"""What an item and its row have in common, but for the moments of its making and its last change.
"""


def _columns(items: list[LoadedProduct], names: Sequence[str]) -> dict[str, list[Any]]:
    return {name: list(map(attrgetter(name), items)) for name in names}


_LOADED = [getattr(Product, name) for name in (*NAMES, "created", "updated")]
