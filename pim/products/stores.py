"""Where the records of a kind are kept, and what the write path asks of them.

Products and their models are records of one store, the assets' texts and rights of another. Both
are planned, written, indexed and taken back by the same code; what differs stands here. A further
kind of record is one more :class:`RecordStore` over the table ``record``.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, literal, null
from sqlalchemy.orm import InstrumentedAttribute, Session

from media import queries as media
from pim.accounts.permissions import Permission
from pim.errors import Text, text
from pim.products.models import Product, StoredRecord
from pim.structure import objects
from pim.workflow import DRAFT

ExistingThings = Callable[[Session, Collection[str]], Collection[str]]
"""Which of these identifiers name a thing that there is."""

PRODUCT_COLUMNS = (
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
    "edited_version",
    "seq",
    "chosen",
)
RECORD_COLUMNS = (
    "id",
    "identifier",
    "key",
    "kind",
    "family",
    "values",
    "version",
    "edited_version",
    "seq",
    "chosen",
)
MOMENTS = ("created", "updated")


@dataclass(frozen=True, eq=False)
class RecordStore:
    """One kind of record (products and models count as one).

    ``code``: also what the change log calls it. ``kinds``: the words in the column ``kind``.
    ``columns``: what is written of a record, besides the moments of its making and its last change.
    ``edit``, ``revert``: what changing a record, and taking a change back, asks for.
    ``index_prefix``, ``word_prefix``: what the index puts before the addresses and words of these
    records, so that nobody who looks for products finds them. ``existing``: where a record tells of
    a thing that is kept elsewhere, which of these things there are.
    """

    code: str
    label: Text
    kinds: tuple[str, ...]
    table: type[Product] | type[StoredRecord]
    columns: tuple[str, ...]
    edit: Permission
    revert: Permission
    has_workflow: bool
    index_prefix: str = ""
    word_prefix: str = ""
    existing: ExistingThings | None = None

    def addresses(self, structure: objects.Structure) -> frozenset[str]:
        """Everything that an edit of these records may name."""
        if self.code == objects.ASSET:
            return structure.asset_addresses
        return structure.known_addresses

    def loaded_columns(self) -> list[Any]:
        """The columns of a loaded record in the order of the product's: what another record does
        not have is what a simple product without a workflow would have there.
        """
        return [self.loaded_column(name) for name in (*PRODUCT_COLUMNS, *MOMENTS)]

    def loaded_column(self, name: str) -> Any:
        """One of :meth:`loaded_columns`."""
        if name in self.columns or name in MOMENTS:
            return getattr(self.table, name)
        return _MISSING[name](self.table).label(name)

    def column(self, name: str) -> InstrumentedAttribute[Any]:
        """A column of the store's table to look records up by."""
        if name == "root_id" and name not in self.columns:
            name = "id"
        found: InstrumentedAttribute[Any] = getattr(self.table, name)
        return found

    @property
    def own(self) -> Sequence[ColumnElement[bool]]:
        """What tells the records of this store from the others of its table."""
        return () if self.table is Product else (StoredRecord.kind.in_(self.kinds),)

    def indexed_at(self, address: str) -> str:
        """The address under which the index holds a value of these records."""
        return self.index_prefix + address


_MISSING: dict[str, Callable[[Any], Any]] = {
    "parent_id": lambda table: null(),
    "root_id": lambda table: table.id,
    "family_variant": lambda table: null(),
    "enabled": lambda table: literal(True),
    "status": lambda table: literal(DRAFT),
    "published": lambda table: null(),
    "published_at": lambda table: null(),
}


def _existing_assets(session: Session, codes: Collection[str]) -> Collection[str]:
    return media.by_codes(session, codes).keys()


PRODUCTS = RecordStore(
    code=objects.PRODUCT,
    label=text("Products"),
    kinds=("product", "model"),
    table=Product,
    columns=PRODUCT_COLUMNS,
    edit=Permission.PRODUCTS_EDIT,
    revert=Permission.PRODUCTS_REVERT,
    has_workflow=True,
)
ASSETS = RecordStore(
    code=objects.ASSET,
    label=text("Assets"),
    kinds=("asset",),
    table=StoredRecord,
    columns=RECORD_COLUMNS,
    edit=Permission.MEDIA_EDIT,
    revert=Permission.MEDIA_REVERT,
    has_workflow=False,
    index_prefix="asset:",
    word_prefix="asset__",
    existing=_existing_assets,
)
STORES = {store.code: store for store in (PRODUCTS, ASSETS)}


def store_of(kind: str) -> RecordStore:
    """The store of a product, a model, an asset, …"""
    return next(store for store in STORES.values() if kind in store.kinds)
