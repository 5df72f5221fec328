"""What a change of the structure means for all that stands on it, asked before it is made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.attributes.base import Reading
from pim.errors import Conflict, Invalid, Text, text
from pim.feeds import service as feeds
from pim.feeds.models import Feed
from pim.imports.models import ImportProfile
from pim.imports.profiles import Profile, profile_from
from pim.products import restructure
from pim.products.broken import BrokenValues, newly_broken
from pim.row_reader import RowReader
from pim.structure import queries as catalog
from pim.structure import service as structures
from pim.structure.objects import Structure
from pim.structure.service import StructureChange


@dataclass(frozen=True)
class Impact:
    """``changes``: of the structure. ``broken``: the values that break its new rules; they stay as
    they are until somebody changes them.
    """

    changes: Sequence[StructureChange]
    broken: Sequence[BrokenValues]


def assess(session: Session, document: Mapping[str, Any], prune: bool = False) -> Impact:
    """What applying the document would change and break. :class:`~pim.errors.Invalid` and
    :class:`Conflict` as of :func:`pim.products.restructure.compare`; :class:`Conflict` also names
    the feeds and import profiles that could not be used any more.
    """
    changes = restructure.compare(session, document, prune)
    if not changes:
        return Impact(changes, [])
    before = catalog.structure(session)
    after = structures.preview(session, document, prune)
    lost = [*_lost_feeds(session, before, after), *_lost_profiles(session, before, after)]
    if lost:
        sentence = text(
            "Feeds or import profiles stand on what would go. Change those first: %(lost)s",
            lost="; ".join(map(str, lost)),
        )
        raise Conflict(sentence)
    return Impact(changes, newly_broken(session, before, after))


def apply(
    session: Session,
    document: Mapping[str, Any],
    now: datetime,
    *,
    by: str,
    prune: bool = False,
    keeps_broken: bool = False,
) -> Impact:
    """Change the structure; ``by``: who does. :class:`Conflict` where values would break its rules,
    unless somebody who has seen that says so (``keeps_broken``).
    """
    impact = assess(session, document, prune)
    if impact.broken and not keeps_broken:
        sentences = "; ".join(str(one.sentence) for one in impact.broken)
        raise Conflict(text("Values would break the new rules. %(broken)s", broken=sentences))
    restructure.change(session, document, now, by=by, prune=prune)
    return impact


def _lost_feeds(session: Session, before: Structure, after: Structure) -> Iterator[Text]:
    for feed in session.scalars(select(Feed).order_by(Feed.code)):
        name = text("feed “%(code)s”", code=feed.code)
        yield from _lost(name, partial(_check_feed, feed), before, after)


def _lost_profiles(session: Session, before: Structure, after: Structure) -> Iterator[Text]:
    for stored in session.scalars(select(ImportProfile).order_by(ImportProfile.code)):
        name = text("import profile “%(code)s”", code=stored.code)
        check = partial(_check_columns, profile_from(stored.definition))
        yield from _lost(name, check, before, after)


def _check_feed(feed: Feed, structure: Structure) -> None:
    feeds.check(structure, feed)


def _check_columns(profile: Profile, structure: Structure) -> None:
    RowReader(structure, profile.columns, Reading())


def _lost(
    name: Text, check: Callable[[Structure], object], before: Structure, after: Structure
) -> Iterator[Text]:
    """What is wrong with something only after the change."""
    now, then = _complaints(check, before), _complaints(check, after)
    if then is not None and now is None:
        yield text("%(name)s: %(why)s", name=name, why=then)


def _complaints(check: Callable[[Structure], object], structure: Structure) -> Text | None:
    try:
        check(structure)
    except Invalid as error:
        return error.message
    return None
