"""which products have outdated translations"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outdated_text",
        sa.Column("target_locale", sa.String(20), nullable=False),
        sa.Column("product_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source_locale", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("target_locale", "product_id", "source_locale"),
        sqlite_with_rowid=False,
    )
    # What was followed is followed once more: now it says too what is outdated.
    op.execute("UPDATE translation_memory SET change_id = 0")
