"""a feed can be paused, and pinned to a build"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("paused", "pinned"):
        op.add_column(
            "feed", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        )
