"""Asking the index: conditions for a list's statement, and counts per term."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Exists, Integer, TableClause, column, exists, func, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session

from pim.search.models import Term
from pim.search.words import asked

Id = InstrumentedAttribute[int]


@dataclass(frozen=True)
class Found:
    """What a search found, to be joined: ``id`` is the product's. Order and page by it, and the engine stops after one page."""

    table: TableClause
    id: ColumnElement[int]
    matches: ColumnElement[bool]


def found_by(session: Session, query: str) -> Found | None:
    """The products of which every word typed begins a word; None when nothing was typed."""
    typed = asked(query)
    if not typed:
        return None
    if session.connection().dialect.name == "sqlite":
        words = table("word", column("rowid", Integer), column("word"))  # FTS5 matches in the column that bears the table's name
        return Found(words, words.c.rowid, words.c.word.op("MATCH", is_comparison=True)(" AND ".join(f'"{word}"*' for word in typed)))
    words = table("word", column("product_id", Integer), column("words"))
    match = func.to_tsquery("simple", " & ".join(f"{word}:*" for word in typed))
    return Found(words, words.c.product_id, words.c.words.op("@@", is_comparison=True)(match))


def has_term(product_id: Id, address: str, terms: Sequence[str]) -> Exists:
    """Condition: the product has one of these terms at this address."""
    return exists().where(Term.address == address, Term.term.in_(terms), Term.product_id == product_id)


def counts(session: Session, address: str) -> dict[str, int]:
    """Term -> number of products, at one address."""
    rows = session.execute(select(Term.term, func.count()).where(Term.address == address).group_by(Term.term))
    return dict(rows.all())
