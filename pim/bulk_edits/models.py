"""Bulk edits: what was asked for, of which products, how far it is and what could not be done."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pim import errors
from pim.db import Base, Json, Sentence, Utc


class BulkEdit(Base):
    """One change of many products. ``state``: "reading" while the spreadsheet is read that it comes
    from, "draft" while somebody sets it up, then "running", and at last "done", "stopped" or
    "failed".

    ``selection``: how the products were chosen, as :class:`pim.bulk_edits.selection.Selection` says
    it; which ones it were stands in :class:`SelectedBatch`, ``number`` of them. ``steps``: as
    :func:`pim.bulk_edits.steps.stored` gives them. ``seen_change``: the latest change of anything
    when somebody looked at its preview. ``forecast``: what a trial of all of them came
    to. ``cursor``: products done; it moves in the transaction that writes them, so a killed edit
    goes on where it was. ``token``: who does not hold it may not write the edit. ``undone``,
    ``undone_by``: when it was taken back, and by whom.
    """

    __tablename__ = "bulk_edit"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    actor: Mapped[str] = mapped_column(String(255))
    selection: Mapped[dict[str, Any]] = mapped_column(Json)
    number: Mapped[int]
    seen_change: Mapped[int | None] = mapped_column(BigInteger)
    steps: Mapped[list[Any]] = mapped_column(Json)
    forecast: Mapped[dict[str, Any] | None] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10))
    cursor: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    refused: Mapped[int]
    left_out: Mapped[int]
    milliseconds: Mapped[int]
    error: Mapped[str | None] = mapped_column(Text)
    job_id: Mapped[int | None]
    token: Mapped[str] = mapped_column(String(32))
    created: Mapped[datetime] = mapped_column(Utc)
    started: Mapped[datetime | None] = mapped_column(Utc)
    finished: Mapped[datetime | None] = mapped_column(Utc)
    undone: Mapped[datetime | None] = mapped_column(Utc)
    undone_by: Mapped[str | None] = mapped_column(String(255))

    @property
    def is_raised(self) -> bool:
        """Whether the models that hold values of chosen variants are among its products."""
        return bool(self.selection.get("raised"))


Index("ix_bulk_edit_created", BulkEdit.created)


class SelectedBatch(Base):
    """Some of the products of a bulk edit, by id, as they were chosen at its start. ``along``:
    those of them that stand here because a model above them was chosen.
    """

    __tablename__ = "bulk_edit_batch"

    edit_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("bulk_edit.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ids: Mapped[list[int]] = mapped_column(Json)
    along: Mapped[list[int]] = mapped_column(Json)


class OwnCells(Base):
    """What a bulk edit does with one product alone: the ``cells`` that somebody changed in a
    spreadsheet, as :class:`pim.bulk_edits.own_cells.OwnCell` stores them. ``line``: the row of the
    file; ``moment``: the latest change there was when it was exported; ``conflicts``: how many of
    the cells somebody else had changed when the file was read.
    """

    __tablename__ = "bulk_edit_cells"

    edit_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("bulk_edit.id", ondelete="CASCADE"), primary_key=True
    )
    product_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    line: Mapped[int]
    moment: Mapped[int] = mapped_column(BigInteger)
    conflicts: Mapped[int]
    cells: Mapped[list[Any]] = mapped_column(Json)


class BulkEditProblem(Base):
    """What a bulk edit could not do with a product, or left as it was (``severity``). ``line``,
    ``column``: where in a spreadsheet, for what could not be read there.
    """

    __tablename__ = "bulk_edit_problem"

    edit_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("bulk_edit.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    identifier: Mapped[str] = mapped_column(String(255))
    address: Mapped[str] = mapped_column(String(255))
    value: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(63))
    severity: Mapped[str] = mapped_column(String(10))
    message: Mapped[errors.Text] = mapped_column(Sentence)
    line: Mapped[int | None]
    column: Mapped[str | None] = mapped_column(String(255))
