"""The outbox: one row for every change, written in the transaction that made the change.

Nothing is sent from here. Who has to follow what happens (webhooks, notifications, a feed after
an import) reads the rows behind the last one it has seen; ids are in the order of the commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from pim.bulk import insert_rows
from pim.db import Base, RowId, Utc, allocate


class OutboxRow(Base):
    """What happened (``kind``), to what (``subject_kind``, ``subject_id``).

    ``sequence``: the subject's place in the change sequence, 0 where it has none.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Utc)


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """An :class:`OutboxRow` before it is written."""

    kind: str
    subject_kind: str
    subject_id: str
    sequence: int = 0


def record(session: Session, events: Sequence[OutboxEvent], now: datetime) -> None:
    """Put events into the outbox, in their order."""
    if not events:
        return
    last = allocate(session, "outbox", len(events))
    columns = {
        "id": range(last - len(events) + 1, last + 1),
        "kind": [event.kind for event in events],
        "subject_kind": [event.subject_kind for event in events],
        "subject_id": [event.subject_id for event in events],
        "sequence": [event.sequence for event in events],
    }
    insert_rows(session, OutboxRow, columns, {"at": now})
