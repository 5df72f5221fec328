"""Reading the index back, to hold it against what it should say."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnClause, exists, literal_column, select
from sqlalchemy import table as named_table
from sqlalchemy import text as sql
from sqlalchemy.orm import InstrumentedAttribute, Session

from pim.search.models import Term

HAS_WORDS = {
    "sqlite": sql("SELECT count(*) FROM word WHERE word MATCH :words AND rowid = :id"),
    "postgresql": sql("SELECT count(*) FROM word WHERE product_id = :id AND words = array_to_tsvector(string_to_array(:words, ' '))"),
}
HAS_NONE = {
    "sqlite": sql("SELECT count(*) FROM word WHERE rowid = :id"),
    "postgresql": sql("SELECT count(*) FROM word WHERE product_id = :id"),
}
KEY = {"sqlite": "rowid", "postgresql": "product_id"}


def entries(session: Session, ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    """Product id -> its (address, term) entries, for those who have any."""
    found: dict[int, set[tuple[str, str]]] = {}
    for number, address, term in session.execute(select(Term.product_id, Term.address, Term.term).where(Term.product_id.in_(ids))):
        found.setdefault(number, set()).add((address, term))
    return found


def without_words(session: Session, words: Mapping[int, str]) -> Iterator[int]:
    """Of these products (id -> words), those whose words the index lacks. On SQLite a word too many goes unseen: it keeps no list."""
    engine = session.connection().dialect.name
    for number, expected in words.items():
        asked = " AND ".join(f'"{word}"' for word in expected.split()) if engine == "sqlite" else expected
        statement = HAS_WORDS[engine] if expected else HAS_NONE[engine]
        if not session.scalar(statement, {"words": asked, "id": number}):
            yield number


def strangers(session: Session, product_id: InstrumentedAttribute[int]) -> list[int]:
    """Ids that are in the index and of no product."""
    key: ColumnClause[int] = literal_column(KEY[session.connection().dialect.name])
    terms = select(Term.product_id).where(~exists().where(product_id == Term.product_id)).distinct()
    words = select(key).select_from(named_table("word")).where(~exists().where(product_id == key))
    return sorted({*session.scalars(terms), *session.scalars(words)})
