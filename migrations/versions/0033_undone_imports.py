"""who took an import back, and when; of earlier ones as far as their jobs are kept"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

FROM_JOBS = """
    UPDATE import_run SET
        undone = (
            SELECT finished FROM job WHERE job.kind = 'revert' AND job.state = 'done'
            AND job.subject = 'run:' || import_run.id ORDER BY job.id LIMIT 1
        ),
        undone_by = (
            SELECT requested_by FROM job WHERE job.kind = 'revert' AND job.state = 'done'
            AND job.subject = 'run:' || import_run.id ORDER BY job.id LIMIT 1
        )
"""


def upgrade() -> None:
    op.add_column("import_run", sa.Column("undone", sa.DateTime(timezone=True), nullable=True))
    op.add_column("import_run", sa.Column("undone_by", sa.String(255), nullable=True))
    op.execute(FROM_JOBS)
