"""The words that the names of products are made of, and which of them somebody meant who slipped.

A word stays when the last name that has it is gone, until the index is made anew: who offers what
was meant looks first whether it finds anything.
"""

from collections.abc import Collection, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.bulk import in_values, run
from pim.search.models import VocabularyWord

SHORTEST = 4
"""A shorter word is one slip away from too many others."""
LONG = 8
"""Letters from which on two slips are forgiven, and not only one."""
OFFERED = 3
"""How many words are offered for one that was typed."""
ADD = {
    "sqlite": "INSERT OR IGNORE INTO vocabulary (word, product_id, initial) VALUES (?, ?, ?)",
    "postgresql": (
        "INSERT INTO vocabulary (word, product_id, initial) VALUES (%s, %s, %s)"
        " ON CONFLICT DO NOTHING"
    ),
}


def is_learned(word: str) -> bool:
    """Words with digits are codes and numbers: nothing is like them but themselves."""
    return len(word) >= SHORTEST and word.isalpha()


def learn(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Remember the words of products: (product id, words)."""
    met = set(" ".join(words for _, words in rows).split(" "))
    learned = {word for word in met if is_learned(word)}
    known = select(VocabularyWord.word).where(in_values(session, VocabularyWord.word, learned))
    new = learned - set(session.scalars(known)) if learned else learned
    if not new:
        return
    brought_by = {
        word: product_id for product_id, words in rows for word in new.intersection(words.split())
    }
    connection = session.connection()
    added = [(word, brought_by[word], word[0]) for word in sorted(new)]
    run(connection, ADD[connection.dialect.name], added)


# As text, and read from the driver: making objects of tens of thousands of words takes longer than
# to compare them.
WITH_INITIAL = "SELECT DISTINCT word FROM vocabulary WHERE initial = ?"
AS_LONG = "SELECT DISTINCT word FROM vocabulary WHERE length(word) BETWEEN ? AND ?"


def has_beginning(session: Session, typed: str) -> bool:
    """Whether a word begins so."""
    return any(word.startswith(typed) for word in _words(session, WITH_INITIAL, typed[:1]))


def meant(session: Session, typed: str) -> Sequence[str]:
    """What somebody meant who typed this (folded), the nearest first: words, or where the end is
    still to be typed their beginnings. Nobody slips at the first letter, so words with another one
    are looked at only where there is none with this one.
    """
    if not is_learned(typed):
        return ()
    slips = 2 if len(typed) >= LONG else 1
    alike = _words(session, WITH_INITIAL, typed[0])
    beginnings = {word[: len(typed)] for word in alike}
    found = _nearest(typed, alike, slips) + _nearest(typed, beginnings, slips)
    if not found:
        as_long = _words(session, AS_LONG, len(typed) - slips, len(typed) + slips)
        found = _nearest(typed, as_long, slips)
    return list(dict.fromkeys(word for _, word in sorted(found)))[:OFFERED]


def _words(session: Session, statement: str, *values: object) -> Sequence[str]:
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        statement = statement.replace("?", "%s")
    found = connection.exec_driver_sql(statement, values)
    words = [word for (word,) in found.cursor.fetchall()]
    found.close()
    return words


def _nearest(typed: str, words: Collection[str], slips: int) -> list[tuple[int, str]]:
    """(slips, word) of the words that are so many slips away. Two letters that changed places count
    as one slip.
    """
    found = process.extract(typed, words, scorer=OSA.distance, score_cutoff=slips, limit=OFFERED)
    return [(distance, word) for word, distance, _ in found]
