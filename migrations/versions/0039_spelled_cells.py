"""rows that wait for the end of their file keep their cells as the file spells them"""

import sqlalchemy as sa
from alembic import op

from pim.db import Json

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "import_late_row", sa.Column("spelled", Json(), nullable=False, server_default="{}")
    )
