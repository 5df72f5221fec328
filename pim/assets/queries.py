"""Reading assets with their records: one, a page of a list, all of them for a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from media import queries as media
from media.models import Asset, AssetName
from media.names import folded_name
from pim.errors import NotFound, text
from pim.listing import label_of
from pim.products.models import Change, StoredRecord
from pim.products.stores import ASSETS
from pim.search.query import has_term, with_words
from pim.structure.objects import Structure
from pim.values import Document

PAGE = 50
CHUNK = 500
"""Assets that are read at once where all of them are read."""


@dataclass(frozen=True)
class AssetDetail:
    """An asset and what is known of it. ``asset``: a row with the columns of
    :class:`media.models.Asset`; ``record``: None until somebody has given it a value.
    """

    asset: Any
    record: StoredRecord | None

    @property
    def code(self) -> str:
        return str(self.asset.code)

    @property
    def document(self) -> Document:
        return {} if self.record is None else self.record.values

    @property
    def family(self) -> str | None:
        return None if self.record is None else self.record.family

    @property
    def version(self) -> int:
        return 0 if self.record is None else self.record.version

    def label(self, structure: Structure, locale: str) -> str:
        """What people call it: its family's label attribute, else the name of its file."""
        named = label_of(structure, "", self.family, self.document, locale)
        return str(named or self.asset.filename)


def get(session: Session, name: str) -> AssetDetail:
    """An asset by its code, or by a name under which its file came. :class:`NotFound`."""
    found = media.by_codes(session, [name])
    if not found:
        found = media.by_codes(session, media.by_filename(session, [name]).values())
    if not found:
        raise NotFound(text("There is no picture or document “%(code)s”.", code=name))
    asset = next(iter(found.values()))
    return AssetDetail(asset, records(session, [asset.code]).get(asset.code))


def records(session: Session, codes: Sequence[str]) -> dict[str, StoredRecord]:
    """Code -> record, of those assets that have one."""
    wanted = select(StoredRecord).where(*ASSETS.own, StoredRecord.key.in_(codes))
    return {record.identifier: record for record in session.scalars(wanted)}


def history(session: Session, detail: AssetDetail, limit: int) -> Sequence[Change]:
    """The latest changes first."""
    if detail.record is None:
        return ()
    its = select(Change).where(Change.product_id == detail.record.id)
    return session.scalars(its.order_by(Change.id.desc()).limit(limit)).all()


@dataclass(frozen=True)
class AssetFilters:
    """Which assets a list shows. ``words``: each begins a word of its texts, or stands in its
    file's name. ``family``: a code, or "none" for those without. ``incomplete_in``: the code of a
    scope in which something is missing.
    """

    words: str = ""
    family: str = ""
    incomplete_in: str = ""


WITHOUT_FAMILY = "none"


@dataclass(frozen=True)
class FoundAssets:
    """One page, newest first. ``after``: what to ask for to see the next one, "" on the last."""

    rows: Sequence[AssetDetail]
    after: str
    total: int


def page(session: Session, filters: AssetFilters, after: str = "", size: int = PAGE) -> FoundAssets:
    """A page of the list. ``after``: the code of the asset that it goes on behind."""
    matching = _matching(session, filters)
    total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    wanted = matching.order_by(Asset.created.desc(), Asset.code.desc())
    edge = session.get(Asset, after) if after else None
    if edge is not None:
        place = tuple_(Asset.created, Asset.code)
        wanted = wanted.where(place < tuple_(edge.created, edge.code))
    codes = session.scalars(wanted.limit(size + 1)).all()
    is_last = len(codes) <= size
    shown = codes[:size]
    rows = list(details(session, shown).values())
    return FoundAssets(rows, "" if is_last else shown[-1], total)


def every(session: Session, filters: AssetFilters) -> Iterator[AssetDetail]:
    """All that a list would show, by code, a chunk at a time."""
    wanted = _matching(session, filters).order_by(Asset.code).limit(CHUNK)
    last = ""
    while codes := session.scalars(wanted.where(Asset.code > last)).all():
        yield from details(session, codes).values()
        last = codes[-1]


def details(session: Session, codes: Sequence[str]) -> dict[str, AssetDetail]:
    """Code -> asset with its record, in this order; those that are not there are left out."""
    assets: Mapping[str, Row[Any]] = media.by_codes(session, codes)
    known = records(session, codes)
    return {code: AssetDetail(assets[code], known.get(code)) for code in codes if code in assets}


def _matching(session: Session, filters: AssetFilters) -> Select[str]:
    """The codes of the assets that are wanted."""
    is_its_record = and_(*ASSETS.own, StoredRecord.key == Asset.code)
    wanted = select(Asset.code).outerjoin(StoredRecord, is_its_record)
    if filters.words.strip():
        wanted = wanted.where(_has_words(session, filters.words))
    if filters.family == WITHOUT_FAMILY:
        wanted = wanted.where(StoredRecord.family.is_(None))
    elif filters.family:
        wanted = wanted.where(StoredRecord.family == filters.family)
    if filters.incomplete_in:
        complete = ASSETS.indexed_at("complete")
        is_complete = has_term(StoredRecord.id, complete, filters.incomplete_in)
        wanted = wanted.where(StoredRecord.family.is_not(None), ~is_complete)
    return wanted


def _has_words(session: Session, words: str) -> ColumnElement[bool]:
    pattern = "%" + folded_name(words.strip()).replace("%", r"\%").replace("_", r"\_") + "%"
    named = exists().where(AssetName.asset == Asset.code, AssetName.name.like(pattern, escape="\\"))
    is_code = Asset.code == words.strip().lower()
    in_texts = with_words(session, words, ASSETS.word_prefix)
    if in_texts is None:
        return or_(named, is_code)
    return or_(named, is_code, StoredRecord.id.in_(in_texts))
