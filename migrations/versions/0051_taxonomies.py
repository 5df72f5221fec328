"""taxonomies, and the categories of feeds"""

import sqlalchemy as sa
from alembic import op

from pim.db import Json

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taxonomy",
        sa.Column("code", sa.String(length=63), nullable=False),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_taxonomy")),
    )
    op.create_table(
        "taxonomy_version",
        sa.Column("taxonomy", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("languages", Json(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("nodes", Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["taxonomy"],
            ["taxonomy.code"],
            name=op.f("fk_taxonomy_version_taxonomy_taxonomy"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("taxonomy", "number", name=op.f("pk_taxonomy_version")),
    )
    op.add_column("feed", sa.Column("categories", Json(), server_default="{}", nullable=False))
