"""bulk edits: what was asked for, of which products, what could not be done; runs taken back"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_edit",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seen_change", sa.BigInteger(), nullable=True),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("forecast", sa.Text(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_edit"),
    )
    op.create_index("ix_bulk_edit_created", "bulk_edit", ["created"])
    op.create_table(
        "bulk_edit_batch",
        sa.Column("edit_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.Column("along", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edit_id", "number", name="pk_bulk_edit_batch"),
        sa.ForeignKeyConstraint(
            ["edit_id"],
            ["bulk_edit.id"],
            name="fk_bulk_edit_batch_edit_id_bulk_edit",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "bulk_edit_problem",
        sa.Column("edit_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("identifier", sa.String(255), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(63), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edit_id", "number", name="pk_bulk_edit_problem"),
        sa.ForeignKeyConstraint(
            ["edit_id"],
            ["bulk_edit.id"],
            name="fk_bulk_edit_problem_edit_id_bulk_edit",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "undone_run",
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_undone_run"),
    )
    op.execute(
        "INSERT INTO undone_run (reference, at) SELECT id, undone FROM import_run"
        " WHERE undone IS NOT NULL"
    )
