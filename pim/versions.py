"""Versions of the set-up: the structure, each import profile and feed, whole, as saves left them.

The audit log says what a change was. A version holds all of it: a save is compared with the version
that its author saw, and an earlier one can be returned to.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, Literal

import orjson
from sqlalchemy import Index, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pim.db import Base, Json, RowId, Utc
from pim.errors import NotFound, text

VersionKind = Literal["structure", "profile", "feed"]
SHOWN = 20
"""Versions that are listed at a time."""


class SetupVersion(Base):
    """One thing as it was from ``at`` on. ``by``: who made it so, an e-mail address or the name of
    a program; "" where versions were not kept yet. ``content``: all of it, as JSON has it; None
    where it was removed.
    """

    __tablename__ = "setup_version"
    __table_args__ = (Index("ix_setup_version_kind", "kind", "code", "id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)
    by: Mapped[str] = mapped_column(String(254))
    kind: Mapped[VersionKind] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(254))
    fingerprint: Mapped[str] = mapped_column(String(40))
    content: Mapped[Any] = mapped_column(Json, nullable=True)


def fingerprint(content: Any) -> str:
    """40 hex digits that stand for a content; for another order of its keys there are others."""
    return blake2b(orjson.dumps(content), digest_size=20).hexdigest()


def keep(
    session: Session,
    kind: VersionKind,
    code: str,
    before: Any,
    after: Any,
    now: datetime,
    by: str,
) -> None:
    """Keep what a save made of ``before``; None where there is nothing. What was there before
    versions were kept becomes the first one.
    """
    if fingerprint(before) == fingerprint(after):
        return
    newest = session.scalars(_of(kind, code).limit(1)).first()
    is_known = newest is not None and newest.fingerprint == fingerprint(before)
    if before is not None and not is_known:
        _add(session, kind, code, before, now, "")
    _add(session, kind, code, after, now, by)


def _add(
    session: Session, kind: VersionKind, code: str, content: Any, now: datetime, by: str
) -> None:
    print_of = fingerprint(content)
    version = SetupVersion(
        at=now, by=by, kind=kind, code=code, fingerprint=print_of, content=content
    )
    session.add(version)
    session.flush()


def versions(
    session: Session, kind: VersionKind, code: str, *, before: int | None = None, limit: int
) -> Sequence[SetupVersion]:
    """The newest versions. ``before``: the id of the version behind which the list goes on."""
    wanted = _of(kind, code).limit(limit)
    if before is not None:
        wanted = wanted.where(SetupVersion.id < before)
    return session.scalars(wanted).all()


def get(session: Session, kind: VersionKind, code: str, number: int) -> SetupVersion:
    """:class:`NotFound`."""
    found = session.scalars(_of(kind, code).where(SetupVersion.id == number)).first()
    if found is None:
        raise NotFound(text("There is no version %(number)s of it.", number=number))
    return found


def seen(session: Session, kind: VersionKind, code: str, seen: str) -> SetupVersion | None:
    """The newest version with this fingerprint, None where it is not kept."""
    return session.scalars(_of(kind, code).where(SetupVersion.fingerprint == seen)).first()


def since(session: Session, version: SetupVersion) -> Sequence[SetupVersion]:
    """The versions that came after this one, the oldest first."""
    newer = _of(version.kind, version.code).where(SetupVersion.id > version.id)
    return list(reversed(session.scalars(newer).all()))


def _of(kind: VersionKind, code: str) -> Select[SetupVersion]:
    mine = select(SetupVersion).where(SetupVersion.kind == kind, SetupVersion.code == code)
    return mine.order_by(SetupVersion.id.desc())
