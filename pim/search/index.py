"""Writing the index, in the transaction that changes the products."""

from collections.abc import Iterable, Sequence
from operator import itemgetter

from sqlalchemy import delete, select, text, tuple_
from sqlalchemy.orm import Session

from pim.bulk import run
from pim.search import vocabulary
from pim.search.models import Term, VocabularyWord

IndexEntry = tuple[str, str, int]
"""(address, term, product id)"""

ADD_TERM = {
    "sqlite": "INSERT OR IGNORE INTO term (address, term, product_id) VALUES (?, ?, ?)",
    "postgresql": (
        "INSERT INTO term (address, term, product_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
    ),
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
    """Add and remove entries; one that is there already stays.

    While a part of the index is being rebuilt, an edit may have added what the rebuild adds later.
    """
    _run(session, REMOVE_TERM, removed)
    _run(session, ADD_TERM, _in_order(added))


def _in_order(entries: Iterable[IndexEntry]) -> list[IndexEntry]:
    """In about the order of the table's key, so that fewer pages are touched: by address and term.
    Half as dear as to sort the entries themselves, which compares the same addresses on and on.
    """
    by_address: dict[str, list[IndexEntry]] = {}
    for entry in entries:
        by_address.setdefault(entry[0], []).append(entry)
    for address in sorted(by_address):
        by_address[address].sort(key=itemgetter(1))
    return [entry for address in sorted(by_address) for entry in by_address[address]]


def add_words(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Words of new products: (product id, words)."""
    _run(session, ADD_WORDS, rows)
    vocabulary.learn(session, rows)


def change_words(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Other words for products that had some."""
    remove_words(session, [product_id for product_id, _ in rows])
    add_words(session, rows)


def remove_words(session: Session, product_ids: Iterable[int]) -> None:
    _run(session, REMOVE_WORDS, [(product_id,) for product_id in product_ids])


def clear(session: Session) -> None:
    """Empty the whole index, before it is rebuilt."""
    session.execute(delete(Term))
    session.execute(delete(VocabularyWord))
    session.execute(text("DELETE FROM word"))


def remove_some(session: Session, address: str, term: str | None, limit: int) -> bool:
    """Remove up to ``limit`` entries of an address (only those with ``term``, if one is given), in
    the order of the table's key; are there more?
    """
    here = [Term.address == address]
    if term is not None:
        here.append(Term.term == term)
    key = (Term.term, Term.product_id)
    next_ones = select(*key).where(*here).order_by(*key)
    last = session.execute(next_ones.offset(limit - 1).limit(1)).first()
    if last is None:
        session.execute(delete(Term).where(*here))
        return False
    session.execute(delete(Term).where(*here, tuple_(*key) <= tuple_(*last)))
    return True


def remove_between(session: Session, address: str, term: str, above: int, last: int) -> None:
    """Remove the entries with this term of the products ``above < id <= last``."""
    here = (Term.address == address, Term.term == term)
    session.execute(delete(Term).where(*here, Term.product_id.between(above + 1, last)))


def _run(session: Session, statements: dict[str, str], rows: Sequence[tuple[object, ...]]) -> None:
    connection = session.connection()
    run(connection, statements[connection.dialect.name], rows)
