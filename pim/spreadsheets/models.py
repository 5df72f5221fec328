"""Files that are made of many products behind the scenes."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from pim.db import Base, Json, Utc


class SheetExport(Base):
    """A file that somebody asked for. ``request``: what is in it, as
    :mod:`pim.spreadsheets.service` stores it; ``ids``: of the products. ``finished``: since when
    the file is there; it goes after a while (:mod:`pim.retention`), and this row with it.
    """

    __tablename__ = "sheet_export"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    actor: Mapped[str] = mapped_column(String(255))
    number: Mapped[int]
    request: Mapped[dict[str, Any]] = mapped_column(Json)
    ids: Mapped[list[int]] = mapped_column(Json)
    created: Mapped[datetime] = mapped_column(Utc)
    finished: Mapped[datetime | None] = mapped_column(Utc)
