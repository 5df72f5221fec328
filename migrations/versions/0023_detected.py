"""an import run knows how its file was read"""

import sqlalchemy as sa
from alembic import op

from pim.db import Json

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_run", sa.Column("detected", Json(), server_default="{}", nullable=False))
