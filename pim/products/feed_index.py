"""What the published file of each feed has of each product, kept so that lists can be asked it.

Feeds write it when they publish. What is left out has rows; a product that the build saw and that
has none is in the file. Where a file has few products, they have rows as well, for nobody finds few
among many by looking for what is not there.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    column,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from pim.bulk import in_values, insert_rows
from pim.errors import Text, text
from pim.products.id_lists import IdList, ordered
from pim.products.models import FeedIndex, Product, PublishedStanding
from pim.workflow import RETIRED

BETWEEN = ":"
"""Between a feed and a reason, as an address says them."""
LONGEST = 255
"""Characters of a reason."""
FEW = 20_000
"""So many products of a file, and no more, have rows."""
_RETIRED = f"{RETIRED}{BETWEEN}status"
IN_FILE = ""
"""The reason of what is in the file: none."""


class Absence(NamedTuple):
    """A product that a file does not have, and why: ``missing:title``."""

    product_id: int
    reason: str


def reason_code(rule: str, field: str) -> str:
    """How an address spells a reason."""
    return f"{rule}{BETWEEN}{field}"[:LONGEST]


def index_of(session: Session, feed: str) -> FeedIndex | None:
    """None for a feed whose published file nobody has looked into yet."""
    return session.get(FeedIndex, feed)


def absent_ids(session: Session, feed: str) -> set[int]:
    """Who is left out."""
    absent = (PublishedStanding.feed == feed, PublishedStanding.reason != IN_FILE)
    return set(session.scalars(select(PublishedStanding.product_id).where(*absent)))


def replace_absences(
    session: Session, feed: str, ids: Collection[int], absences: Sequence[Absence]
) -> None:
    """These products have these reasons from now on, and no others."""
    those = in_values(session, PublishedStanding.product_id, ids)
    session.execute(delete(PublishedStanding).where(PublishedStanding.feed == feed, those))
    columns: dict[str, list[Any]] = {
        "product_id": [one.product_id for one in absences],
        "reason": [one.reason for one in absences],
    }
    insert_rows(session, PublishedStanding, columns, {"feed": feed})


def reason_codes(session: Session, feed: str) -> set[str]:
    """The reasons for which something is left out."""
    absent = (PublishedStanding.feed == feed, PublishedStanding.reason != IN_FILE)
    return set(session.scalars(select(PublishedStanding.reason).where(*absent).distinct()))


def mark_live(session: Session, feed: str, newest: int) -> int:
    """How many products the file has; if they are few, each has a row from now on."""
    live = _live(feed, newest)
    number = session.scalar(select(func.count()).select_from(live.subquery())) or 0
    marked = (PublishedStanding.feed == feed, PublishedStanding.reason == IN_FILE)
    known = set(session.scalars(select(PublishedStanding.product_id).where(*marked)))
    wanted = set(session.scalars(live)) if number <= FEW else set()
    gone = in_values(session, PublishedStanding.product_id, known - wanted)
    session.execute(delete(PublishedStanding).where(*marked, gone))
    come = {"product_id": sorted(wanted - known)}
    insert_rows(session, PublishedStanding, come, {"feed": feed, "reason": IN_FILE})
    return number


def forget(session: Session, feed: str) -> None:
    """The feed is gone."""
    session.execute(delete(PublishedStanding).where(PublishedStanding.feed == feed))
    session.execute(delete(FeedIndex).where(FeedIndex.feed == feed))


def forget_products(session: Session, ids: Collection[int]) -> None:
    """These products are gone."""
    session.execute(
        delete(PublishedStanding).where(in_values(session, PublishedStanding.product_id, ids))
    )


def in_feeds(session: Session, feeds: Collection[str]) -> IdList:
    """Products that the file of one of these feeds has."""
    indexes = _indexes(session, feeds)
    if all(one.live <= FEW for one in indexes):
        return _with_reasons([(one.feed, IN_FILE) for one in indexes])
    product = aliased(Product)
    is_in = [_is_in(product.id, one.feed, one.newest) for one in indexes]
    found: Any = select(product.id).where(product.kind == "product", or_(*is_in))
    return IdList(found, found, is_long=True)


def in_none_of(session: Session, feeds: Collection[str]) -> IdList:
    """Products that the file of none of these feeds has."""
    product = aliased(Product)
    indexes = sorted(_indexes(session, feeds), key=lambda one: -one.live)
    is_out = [~_is_in(product.id, one.feed, one.newest) for one in indexes]
    in_order: Any = select(product.id).where(product.kind == "product", *is_out)
    if not indexes:
        return ordered(in_order)
    # Those that the fullest file lacks are the fewest.
    number = _absent(indexes[0]).subquery().c.product_id
    others = [~_is_in(number, one.feed, one.newest) for one in indexes[1:]]
    found: Any = select(number).where(*others)
    return IdList(found, in_order)


def _absent(index: FeedIndex) -> CompoundSelect[int]:
    """Who is left out of a file, or was made after it; some of them twice."""
    entry, product = aliased(PublishedStanding), aliased(Product)
    left_out = select(entry.product_id).where(entry.feed == index.feed, entry.reason != IN_FILE)
    made_later = select(product.id).where(product.kind == "product", product.id > index.newest)
    return union_all(left_out, made_later)


def left_out(spelled: Sequence[str]) -> IdList:
    """Products that feeds left out: ``google_nl`` for whatever reason, ``google_nl:missing:title``
    for this one.
    """
    asked = [one.partition(BETWEEN) for one in spelled]
    return _with_reasons([(feed, reason or None) for feed, _, reason in asked])


def _with_reasons(asked: Sequence[tuple[str, str | None]]) -> IdList:
    """Products that have one of these rows: feed and reason; None for any but :data:`IN_FILE`."""
    entry = aliased(PublishedStanding)
    fits: list[ColumnElement[bool]] = []
    for feed, reason in asked:
        has_reason = entry.reason != IN_FILE if reason is None else entry.reason == reason
        fits.append(and_(entry.feed == feed, has_reason))
    found: Any = select(entry.product_id).where(or_(false(), *fits))
    if len(asked) != 1:
        return IdList(found, None, repeats=True)
    [(_, reason)] = asked
    # A product has one row for a reason of a feed, and several for whatever reason.
    return IdList(found, found, repeats=reason is None)


@dataclass(frozen=True)
class PublishedFeed:
    """What the published file of a feed has of some products. ``absent``: product -> codes of what
    kept it out; ``said``: those codes in words.
    """

    newest: int
    absent: Mapping[int, Sequence[str]]
    said: Mapping[str, Text]

    def has(self, number: int) -> bool:
        """Whether the product is in the file."""
        return number <= self.newest and number not in self.absent

    def reasons(self, number: int) -> Sequence[Text]:
        """Why the product is not in it: what holds for most products comes first."""
        absent = self.absent.get(number, ())
        return [sentence for code, sentence in self.said.items() if code in absent]


def published_feeds(session: Session, ids: Collection[int]) -> dict[str, PublishedFeed]:
    """Feed -> what its published file has of these products."""
    absent = _absent_among(session, ids)
    found: dict[str, PublishedFeed] = {}
    for index in session.scalars(select(FeedIndex)):
        said = {code: Text.read(sentence) for code, _, sentence in index.reasons}
        found[index.feed] = PublishedFeed(index.newest, absent.get(index.feed, {}), said)
    return found


def _absent_among(session: Session, ids: Collection[int]) -> dict[str, dict[int, list[str]]]:
    """Feed -> product, of these, that its file does not have -> codes of what kept it out."""
    columns = (PublishedStanding.feed, PublishedStanding.product_id, PublishedStanding.reason)
    those = in_values(session, PublishedStanding.product_id, ids)
    absent = select(*columns).where(those, PublishedStanding.reason != IN_FILE)
    found: dict[str, dict[int, list[str]]] = {}
    for feed, number, reason in session.execute(absent):
        found.setdefault(feed, {}).setdefault(number, []).append(reason)
    return found


def labels(session: Session) -> Mapping[str, str]:
    """Feed -> what people call it, in the order of the feeds. Feeds know products, and not the
    other way: their table is named, and nothing else.
    """
    feed = table("feed", column("code", String), column("label", String), column("position"))
    return dict(session.execute(select(feed.c.code, feed.c.label).order_by(feed.c.position)).all())


def reasons(session: Session, named: Callable[[str], Text | str]) -> Mapping[str, Text]:
    """What a list can be asked of those left out -> in words: each feed, then each of its reasons,
    but not that it is retired, which no list shows that is not asked for it. ``named``: what people
    call an address of ours; a field of the channel stays as it is.
    """
    by_feed = {one.feed: one.reasons for one in session.scalars(select(FeedIndex))}
    found: dict[str, Text] = {}
    for feed, label in labels(session).items():
        found[feed] = text("%(feed)s: for whatever reason", feed=label)
        for code, field, sentence in by_feed.get(feed, ()):
            if code != _RETIRED:
                said = _reason(label, field, Text.read(sentence), named)
                found[f"{feed}{BETWEEN}{code}"] = said
    return found


def _reason(feed: str, field: str, sentence: Text, named: Callable[[str], Text | str]) -> Text:
    """The field is told beside the sentence, unless the sentence names it or is about no value."""
    is_named = sentence.parts.get("field") == field
    if is_named or field in ("", "status", "categories"):
        return text("%(feed)s: %(sentence)s", feed=feed, sentence=sentence)
    parts = {"feed": feed, "field": named(field), "sentence": sentence}
    return text("%(feed)s, %(field)s: %(sentence)s", **parts)


def _indexes(session: Session, feeds: Collection[str]) -> Sequence[FeedIndex]:
    return session.scalars(select(FeedIndex).where(FeedIndex.feed.in_(feeds))).all()


def _live(feed: str, newest: int) -> Select[int]:
    product = aliased(Product)
    return select(product.id).where(product.kind == "product", _is_in(product.id, feed, newest))


def _is_in(number: Any, feed: str, newest: int) -> ColumnElement[bool]:
    entry = aliased(PublishedStanding)
    is_absent = exists().where(
        entry.feed == feed, entry.product_id == number, entry.reason != IN_FILE
    )
    return and_(number <= newest, ~is_absent)
