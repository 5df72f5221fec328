"""a run counts what it left out; a value of another owner is kept, not skipped"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "import_run", sa.Column("left_out", sa.Integer(), server_default="0", nullable=False)
    )
    op.execute(
        "UPDATE import_problem SET severity = 'kept'"
        " WHERE severity = 'skipped' AND rule IN ('owner', 'changed since')"
    )
