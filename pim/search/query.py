"""Asking the index: conditions for a list's statement, and counts per term."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Exists, Select, column, exists, func, literal_column, select, table, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from pim.search.models import Term
from pim.search.words import asked

Id = InstrumentedAttribute[int]


def has_words(session: Session, product_id: Id, query: str) -> ColumnElement[bool] | None:
    """Condition: every word typed begins a word of the product; None when nothing was typed."""
    typed = asked(query)
    if not typed:
        return None
    if session.connection().dialect.name == "sqlite":
        match = " AND ".join(f'"{word}"*' for word in typed)
        found: Select[tuple[int]] = (
            select(literal_column("rowid")).select_from(text("word")).where(text("word MATCH :match").bindparams(match=match))
        )
    else:
        match = " & ".join(f"{word}:*" for word in typed)
        words = table("word", column("product_id"), column("words"))
        found = select(words.c.product_id).where(words.c.words.op("@@")(func.to_tsquery("simple", match)))
    return product_id.in_(found)


def has_term(product_id: Id, address: str, terms: Sequence[str]) -> Exists:
    """Condition: the product has one of these terms at this address."""
    return exists().where(Term.address == address, Term.term.in_(terms), Term.product_id == product_id)


def counts(session: Session, address: str) -> dict[str, int]:
    """Term -> number of products, at one address."""
    rows = session.execute(select(Term.term, func.count()).where(Term.address == address).group_by(Term.term))
    return dict(rows.all())
