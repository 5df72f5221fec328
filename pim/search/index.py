"""Writing the index, in the transaction that changes the products."""

from collections.abc import Iterable, Sequence

from sqlalchemy import TextClause, bindparam, delete, insert, text
from sqlalchemy.orm import Session

from pim.search.models import Term

Entry = tuple[str, str]
"""(address, term)"""

ADD_WORDS = {
    "sqlite": text("INSERT INTO word (rowid, words) VALUES (:id, :words)"),
    "postgresql": text("INSERT INTO word (product_id, words) VALUES (:id, array_to_tsvector(string_to_array(:words, ' ')))"),
}
REMOVE_WORDS = {
    "sqlite": text("DELETE FROM word WHERE rowid = :id"),
    "postgresql": text("DELETE FROM word WHERE product_id = :id"),
}
CLEAR_WORDS = {"sqlite": text("DELETE FROM word"), "postgresql": text("DELETE FROM word")}
REMOVE_TERM = delete(Term).where(
    Term.address == bindparam("at"), Term.term == bindparam("what"), Term.product_id == bindparam("who")
)  # fmt: skip


def change_terms(session: Session, added: Sequence[tuple[int, Entry]], removed: Sequence[tuple[int, Entry]]) -> None:
    """Add and remove (product id, (address, term)) entries."""
    if removed:
        session.connection().execute(REMOVE_TERM, [{"at": at, "what": what, "who": who} for who, (at, what) in removed])
    if added:
        rows = sorted((at, what[:200], who) for who, (at, what) in added)
        session.connection().execute(insert(Term), [{"address": at, "term": what, "product_id": who} for at, what, who in rows])


def add_words(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Words of new products: (product id, words)."""
    _run(session, ADD_WORDS, [{"id": number, "words": found} for number, found in rows])


def change_words(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Other words for products that had some."""
    remove_words(session, [number for number, _ in rows])
    add_words(session, rows)


def remove_words(session: Session, numbers: Iterable[int]) -> None:
    _run(session, REMOVE_WORDS, [{"id": number} for number in numbers])


def clear(session: Session) -> None:
    """Empty the whole index, before it is built anew."""
    session.execute(delete(Term))
    session.execute(CLEAR_WORDS[session.connection().dialect.name])


def _run(session: Session, statements: dict[str, TextClause], rows: list[dict[str, object]]) -> None:
    if rows:
        connection = session.connection()
        connection.execute(statements[connection.dialect.name], rows)
