"""a build keeps the totals of its report"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed_build", sa.Column("totals", sa.Text(), nullable=True))
