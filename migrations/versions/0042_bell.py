"""who looked at what became of their jobs, and when; whose jobs are found quickly"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("jobs_seen", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_job_requested_by", "job", ["requested_by", "finished"])
