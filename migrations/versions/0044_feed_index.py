"""what lists of products know of published feeds"""

import sqlalchemy as sa
from alembic import op

from pim.db import Json

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed_index",
        sa.Column("feed", sa.String(63), nullable=False),
        sa.Column("build", sa.BigInteger(), nullable=True),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("reasons", Json(), nullable=False),
        sa.PrimaryKeyConstraint("feed"),
    )
    op.create_table(
        "feed_standing",
        sa.Column("feed", sa.String(63), nullable=False),
        sa.Column("product_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("feed", "product_id", "reason"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feed_standing_reason", "feed_standing", ["feed", "reason", "product_id"])
