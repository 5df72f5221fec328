"""a feed names the size of its pictures"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "feed", sa.Column("pictures", sa.String(20), server_default="feed", nullable=False)
    )
