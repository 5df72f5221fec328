"""which texts wait for a translation"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_text",
        sa.Column("target_locale", sa.String(20), nullable=False),
        sa.Column("source_locale", sa.String(20), nullable=False),
        sa.Column("product_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("target_locale", "source_locale", "product_id", "address"),
        sqlite_with_rowid=False,
    )
    # What was followed is followed once more: now it says too what waits.
    op.execute("UPDATE translation_memory SET change_id = 0")
