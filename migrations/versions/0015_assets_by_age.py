"""the list of assets shows the newest first"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_asset_created", "asset", ["created", "code"])
