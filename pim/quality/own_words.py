"""The words of the shop: what no dictionary knows and is spelled right all the same."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, or_, select, type_coerce
from sqlalchemy.orm import Session

from pim import audit
from pim.errors import Invalid, NotFound, text
from pim.quality import following
from pim.quality.figures import warnings_changed
from pim.quality.models import QualityWarning, ShopWord
from pim.quality.spelling import key_of, words_in
from pim.quality_kinds import MISSPELLED

LONGEST = 60
"""Letters of a word."""


def words(session: Session) -> Sequence[ShopWord]:
    """The words that people added, in their order."""
    return session.scalars(select(ShopWord).order_by(ShopWord.key)).all()


def add(session: Session, word: str, by: str, now: datetime) -> None:
    """Take a word in, whatever its case; nothing happens where it is one already. Warnings of it
    go at once. :class:`Invalid` for what is no single word.
    """
    word = word.strip()
    if list(words_in(word)) != [word] or len(word) > LONGEST:
        raise Invalid({"word": [text("“%(word)s” is not one word.", word=word)]})
    if session.get(ShopWord, key_of(word)) is not None:
        return
    session.add(ShopWord(key=key_of(word), word=word, by=by, at=now))
    audit.record(session, "word", word, None, {"name": word}, now, by)
    _forget(session, word)


def remove(session: Session, word: str, by: str, now: datetime) -> None:
    """Give a word up: texts with it are warned of when all products were looked at again.
    :class:`NotFound`.
    """
    found = session.get(ShopWord, key_of(word))
    if found is None:
        raise NotFound(text("“%(word)s” is no word of the shop.", word=word))
    session.delete(found)
    audit.record(session, "word", found.word, {"name": found.word}, None, now, by)
    following.recount(session)


def _forget(session: Session, word: str) -> None:
    """Take a word out of the warnings. Each holds the first words of its text only: where one is
    left over, the text is looked at again when it changes.
    """
    stored = type_coerce(QualityWarning.detail, String)
    spellings = {word, word.lower(), word.capitalize(), word.upper()}
    named = [stored.contains(f'"{one}"', autoescape=True) for one in spellings]
    warned = select(QualityWarning).where(QualityWarning.kind == MISSPELLED, or_(*named))
    for one in session.scalars(warned):
        left = [other for other in one.detail if key_of(other) != key_of(word)]
        if left:
            one.detail = left
        else:
            session.delete(one)
    warnings_changed(session)
