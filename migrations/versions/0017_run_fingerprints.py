"""an import run knows by which profile and structure its file is read"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "import_run",
        sa.Column("fingerprint", sa.String(length=32), server_default="", nullable=False),
    )
