"""quality warnings"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "quality_warning",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("group_key", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("product_id", "kind", "address"),
    )
    op.create_index("ix_quality_warning_kind", "quality_warning", ["kind", "product_id"])
    op.create_index("ix_quality_warning_group", "quality_warning", ["group_key"])
    op.create_table(
        "quality_fact",
        sa.Column("product_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=False),
        sa.Column("group_key", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("product_id", "kind", "address"),
    )
    op.create_index("ix_quality_fact_root_id", "quality_fact", ["root_id"])
    op.create_index("ix_quality_fact_group", "quality_fact", ["group_key", "number"])
    op.create_table(
        "quality_changed_group",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("group_key", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "quality_dismissal",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("by", sa.String(255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("product_id", "kind", "address"),
    )
    op.create_table(
        "quality_progress",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
