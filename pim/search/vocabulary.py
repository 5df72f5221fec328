"""The words that the names of products are made of, and which of them somebody meant who slipped.

A word stays when the last name that has it is gone, until the index is made anew: who offers what
was meant looks first whether it finds anything.
"""

from collections.abc import Iterable, Sequence

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


def learn(session: Session, rows: Iterable[tuple[int, str]]) -> None:
    """Remember the words of products: (product id, words)."""
    met: dict[str, int] = {}
    for product_id, words in rows:
        met.update({word: product_id for word in words.split(" ") if is_learned(word)})
    if not met:
        return
    known = select(VocabularyWord.word).where(in_values(session, VocabularyWord.word, met.keys()))
    new = met.keys() - set(session.scalars(known))
    connection = session.connection()
    added = [(word, met[word], word[0]) for word in sorted(new)]
    run(connection, ADD[connection.dialect.name], added)


def has_beginning(session: Session, typed: str) -> bool:
    """Whether a word begins so."""
    return any(word.startswith(typed) for word in _words(session, typed[:1]))


def meant(session: Session, typed: str) -> Sequence[str]:
    """What somebody meant who typed this (folded), the nearest first: words, or where the end is
    still to be typed their beginnings. Nobody slips at the first letter, so words with another one
    are looked at only where there is none with this one.
    """
    if not is_learned(typed):
        return ()
    return _nearest(typed, _words(session, typed[0])) or _nearest(typed, _words(session))


def _words(session: Session, initial: str = "") -> Sequence[str]:
    words = select(VocabularyWord.word).distinct()
    return session.scalars(
        words.where(VocabularyWord.initial == initial) if initial else words
    ).all()


def _nearest(typed: str, words: Sequence[str]) -> Sequence[str]:
    """Two letters that changed places count as one slip."""
    slips = 2 if len(typed) >= LONG else 1
    beginnings = {word[: len(typed)] for word in words}
    found = [
        (distance, word)
        for candidates in (words, beginnings)
        for word, distance, _ in process.extract(
            typed, candidates, scorer=OSA.distance, score_cutoff=slips, limit=OFFERED
        )
    ]
    return list(dict.fromkeys(word for _, word in sorted(found)))[:OFFERED]
