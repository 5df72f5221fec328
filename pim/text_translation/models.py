"""The translation memory."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from pim.db import Base, Utc


class TranslationUnit(Base):
    """A text in one locale and what it is in another one: what translators call a unit of a
    translation memory.

    ``digest``: of the source text, by which equal ones are found; ``target_digest``: of the other.
    ``length``: characters of the source text, by which similar ones are looked for. ``has_markup``:
    both texts are HTML. ``is_confirmed``: a person said that the two belong together, by
    translating the one or by leaving the other as it is.
    """

    __tablename__ = "translation_unit"

    source_locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    target_locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    target_digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    length: Mapped[int]
    has_markup: Mapped[bool]
    source: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    is_confirmed: Mapped[bool] = mapped_column(server_default=false())
    at: Mapped[datetime] = mapped_column(Utc)


Index(
    "ix_translation_unit_length",
    TranslationUnit.source_locale,
    TranslationUnit.target_locale,
    TranslationUnit.length,
)


class MemoryProgress(Base):
    """How far the memory of one direction has followed the change log: ``change_id`` is the last
    change whose texts it knows.
    """

    __tablename__ = "translation_memory"

    source_locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    target_locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    change_id: Mapped[int] = mapped_column(BigInteger)


class OutdatedText(Base):
    """A product or model of whose own texts in the target locale one was made from a text in the
    source locale that is another one now. As far as the memory has followed the change log.
    """

    __tablename__ = "outdated_text"
    __table_args__ = ({"sqlite_with_rowid": False},)

    target_locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    product_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    source_locale: Mapped[str] = mapped_column(String(20), primary_key=True)


class WaitingText(Base):
    """A text that somebody is asked to translate, because its translation is missing or outdated:
    the one at ``address`` of a product or model. ``digest``: the same for equal texts with equal
    translations, which are one task. As far as the memory has followed the change log.
    """

    __tablename__ = "waiting_text"
    __table_args__ = ({"sqlite_with_rowid": False},)

    target_locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    source_locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    product_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    address: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32))
