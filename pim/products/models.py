"""Products, records of other kinds, and the record of every change."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from pim.db import Base, Json, RowId, Utc
from pim.values import Document


class Product(Base):
    """A product, or a model (``kind``) whose values its variants inherit.

    ``values``: what people and imports work on, own level only. ``published``: the snapshot
    channels see, None before the first approval. ``version`` counts this row's changes;
    ``edited_version`` is the one that last changed more than the status. ``seq`` is the hub-wide
    change sequence feeds follow. ``chosen``: who set by hand what :mod:`pim.products.chosen` keeps.
    """

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    identifier: Mapped[str] = mapped_column(String(255))
    key: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("product.id"))
    root_id: Mapped[int] = mapped_column(BigInteger)
    family: Mapped[str | None] = mapped_column(String(100))
    family_variant: Mapped[str | None] = mapped_column(String(100))
    enabled: Mapped[bool]
    status: Mapped[str] = mapped_column(String(10))
    values: Mapped[Document] = mapped_column(Json)
    published: Mapped[Document | None] = mapped_column(Json)
    published_at: Mapped[datetime | None] = mapped_column(Utc)
    version: Mapped[int]
    edited_version: Mapped[int] = mapped_column(server_default="0")
    seq: Mapped[int] = mapped_column(BigInteger)
    chosen: Mapped[dict[str, str] | None] = mapped_column(Json)
    created: Mapped[datetime] = mapped_column(Utc)
    updated: Mapped[datetime] = mapped_column(Utc)


# Lists show what has no parent, newest first: without the id in the index, every page would sort
# them all.
Index("ix_product_parent", Product.parent_id, Product.id)
Index("ix_product_root", Product.root_id, Product.seq)
Index("ix_product_family", Product.family, Product.id)
Index("ix_product_status", Product.status, Product.id)
Index("ix_product_kind", Product.kind, Product.id)
Index("ix_product_updated", Product.updated, Product.id)


class StoredRecord(Base):
    """What is kept of a thing that is no product: the texts and rights of an asset, for example.

    ``kind``: what it is a record of; ``identifier`` names that thing, for an asset its code.
    Values, versions and sequence are those of a product. Ids come from the same counter as those
    of products, so an id means one thing in the change log and in the index.
    """

    __tablename__ = "record"
    __table_args__ = (UniqueConstraint("kind", "key", name="uq_record_key"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    identifier: Mapped[str] = mapped_column(String(255))
    key: Mapped[str] = mapped_column(String(255))
    family: Mapped[str | None] = mapped_column(String(100))
    values: Mapped[Document] = mapped_column(Json)
    version: Mapped[int]
    edited_version: Mapped[int]
    seq: Mapped[int] = mapped_column(BigInteger)
    chosen: Mapped[dict[str, str] | None] = mapped_column(Json)
    created: Mapped[datetime] = mapped_column(Utc)
    updated: Mapped[datetime] = mapped_column(Utc)


Index("ix_record_kind", StoredRecord.kind, StoredRecord.id)


class ReviewComment(Base):
    """What somebody asked for who sent a product back from review.

    ``author``, ``recipient``: e-mail addresses; the recipient is who had submitted the product,
    None where that was no person. The comment holds until the product is submitted again.
    ``version``: of the product, as it was sent back.
    """

    __tablename__ = "review_comment"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    product_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int]
    author: Mapped[str] = mapped_column(String(255))
    recipient: Mapped[str | None] = mapped_column(String(255))
    comment: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Utc)


Index("ix_review_comment_product", ReviewComment.product_id, ReviewComment.id)
Index("ix_review_comment_recipient", ReviewComment.recipient, ReviewComment.id)


class Change(Base):
    """Who changed which product or other record from what: ``old`` holds the former value of every
    address that changed (None: was empty).

    ``record_kind``: "product" for products and their models, otherwise the kind of
    :class:`StoredRecord`; ``product_id``: the id of either. ``version`` is that record's version
    after the change; today's document plus these changes give every earlier state. A step of the
    workflow says so in columns of its own: ``status_before`` (None: the status stayed),
    ``is_approval`` with ``published_before``, the values that channels saw where they see others
    since (None: nothing was published before), and ``reason``, why it was approved although nothing
    was complete, or sent back. ``chosen_before``: where the change made a place of
    :mod:`pim.products.chosen` somebody's choice, or nobody's, who had chosen it before it (None:
    nobody).
    """

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    product_id: Mapped[int] = mapped_column(BigInteger)
    record_kind: Mapped[str] = mapped_column(String(20), server_default="product")
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(Utc)
    source: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(255))
    reference: Mapped[str | None] = mapped_column(String(64))
    row: Mapped[int | None]
    old: Mapped[dict[str, Any]] = mapped_column(Json)
    status_before: Mapped[str | None] = mapped_column(String(10))
    is_approval: Mapped[bool] = mapped_column(server_default=false())
    published_before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    reason: Mapped[str | None] = mapped_column(Text)
    chosen_before: Mapped[dict[str, str | None] | None] = mapped_column(Json)


class UndoneRun(Base):
    """An import run or a bulk edit that was taken back, by the reference that its changes have."""

    __tablename__ = "undone_run"

    reference: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)


Index("ix_change_product", Change.product_id, Change.id)
Index("ix_change_reference", Change.reference, Change.id)
Index("ix_change_actor", Change.actor, Change.product_id)


class SavedView(Base):
    """A list of products under a name: what its address asks for. ``is_shared``: everybody sees
    it, otherwise its owner alone.
    """

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)
    is_shared: Mapped[bool] = mapped_column(server_default=false())
    created: Mapped[datetime] = mapped_column(Utc)


class FeedIndex(Base):
    """What lists know of a feed's published file: whose build it is, and what kept products out of
    it. ``build``: None while the index is brought up to date. ``newest``: the id of the newest
    product that the build saw; ``live``: how many products the file has. ``reasons``: the code of a
    reason, the field that it is about, and as a sentence what is wrong there.
    """

    __tablename__ = "feed_index"

    feed: Mapped[str] = mapped_column(String(63), primary_key=True)
    build: Mapped[int | None] = mapped_column(BigInteger)
    newest: Mapped[int] = mapped_column(BigInteger)
    live: Mapped[int]
    reasons: Mapped[list[Any]] = mapped_column(Json)


class PublishedStanding(Base):
    """A product that is not in a feed's published file, for one of its reasons. What is in the file
    has a row, with no reason, only where that are few: mostly nearly all products are.
    """

    __tablename__ = "feed_standing"
    __table_args__ = (
        Index("ix_feed_standing_reason", "feed", "reason", "product_id"),
        {"sqlite_with_rowid": False},
    )

    feed: Mapped[str] = mapped_column(String(63), primary_key=True)
    product_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(String(255), primary_key=True)
