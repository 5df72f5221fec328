"""the file that a channel gets today, and what it tells"""

import sqlalchemy as sa
from alembic import op

from pim.db import Json, Utc

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "todays_file",
        sa.Column("feed", sa.String(length=63), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("proposal", Json(), nullable=True),
        sa.ForeignKeyConstraint(
            ["feed"], ["feed.code"], name=op.f("fk_todays_file_feed_feed"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_todays_file")),
    )
