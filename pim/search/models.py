"""Three tables: terms and the vocabulary, in both engines alike, and words (FTS5 on SQLite, a
tsvector on PostgreSQL).
"""

from typing import Any

from sqlalchemy import BigInteger, Connection, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from pim.db import Base

BYTEWISE = String(200).with_variant(String(200, collation="C"), "postgresql")
"""Compared as SQLite does it by itself, whatever the language of the database."""


class Term(Base):
    """An index entry: this product has this term at this address. Its key is its order: pages read
    it front to back, and so do lists that are sorted by an address.
    """

    __tablename__ = "term"
    __table_args__ = ({"sqlite_with_rowid": False},)

    address: Mapped[str] = mapped_column(String(200), primary_key=True)
    term: Mapped[str] = mapped_column(BYTEWISE, primary_key=True)
    product_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


# The same by product: whether a product has a term between two others, and who has any at an
# address, in the order of ids.
Index("ix_term_product", Term.address, Term.product_id, Term.term)


class VocabularyWord(Base):
    """A word that the names of products have or had: what somebody may have meant by a slip.

    ``initial``: its first letter. ``product_id``: whose name brought it, so that two who write at
    the same time never wait for each other's words.
    """

    __tablename__ = "vocabulary"
    __table_args__ = (
        Index("ix_vocabulary_initial", "initial", "word"),
        {"sqlite_with_rowid": False},
    )

    word: Mapped[str] = mapped_column(String(100), primary_key=True)
    product_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    initial: Mapped[str] = mapped_column(String(4))


class IndexPart(Base):
    """What one part of the index was made by (``fingerprint``), and how far it is made.

    ``part``: an address, ``complete:`` with a scope, or ``words``. ``cursor``: None where the part
    is whole, otherwise the last product that is in it; the products after it follow.
    """

    __tablename__ = "index_part"

    part: Mapped[str] = mapped_column(String(200), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(32))
    cursor: Mapped[int | None] = mapped_column(BigInteger)


# The words table is a virtual one on SQLite, so SQLAlchemy's metadata cannot describe it for both
# engines.
WORDS_DDL = {
    "sqlite": (
        (
            "CREATE VIRTUAL TABLE word USING fts5(words, content='', contentless_delete=1,"
            " detail=none, tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
        ),
        # The words themselves: a view that stores nothing.
        "CREATE VIRTUAL TABLE word_vocabulary USING fts5vocab('word', 'instance')",
    ),
    "postgresql": (
        "CREATE TABLE word (product_id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX ix_word_words ON word USING gin (words)",
    ),
}


def create_words(connection: Connection) -> None:
    """Create the words table of this engine (tests; the migrations call it too)."""
    for statement in WORDS_DDL[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(Base.metadata, "after_create")
def _after_create(_target: Any, connection: Connection, **_: Any) -> None:
    if not _has_words(connection):
        create_words(connection)


def _has_words(connection: Connection) -> bool:
    return connection.dialect.has_table(connection, "word")
