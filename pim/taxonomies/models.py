"""Taxonomies and their versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from pim.db import Base, Json, Utc


class Taxonomy(Base):
    """The category tree of a channel or standard. ``newest``: the number of its newest version."""

    __tablename__ = "taxonomy"

    code: Mapped[str] = mapped_column(String(63), primary_key=True)
    label: Mapped[str] = mapped_column(String(255))
    newest: Mapped[int]


class TaxonomyVersion(Base):
    """A taxonomy as one file had it; it never changes. ``digest``: of its ``nodes``, which are
    read only where they are asked for.
    """

    __tablename__ = "taxonomy_version"

    taxonomy: Mapped[str] = mapped_column(
        String(63), ForeignKey("taxonomy.code", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    filename: Mapped[str] = mapped_column(String(255))
    languages: Mapped[list[str]] = mapped_column(Json)
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Utc)
    by: Mapped[str] = mapped_column(String(254))
    nodes: Mapped[Any] = mapped_column(Json, deferred=True)
