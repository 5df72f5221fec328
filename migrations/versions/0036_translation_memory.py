"""what texts were translated to before"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "translation_unit",
        sa.Column("source_locale", sa.String(20), primary_key=True),
        sa.Column("target_locale", sa.String(20), primary_key=True),
        sa.Column("digest", sa.String(32), primary_key=True),
        sa.Column("target_digest", sa.String(32), primary_key=True),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("has_markup", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "ix_translation_unit_length",
        "translation_unit",
        ["source_locale", "target_locale", "length"],
    )
    op.create_table(
        "translation_memory",
        sa.Column("source_locale", sa.String(20), primary_key=True),
        sa.Column("target_locale", sa.String(20), primary_key=True),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
    )
