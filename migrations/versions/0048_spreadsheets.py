"""files of products for spreadsheets, and the cells that were changed in one"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_export",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sheet_export"),
    )
    op.create_table(
        "bulk_edit_cells",
        sa.Column("edit_id", sa.String(32), nullable=False),
        sa.Column("product_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("conflicts", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edit_id", "product_id", name="pk_bulk_edit_cells"),
        sa.ForeignKeyConstraint(
            ["edit_id"],
            ["bulk_edit.id"],
            name="fk_bulk_edit_cells_edit_id_bulk_edit",
            ondelete="CASCADE",
        ),
    )
    op.add_column("bulk_edit_problem", sa.Column("line", sa.Integer(), nullable=True))
    op.add_column("bulk_edit_problem", sa.Column("column", sa.String(255), nullable=True))
