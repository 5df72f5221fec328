"""who had chosen what a change chose anew"""

import sqlalchemy as sa
from alembic import op

from pim.db import Json

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("change", sa.Column("chosen_before", Json(), nullable=True))
