"""feeds that are built after every import by a profile"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "feed", sa.Column("after_import", sa.String(63), server_default="", nullable=False)
    )
