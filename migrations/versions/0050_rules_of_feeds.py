"""feeds have rules, and a selection of products"""

import sqlalchemy as sa
from alembic import op

from pim.db import Json

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed", sa.Column("rules", Json(), server_default="[]", nullable=False))
    op.add_column("feed", sa.Column("selection", Json(), server_default="{}", nullable=False))
