"""links to products that were not there yet wait for the end of their run"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_missing_link",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "run_id",
            sa.String(32),
            sa.ForeignKey("import_run.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("file", sa.String(255), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("identifier", sa.String(255), nullable=False),
        sa.Column("column", sa.String(255), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("named_key", sa.Text(), nullable=False),
    )
    op.create_index("ix_import_missing_link_run_id", "import_missing_link", ["run_id"])
