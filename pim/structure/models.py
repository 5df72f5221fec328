"""The table of the structure: one row per thing, its definition a document, because the hub always
works with the whole.
"""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from pim.db import Base, Json


class StructureItem(Base):
    """One attribute, option, family, category, channel, …: see ``pim.structure.document`` for kinds
    and definitions.
    """

    __tablename__ = "structure_item"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(180), primary_key=True)
    position: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
