"""Reading the index back, to hold it against what it should say."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnClause, exists, literal_column, select
from sqlalchemy import table as named_table
from sqlalchemy import text as sql
from sqlalchemy.orm import InstrumentedAttribute, Session

from pim.search.models import Term

KEY = {"sqlite": "rowid", "postgresql": "product_id"}
PAIRS = {
    "sqlite": "SELECT doc, term FROM word_vocabulary",
    "postgresql": "SELECT product_id, unnest(tsvector_to_array(words)) FROM word",
}
COMPARABLE = "\u0590"
"""Letters before it are the same in every version of Unicode; SQLite's tokenizer is of 6.1 and
divides words at later ones.
"""
MODULUS = 1 << 61


def entries(session: Session, ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    """Product id -> its (address, term) entries, for those who have any."""
    found: dict[int, set[tuple[str, str]]] = {}
    theirs = select(Term.product_id, Term.address, Term.term).where(Term.product_id.in_(ids))
    for product_id, address, term in session.execute(theirs):
        found.setdefault(product_id, set()).add((address, term))
    return found


def words(session: Session) -> dict[int, int]:
    """Product id -> :func:`fingerprint` of its words, for those who have any. SQLite keeps them by
    word, so all are read at once.
    """
    pairs = sql(PAIRS[session.connection().dialect.name]).execution_options(yield_per=10_000)
    found: dict[int, int] = {}
    for product_id, word in session.execute(pairs):
        so_far = found.get(product_id, 0)
        found[product_id] = (so_far + fingerprint((word,))) % MODULUS
    return found


def fingerprint(found: Iterable[str]) -> int:
    """A number for these words in any order, the same within one process; 0 for none."""
    return sum(hash(word) for word in found if max(word) < COMPARABLE) % MODULUS


def strangers(session: Session, known: Sequence[InstrumentedAttribute[int]]) -> list[int]:
    """Ids that are in the index and in none of these columns."""
    key: ColumnClause[int] = literal_column(KEY[session.connection().dialect.name])
    in_terms = [~exists().where(record_id == Term.product_id) for record_id in known]
    in_words = [~exists().where(record_id == key) for record_id in known]
    terms = select(Term.product_id).where(*in_terms).distinct()
    words = select(key).select_from(named_table("word")).where(*in_words)
    return sorted({*session.scalars(terms), *session.scalars(words)})
