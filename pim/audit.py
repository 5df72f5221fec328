"""The audit log: who changed how the hub is set up, when, and from what to what.

People, roles, grants, tokens, feeds, import profiles, the structure, taxonomies and words of
the shop are written down here, in the transaction that changes them. Products have changes of their
own (:mod:`pim.products.history`).
Nothing secret is written down: of a password or a link only that there is a new one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pim.db import Base, Json, RowId, Utc

AuditKind = Literal["person", "role", "token", "feed", "profile", "structure", "taxonomy", "word"]
AuditVerb = Literal["added", "changed", "removed"]
State = Mapping[str, Any]
"""What is known of a thing, as JSON can hold it: property -> value."""


class AuditEntry(Base):
    """One change of one thing.

    ``kind`` and ``code``: of what. ``by``: an e-mail address, or the name of a program. ``old`` and
    ``new`` hold the properties that differ; a thing that was added has no old ones, one that was
    removed no new ones.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_kind", "kind", "code", "id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc, index=True)
    by: Mapped[str] = mapped_column(String(254))
    kind: Mapped[AuditKind] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(254))
    verb: Mapped[AuditVerb] = mapped_column(String(10))
    old: Mapped[dict[str, Any]] = mapped_column(Json)
    new: Mapped[dict[str, Any]] = mapped_column(Json)

    @property
    def properties(self) -> list[str]:
        """What differs, in the order in which it was said."""
        return list(dict.fromkeys([*self.new, *self.old]))


def record(
    session: Session,
    kind: AuditKind,
    code: str,
    before: State | None,
    after: State | None,
    now: datetime,
    by: str,
) -> None:
    """Write down that this thing is ``after`` what was ``before``; None where there is none.

    Of what is the same on both sides nothing is written, and nothing at all where all is the same.
    """
    old, new = before or {}, after or {}
    if before is not None and after is not None:
        old = {name: value for name, value in old.items() if new.get(name) != value}
        new = {name: value for name, value in new.items() if before.get(name) != value}
        if not old and not new:
            return
    session.add(
        AuditEntry(
            at=now,
            by=by,
            kind=kind,
            code=code,
            verb=_verb(before, after),
            old=dict(old),
            new=dict(new),
        )
    )


def _verb(before: State | None, after: State | None) -> AuditVerb:
    if before is None:
        return "added"
    return "removed" if after is None else "changed"


def entries(
    session: Session, *, kind: str = "", code: str = "", before: int | None = None, limit: int
) -> Sequence[AuditEntry]:
    """The newest entries, of all things or of those of a kind, or of one.

    ``before``: the id of the entry behind which the list goes on.
    """
    wanted = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if kind:
        wanted = wanted.where(AuditEntry.kind == kind)
    if code:
        wanted = wanted.where(AuditEntry.code == code)
    if before is not None:
        wanted = wanted.where(AuditEntry.id < before)
    return session.scalars(wanted).all()
