"""jobs know what they are about"""

import json
from pathlib import PurePath

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JOB = sa.table(
    "job",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("args", sa.Text),
    sa.column("subject", sa.String),
)


def upgrade() -> None:
    op.add_column(
        "job", sa.Column("subject", sa.String(length=200), server_default="", nullable=False)
    )
    op.create_index("ix_job_subject", "job", ["subject", "id"])
    connection = op.get_bind()
    for job_id, kind, args in connection.execute(sa.select(JOB.c.id, JOB.c.kind, JOB.c.args)).all():
        subject = _subject(kind, json.loads(args))
        connection.execute(sa.update(JOB).where(JOB.c.id == job_id).values(subject=subject))


def _subject(kind: str, args: dict[str, str]) -> str:
    if kind == "feed":
        return f"feed:{args.get('code', '')}"
    if kind == "revert":
        return f"run:{args.get('run', '')}"
    if kind == "import":
        return f"file:{PurePath(args.get('path', '')).stem}"
    return ""
