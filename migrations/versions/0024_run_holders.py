"""an import run knows its job, who may write it and when it was last heard of"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_run", sa.Column("job_id", sa.Integer()))
    op.add_column(
        "import_run", sa.Column("token", sa.String(length=32), server_default="", nullable=False)
    )
    op.add_column("import_run", sa.Column("seen", sa.DateTime(timezone=True)))
