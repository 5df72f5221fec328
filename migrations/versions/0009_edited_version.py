"""products know the version that last changed more than their status"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "product", sa.Column("edited_version", sa.Integer(), server_default="0", nullable=False)
    )
    op.execute("UPDATE product SET edited_version = version")
