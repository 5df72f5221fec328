"""The translation memory follows the change log: what an import, a form or a bulk edit wrote is
added to it afterwards, in batches.

One direction at a time, and only those that somebody translates in: an import is not slowed down,
and a hub that speaks one language has no memory.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pim.bulk import in_values, insert_rows
from pim.db import Database
from pim.products.models import Change, Product
from pim.structure import queries as catalog
from pim.structure.objects import Attribute, Structure
from pim.text_translation import outdated_index, waiting
from pim.text_translation.memory import digest
from pim.text_translation.models import MemoryProgress, TranslationUnit
from pim.text_translation.outdated import FormerSources
from pim.text_translation.texts import Direction, TextPair, text_pairs

CHANGES = 1000
"""Changes that are followed in one transaction."""


def is_behind(session: Session, source_locale: str, target_locale: str) -> bool:
    """Whether something changed that the memory of this direction does not know yet."""
    return _reached(session, source_locale, target_locale) < _latest(session)


def follow(
    database: Database,
    source_locale: str,
    target_locale: str,
    now: datetime,
    progress: Callable[[int, int], object] = lambda done, total: None,
    guard: Callable[[Session], object] = lambda session: None,
) -> int:
    """Add the pairs of texts of everything that changed since the last time; how many were new.

    Killed or stopped, it goes on where it was. ``progress`` is told how many of how many changes
    are followed; ``guard`` is called in every transaction, and may raise to stop.
    """
    added = 0
    with database.reading() as session:
        begin, end = _reached(session, source_locale, target_locale), _latest(session)
    reached = begin
    while reached < end:
        with database.writing_batch() as session:
            guard(session)
            step = _follow_some(session, source_locale, target_locale, reached, now)
        added += step.added
        reached = step.reached
        progress(reached - begin, end - begin)
    return added


def refresh(session: Session, source_locale: str, target_locale: str, ids: Sequence[int]) -> None:
    """Say anew which texts of these products wait for a translation: somebody looked at one."""
    locales = (source_locale, target_locale)
    products = session.scalars(select(Product).where(in_values(session, Product.id, ids))).all()
    pairs = _pairs(catalog.structure(session), *locales)
    found = outdated_index.outdated(session, locales, products, pairs)
    outdated_index.mark(session, locales, ids, found)
    waiting.mark(session, locales, ids, products, pairs, found)


def directions(session: Session) -> Sequence[tuple[str, str]]:
    """(source, target) of what somebody translates, and the memory follows."""
    known = select(MemoryProgress.source_locale, MemoryProgress.target_locale)
    return [(row.source_locale, row.target_locale) for row in session.execute(known)]


@dataclass(frozen=True)
class _Step:
    reached: int
    added: int


def _reached(session: Session, source_locale: str, target_locale: str) -> int:
    known = session.get(MemoryProgress, (source_locale, target_locale))
    return known.change_id if known else 0


def _latest(session: Session) -> int:
    return session.scalar(select(func.max(Change.id))) or 0


def _follow_some(
    session: Session, source_locale: str, target_locale: str, reached: int, now: datetime
) -> _Step:
    next_ones = (
        select(Change.id, Change.product_id)
        .where(Change.id > reached)
        .order_by(Change.id)
        .limit(CHANGES)
    )
    changes = session.execute(next_ones).all()
    ids = {row.product_id for row in changes}
    products = session.scalars(select(Product).where(in_values(session, Product.id, ids))).all()
    pairs = _pairs(catalog.structure(session), source_locale, target_locale)
    locales = (source_locale, target_locale)
    former = outdated_index.outdated(session, locales, products, pairs)
    outdated_index.mark(session, locales, ids, former)
    waiting.mark(session, locales, ids, products, pairs, former)
    added = _add(session, locales, products, pairs, former, now)
    last = changes[-1].id if changes else _latest(session)
    session.merge(
        MemoryProgress(source_locale=source_locale, target_locale=target_locale, change_id=last)
    )
    return _Step(last, added)


def _pairs(
    structure: Structure, source_locale: str, target_locale: str
) -> dict[TextPair, Attribute]:
    """The texts of every channel."""
    found: dict[TextPair, Attribute] = {}
    for channel in structure.channels:
        found |= text_pairs(structure, Direction(channel, source_locale, target_locale))
    return found


def _add(
    session: Session,
    locales: tuple[str, str],
    products: Sequence[Product],
    pairs: Mapping[TextPair, Attribute],
    former: FormerSources,
    now: datetime,
) -> int:
    """Store the pairs that are new. ``former``: of the outdated translations, which are no example
    of anything.
    """
    units = {}
    for product in products:
        for pair in pairs:
            source, target = product.values.get(pair.source), product.values.get(pair.target)
            if source is None or target is None:
                continue
            if (product.id, pair.target) not in former:
                has_markup = pairs[pair].type.has_markup
                units[digest(source), digest(target)] = (source, target, has_markup)
    known = set(_known(session, locales, [source for source, _ in units]))
    new = {digests: unit for digests, unit in units.items() if digests not in known}
    source_locale, target_locale = locales
    insert_rows(
        session,
        TranslationUnit,
        {
            "digest": [source for source, _ in new],
            "target_digest": [target for _, target in new],
            "source": [source for source, _, _ in new.values()],
            "target": [target for _, target, _ in new.values()],
            "length": [len(source) for source, _, _ in new.values()],
            "has_markup": [has_markup for _, _, has_markup in new.values()],
        },
        {
            "source_locale": source_locale,
            "target_locale": target_locale,
            "is_confirmed": False,
            "at": now,
        },
    )
    return len(new)


def _known(
    session: Session, locales: tuple[str, str], digests: Sequence[str]
) -> Iterator[tuple[str, str]]:
    source_locale, target_locale = locales
    stored = select(TranslationUnit.digest, TranslationUnit.target_digest).where(
        TranslationUnit.source_locale == source_locale,
        TranslationUnit.target_locale == target_locale,
        in_values(session, TranslationUnit.digest, digests),
    )
    for row in session.execute(stored):
        yield row.digest, row.target_digest
