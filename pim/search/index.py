"""Writing the index, in the transaction that changes the products."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from pim.bulk import run
from pim.search.models import Term

IndexEntry = tuple[str, str, int]
"""(address, term, product id)"""

ADD_TERM = {
    "sqlite": "INSERT INTO term (address, term, product_id) VALUES (?, ?, ?)",
    "postgresql": "INSERT INTO term (address, term, product_id) VALUES (%s, %s, %s)",
}
ADD_WORDS = {
    "sqlite": "INSERT INTO word (rowid, words) VALUES (?, ?)",
    "postgresql": (
        "INSERT INTO word (product_id, words) VALUES (%s, array_to_tsvector(string_to_array(%s, '"
        " ')))"
    ),
}
REMOVE_WORDS = {
    "sqlite": "DELETE FROM word WHERE rowid = ?",
    "postgresql": "DELETE FROM word WHERE product_id = %s",
}
REMOVE_TERM = {
    "sqlite": "DELETE FROM term WHERE address = ? AND term = ? AND product_id = ?",
    "postgresql": "DELETE FROM term WHERE address = %s AND term = %s AND product_id = %s",
}


def change_terms(
    session: Session, added: Sequence[IndexEntry], removed: Sequence[IndexEntry]
) -> None:
    """Add and remove entries."""
    _run(session, REMOVE_TERM, removed)
    _run(session, ADD_TERM, sorted(added))  # in the order of the table's key: fewer pages to touch


def add_words(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Words of new products: (product id, words)."""
    _run(session, ADD_WORDS, rows)


def change_words(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Other words for products that had some."""
    remove_words(session, [number for number, _ in rows])
    add_words(session, rows)


def remove_words(session: Session, numbers: Iterable[int]) -> None:
    _run(session, REMOVE_WORDS, [(number,) for number in numbers])


def clear(session: Session) -> None:
    """Empty the whole index, before it is built anew."""
    session.execute(delete(Term))
    session.execute(text("DELETE FROM word"))


def _run(session: Session, statements: dict[str, str], rows: Sequence[tuple[object, ...]]) -> None:
    connection = session.connection()
    run(connection, statements[connection.dialect.name], rows)
