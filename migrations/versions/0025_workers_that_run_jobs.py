"""a worker says whether it runs jobs, or only plans them"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "worker",
        sa.Column("runs_jobs", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
