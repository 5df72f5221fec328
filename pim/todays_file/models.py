"""The file that a channel gets today, and what was learnt from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pim.db import Base, Json, Utc


class TodaysFile(Base):
    """One for each feed. ``by``: who brought it. ``proposal``: what it tells
    (:func:`pim.todays_file.store.proposal_of`), None while it is read.
    """

    __tablename__ = "todays_file"

    feed: Mapped[str] = mapped_column(
        String(63), ForeignKey("feed.code", ondelete="CASCADE"), primary_key=True
    )
    filename: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime] = mapped_column(Utc)
    by: Mapped[str] = mapped_column(String(255))
    proposal: Mapped[dict[str, Any] | None] = mapped_column(Json)
