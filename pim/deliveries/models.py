"""Deliveries and their receipts, and the credentials of targets."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pim import errors
from pim.db import Base, RowId, Sentence, Utc

WAITING, DELIVERED, FAILED, REPLACED = "waiting", "delivered", "failed", "replaced"


class Delivery(Base):
    """One file on its way to one target, and the receipt of what became of it.

    ``key``: what the receiver knows it by, the same at each attempt: of the file's hash, the
    target, and how often this file was brought there before. ``name``: of the file there.

    ``state``: waiting (for a worker, or for the next attempt), delivered, failed (after the last
    attempt, or at once where another one is of no use), replaced (a newer file took its place
    before it was delivered). ``attempts``: those that were begun. ``after_failure``: the target
    failed before this, so that somebody is told when it works again. ``next_at``: not before this
    moment. ``said``: the server's answer. ``error``: what was wrong at the last attempt.
    """

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_target", "feed", "target", "id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    feed: Mapped[str] = mapped_column(String(63), ForeignKey("feed.code", ondelete="CASCADE"))
    target: Mapped[str] = mapped_column(String(63))
    build: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(10), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    after_failure: Mapped[bool] = mapped_column(default=False)
    job: Mapped[int | None]
    by: Mapped[str | None] = mapped_column(String(254))
    created: Mapped[datetime] = mapped_column(Utc)
    next_at: Mapped[datetime | None] = mapped_column(Utc)
    finished: Mapped[datetime | None] = mapped_column(Utc)
    said: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[errors.Text | None] = mapped_column(Sentence)


class DeliverySecret(Base):
    """The password or key of a target, encrypted. ``place``: where it may be sent."""

    __tablename__ = "delivery_secret"

    feed: Mapped[str] = mapped_column(
        String(63), ForeignKey("feed.code", ondelete="CASCADE"), primary_key=True
    )
    target: Mapped[str] = mapped_column(String(63), primary_key=True)
    place: Mapped[str] = mapped_column(Text)
    sealed: Mapped[str] = mapped_column(Text)
