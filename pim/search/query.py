"""Asking the index: lists of the ids of products, each in the order of ids, to be merged by who
makes a page of them.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Exists,
    Select,
    cast,
    column,
    exists,
    false,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

from pim.search.models import Term
from pim.search.words import asked

MANY = 1000
"""When more words than these begin as typed, FTS5 merges their lists faster than it would read them
one beside the other.
"""
LAST = "\U0010ffff"
"""Comes after every letter."""
LAST_DIGITS = "9" * 20
"""Comes after everything made of fewer digits, in whatever order a database puts letters."""
# From word to next word, each by a look into the index: a plain range of the vocabulary reads every
# product of every word.
BEGINNING = text("""
    WITH RECURSIVE found (term) AS (
        SELECT (SELECT term FROM word_vocabulary WHERE term >= :first LIMIT 1)
        UNION ALL
        SELECT (SELECT term FROM word_vocabulary WHERE term >= found.term || char(1) LIMIT 1)
        FROM found WHERE found.term < :end
        LIMIT :limit
    )
    SELECT term FROM found WHERE term < :end
""")


def with_words(session: Session, query: str, prefix: str = "") -> Select[int] | None:
    """The products of which every word typed begins a word: none of them where there is no word in
    what was typed (%, 👞). None when nothing was typed.

    ``prefix``: what stands before each word of the records that are looked for, where they are no
    products.
    """
    if not query.strip():
        return None
    typed = [prefix + word for word in asked(query)]
    if not typed:
        return select(Term.product_id).where(false())
    if session.connection().dialect.name == "sqlite":
        words = table(
            "word", column("rowid", BigInteger), column("word")
        )  # FTS5 matches in the column that bears the table's name
        match = " AND ".join(_beginning(session, word) for word in typed)
        return select(words.c.rowid).where(words.c.word.op("MATCH", is_comparison=True)(match))
    words = table("word", column("product_id", BigInteger), column("words"))
    # A cast takes the words as they are; to_tsquery would take those with a _ in them apart.
    asked_for = cast(" & ".join(f"'{word}':*" for word in typed), TSQUERY)
    return select(words.c.product_id).where(words.c.words.op("@@", is_comparison=True)(asked_for))


def word_prefix(address: str) -> str:
    """What stands before a word that is found at this address alone: nobody types it."""
    return f"_{address.lower().replace('-', '_')}__"


def with_term(address: str, terms: Sequence[str]) -> Select[int]:
    """The products that have one of these terms at this address. With more than one term it must be
    sorted before it gives its first.
    """
    return select(Term.product_id).where(Term.address == address, Term.term.in_(terms))


def with_ending(address: str, digits: str) -> Select[int]:
    """The products whose value at this address ends in these digits. The index holds such values
    spelled backwards; every text of digits that begins so comes before the last bound.
    """
    first = digits[::-1]
    return select(Term.product_id).where(
        Term.address == address, Term.term.between(first, first + LAST_DIGITS)
    )


class Except(ColumnElement[Any]):
    """The end of a statement that makes a list: who is in another one is left out of it."""

    __visit_name__ = "except_"
    inherit_cache = True
    _traverse_internals = [("left_out", InternalTraversal.dp_clauseelement)]  # noqa: RUF012

    def __init__(self, left_out: Select[int]) -> None:
        self.left_out = left_out.correlate(None)


@compiles(Except)
def _spell_except(element: Except, compiler: SQLCompiler, **given: Any) -> str:
    return f"EXCEPT {compiler.process(element.left_out, **given)}"


def has_term(
    product_id: ColumnElement[int] | InstrumentedAttribute[int], address: str, term: str
) -> Exists:
    """Condition: the product has this term at this address."""
    entry = aliased(Term)  # the id may come from a list of terms itself
    here = (entry.address == address, entry.term == term, entry.product_id == product_id)
    return exists().where(*here)


def _beginning(session: Session, word: str) -> str:
    """FTS5's expression for: a word that begins so.

    It reads the products of a word in their order and stops after a page. What begins so it merges
    whole before it gives the first product, so the words themselves are looked up, and asked for.
    """
    found = session.scalars(BEGINNING, {"first": word, "end": word + LAST, "limit": MANY + 1}).all()
    if not 0 < len(found) <= MANY:
        return f'"{word}"*'
    alternatives = " OR ".join(f'"{one}"' for one in found)
    return f"({alternatives})"
