"""Feeds and their builds."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from pim import errors
from pim.db import Base, Json, Utc
from pim.feeds import verdicts


class Feed(Base):
    """An exporter rendered for a channel, locale and currency. ``published`` is the pointer to the
    build the world sees.

    ``link``: the shop's product page, with ``{identifier}`` or ``{root}`` in it. ``pictures``: the
    preset in which its pictures are drawn. ``only_complete``: it takes no product that lacks what
    its family requires in the channel and locale. ``paused``: its schedule makes no builds.
    ``after_import``: the import profile whose every run is followed by a build; empty for none.
    ``rules``, ``selection`` and ``categories``: see the modules of these names. ``deliveries``:
    where its file is brought (:mod:`pim.deliveries.targets`), code -> definition. ``pinned``: the
    published build stays, whatever is built, until somebody unpins it. ``nonce``: the feed's token
    is derived from it.
    """

    __tablename__ = "feed"

    code: Mapped[str] = mapped_column(String(63), primary_key=True)
    label: Mapped[str] = mapped_column(String(255))
    exporter: Mapped[str] = mapped_column(String(63))
    channel: Mapped[str] = mapped_column(String(63))
    locale: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    link: Mapped[str] = mapped_column(Text)
    pictures: Mapped[str] = mapped_column(String(20), server_default="feed")
    only_complete: Mapped[bool] = mapped_column(server_default=false())
    paused: Mapped[bool] = mapped_column(server_default=false())
    pinned: Mapped[bool] = mapped_column(server_default=false())
    options: Mapped[dict[str, Any]] = mapped_column(Json)
    mapping: Mapped[dict[str, Any]] = mapped_column(Json)
    rules: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    selection: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    categories: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    deliveries: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    after_import: Mapped[str] = mapped_column(String(63), default="", server_default="")
    nonce: Mapped[str] = mapped_column(String(32))
    published: Mapped[int | None] = mapped_column(BigInteger)
    position: Mapped[int]


class FeedBuild(Base):
    """One finished build: its file never changes. ``state``: published (is or was), held, unchanged
    (the file is that of the build before it), overtaken (a later one was published while this one
    was made).

    ``items``: records in the file. ``excluded``: products left out, each with reasons in the
    report. ``totals``: how many products have which problem (:mod:`pim.feeds.reports`), None for a
    build of before they were kept. ``worth``: price times stock of all products that are not
    retired, in hundredths of the currency, ``worth_excluded``: of those that are left out; None for
    a build of before that was kept. ``digest``: the fingerprint of what the build depends on
    besides the products. ``seq``: the change sequence it has seen. ``verdict``: what the gate said,
    as (message id, parts), and what people wrote when they published it nevertheless, as text.
    """

    __tablename__ = "feed_build"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    feed: Mapped[str] = mapped_column(String(63), ForeignKey("feed.code", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    items: Mapped[int]
    excluded: Mapped[int]
    warned: Mapped[int]
    rendered: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)
    verdict: Mapped[list[Any]] = mapped_column(Json)
    totals: Mapped[list[Any] | None] = mapped_column(Json)
    worth: Mapped[int | None] = mapped_column(BigInteger)
    worth_excluded: Mapped[int | None] = mapped_column(BigInteger)
    milliseconds: Mapped[int]
    started: Mapped[datetime] = mapped_column(Utc)
    finished: Mapped[datetime] = mapped_column(Utc)

    @property
    def is_released(self) -> bool:
        """Whether somebody looked at what the gate said, and published it nevertheless."""
        return any(map(verdicts.is_note, self.verdict))

    @property
    def said(self) -> list[errors.Text]:
        """The verdict as sentences, to be shown in the reader's language."""
        return [verdicts.sentence(one) for one in self.verdict]


Index("ix_feed_build_feed", FeedBuild.feed, FeedBuild.id)
