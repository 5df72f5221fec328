"""the problems of import runs are graded with the words of every other problem"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEVERITIES = {"refusal": "error", "kept": "skipped", "doubt": "warning"}


def upgrade() -> None:
    for before, after in SEVERITIES.items():
        op.execute(f"UPDATE import_problem SET severity = '{after}' WHERE severity = '{before}'")  # noqa: S608 - the words above
