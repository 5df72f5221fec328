"""The translation memory: texts with what they were translated to, of everything in the shop.

What people translate is remembered at once; :mod:`pim.text_translation.following` adds what came
in any other way.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.text_translation.models import TranslationUnit

EQUAL = 100
ALIKE = 75
"""How alike two texts must be, of 100, for the translation of one to help with the other; below it
is quicker to begin anew.
"""
OFFERED = 3
SIMILAR_LENGTH = 0.3
"""A text that is so much longer or shorter is not compared."""
COMPARED = 20_000
"""Texts of the right length that are compared at most; the latest."""


@dataclass(frozen=True)
class Suggestion:
    """A translation that was made before. ``source``: of which text; ``likeness``: how much that
    resembles the one to translate, of 100.
    """

    source: str
    target: str
    likeness: int

    @property
    def is_exact(self) -> bool:
        return self.likeness == EQUAL


def digest(text: str) -> str:
    """By which equal texts are found."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def remember(
    session: Session,
    source_locale: str,
    target_locale: str,
    source: str,
    target: str,
    now: datetime,
    *,
    has_markup: bool = False,
) -> None:
    """Keep that a person gave a text this translation, or left it as it is."""
    unit = TranslationUnit(
        source_locale=source_locale,
        target_locale=target_locale,
        digest=digest(source),
        target_digest=digest(target),
        length=len(source),
        has_markup=has_markup,
        source=source,
        target=target,
        is_confirmed=True,
        at=now,
    )
    session.merge(unit)


def confirmed(
    session: Session,
    source_locale: str,
    target_locale: str,
    texts: Iterable[tuple[str, str]],
) -> set[tuple[str, str]]:
    """Which of these pairs of source and target people said belong together."""
    by_digest = {(digest(source), digest(target)): (source, target) for source, target in texts}
    stored = select(TranslationUnit.digest, TranslationUnit.target_digest).where(
        TranslationUnit.source_locale == source_locale,
        TranslationUnit.target_locale == target_locale,
        TranslationUnit.is_confirmed.is_(True),
        in_values(session, TranslationUnit.digest, {source for source, _ in by_digest}),
    )
    found = {(row.digest, row.target_digest) for row in session.execute(stored)}
    return {pair for digests, pair in by_digest.items() if digests in found}


def exact(
    session: Session, source_locale: str, target_locale: str, sources: Collection[str]
) -> dict[str, list[Suggestion]]:
    """Source text -> what it was translated to before, what people confirmed and the latest first;
    texts that nobody translated are absent.
    """
    by_digest = {digest(source): source for source in sources}
    stored = (
        select(TranslationUnit)
        .where(
            TranslationUnit.source_locale == source_locale,
            TranslationUnit.target_locale == target_locale,
            in_values(session, TranslationUnit.digest, by_digest),
        )
        .order_by(TranslationUnit.is_confirmed.desc(), TranslationUnit.at.desc())
    )
    found: dict[str, list[Suggestion]] = {}
    for unit in session.scalars(stored):
        suggestions = found.setdefault(by_digest[unit.digest], [])
        if len(suggestions) < OFFERED:
            suggestions.append(Suggestion(unit.source, unit.target, EQUAL))
    return found


def similar(
    session: Session,
    source_locale: str,
    target_locale: str,
    source: str,
    *,
    has_markup: bool = False,
) -> list[Suggestion]:
    """What texts that resemble this one were translated to, the most similar first. Equal texts
    are not among them.
    """
    shortest, longest = len(source) * (1 - SIMILAR_LENGTH), len(source) * (1 + SIMILAR_LENGTH)
    stored = (
        select(TranslationUnit.source, TranslationUnit.target)
        .where(
            TranslationUnit.source_locale == source_locale,
            TranslationUnit.target_locale == target_locale,
            TranslationUnit.length.between(int(shortest), int(longest) + 1),
            TranslationUnit.has_markup.is_(has_markup),
            TranslationUnit.digest != digest(source),
        )
        .order_by(TranslationUnit.at.desc())
        .limit(COMPARED)
    )
    units = session.execute(stored).all()
    nearest = process.extract(
        source,
        [one.source for one in units],
        scorer=fuzz.ratio,
        score_cutoff=ALIKE,
        limit=OFFERED,
    )
    return [
        Suggestion(units[place].source, units[place].target, min(int(likeness), EQUAL - 1))
        for _, likeness, place in nearest
    ]
