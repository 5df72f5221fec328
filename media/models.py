"""Tables of assets. A file is named by its content: the same bytes are the same asset, whatever
they are called.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pim.db import Base, Utc


class Asset(Base):
    """An original. code: first 20 hex digits of its sha256. filename: as it first came, for
    downloads and people.

    bytes: size of the file. width, height: pixels as seen, after EXIF orientation; null for a PDF.
    frames: pages or pictures in it.
    """

    __tablename__ = "asset"
    __table_args__ = (Index("ix_asset_created", "created", "code"),)

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    storage_key: Mapped[str] = mapped_column(Text)
    bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    frames: Mapped[int] = mapped_column(Integer)
    created: Mapped[datetime] = mapped_column(Utc)


class AssetName(Base):
    """Every name under which an asset came, folded: its path as given and the last part of it.
    Imports find pictures by it.
    """

    __tablename__ = "asset_name"
    __table_args__ = (Index("ix_asset_name_asset", "asset"),)

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    asset: Mapped[str] = mapped_column(ForeignKey("asset.code"), primary_key=True)
    seen: Mapped[datetime] = mapped_column(Utc)


class Rendition(Base):
    """A picture drawn once and kept. preset: the preset's key, which names its settings. width,
    height: pixels. sha256: of the file; None where it was drawn before that was noted.
    """

    __tablename__ = "rendition"

    asset: Mapped[str] = mapped_column(ForeignKey("asset.code"), primary_key=True)
    preset: Mapped[str] = mapped_column(String(60), primary_key=True)
    storage_key: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
