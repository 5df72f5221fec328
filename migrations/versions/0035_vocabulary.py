"""the words that names are made of; the index fills them when it is brought in step"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vocabulary",
        sa.Column("word", sa.String(100), primary_key=True),
        sa.Column("product_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("initial", sa.String(4), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_vocabulary_initial", "vocabulary", ["initial", "word"])
