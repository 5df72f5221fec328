"""a build says what its products are worth, and what is left out"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed_build", sa.Column("worth", sa.BigInteger(), nullable=True))
    op.add_column("feed_build", sa.Column("worth_excluded", sa.BigInteger(), nullable=True))
