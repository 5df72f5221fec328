"""jobs with the same turn run one after the other"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("turn", sa.String(200), nullable=False, server_default=""))
    op.create_index("ix_job_turn", "job", ["turn", "id"])
