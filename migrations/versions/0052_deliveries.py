"""feeds have targets that their files are brought to; deliveries have receipts"""

import sqlalchemy as sa
from alembic import op

from pim.db import Json

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("feed", sa.Column("deliveries", Json(), server_default="{}", nullable=False))
    op.create_table(
        "delivery",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column(
            "feed",
            sa.String(63),
            sa.ForeignKey("feed.code", name="fk_delivery_feed_feed", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("target", sa.String(63), nullable=False),
        sa.Column("build", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("path", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("after_failure", sa.Boolean(), nullable=False),
        sa.Column("job", sa.Integer()),
        sa.Column("by", sa.String(254)),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("finished", sa.DateTime(timezone=True)),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.UniqueConstraint("key", name="uq_delivery_key"),
    )
    op.create_index("ix_delivery_target", "delivery", ["feed", "target", "id"])
    op.create_index("ix_delivery_state", "delivery", ["state"])
    op.create_table(
        "delivery_secret",
        sa.Column(
            "feed",
            sa.String(63),
            sa.ForeignKey("feed.code", name="fk_delivery_secret_feed_feed", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("target", sa.String(63), primary_key=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
    )
