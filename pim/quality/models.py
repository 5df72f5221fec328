"""Quality warnings, the facts that they are worked out from, and what people said of them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pim.db import Base, Json, RowId, Utc


class QualityWarning(Base):
    """Something that may be wrong with the value of a product or model at an address.

    ``kind``: one of :data:`pim.quality_kinds.NAMES`. ``digest``: of the value that it was found in.
    ``detail``: what the sentence says besides, by kind: the other address of an untranslated text,
    the words that nobody knows.
    ``group_key``: of a kind that compares products, those that were compared, otherwise "".
    """

    __tablename__ = "quality_warning"

    product_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("product.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    address: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32))
    detail: Mapped[list[str]] = mapped_column(Json)
    group_key: Mapped[str] = mapped_column(String(32))


Index("ix_quality_warning_kind", QualityWarning.kind, QualityWarning.product_id)
Index("ix_quality_warning_group", QualityWarning.group_key)


class QualityFact(Base):
    """What a product says that is compared with others. ``group_key``: the same for all that is
    compared, so for all that have a name or a main picture, or a measurement of a family.
    ``number``: how large a measurement is.
    """

    __tablename__ = "quality_fact"

    product_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    address: Mapped[str] = mapped_column(String(200), primary_key=True)
    root_id: Mapped[int] = mapped_column(BigInteger, index=True)
    group_key: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(32))


Index("ix_quality_fact_group", QualityFact.group_key, QualityFact.number)


class ChangedGroup(Base):
    """A group of facts of which one is new, gone or another, and whose warnings are to be worked
    out again.
    """

    __tablename__ = "quality_changed_group"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    group_key: Mapped[str] = mapped_column(String(32))


class QualityDismissal(Base):
    """Somebody said that a value is right as it is. It holds until the value changes: ``digest`` is
    that of the value. ``by``: an e-mail address.
    """

    __tablename__ = "quality_dismissal"

    product_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("product.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    address: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime] = mapped_column(Utc)


class ShopWord(Base):
    """A word that is spelled right though no dictionary knows it. ``key``: the same whatever its
    case. ``by``: who added it, an e-mail address or the name of a program.
    """

    __tablename__ = "shop_word"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    word: Mapped[str] = mapped_column(String(60))
    by: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime] = mapped_column(Utc)


class QualityProgress(Base):
    """How far the warnings follow what happens; there is one row.

    ``change_id``: the last change that they know. ``fingerprint``: of the rules and of what they
    use of the structure. ``cursor``: None where all products were looked at by these rules,
    otherwise the last top product that was.
    """

    __tablename__ = "quality_progress"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    change_id: Mapped[int] = mapped_column(BigInteger)
    fingerprint: Mapped[str] = mapped_column(String(32))
    cursor: Mapped[int | None] = mapped_column(BigInteger)
