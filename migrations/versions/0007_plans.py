"""steps of the workflow in columns of their own; an outbox of what happened"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BATCH = 1000
CHANGE = sa.table(
    "change",
    sa.column("id", sa.BigInteger),
    sa.column("old", sa.Text),
    sa.column("status_before", sa.String),
    sa.column("is_approval", sa.Boolean),
    sa.column("published_before", sa.Text),
    sa.column("reason", sa.Text),
)


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.add_column("change", sa.Column("status_before", sa.String(length=10), nullable=True))
    op.add_column(
        "change",
        sa.Column("is_approval", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("change", sa.Column("published_before", sa.Text(), nullable=True))
    op.add_column("change", sa.Column("reason", sa.Text(), nullable=True))
    _move_steps()


def _move_steps() -> None:
    """Status, published values and the reason stood among the old values, under those names.

    Only approvals kept a reason there: the same word in another change is an attribute's code.
    """
    connection = op.get_bind()
    speaks_of_a_step = sa.or_(CHANGE.c.old.like('%"status"%'), CHANGE.c.old.like('%"published"%'))
    last = 0
    while True:
        chosen = sa.select(CHANGE.c.id, CHANGE.c.old).where(CHANGE.c.id > last, speaks_of_a_step)
        rows = connection.execute(chosen.order_by(CHANGE.c.id).limit(BATCH)).all()
        if not rows:
            return
        for change_id, spelled in rows:
            values = _in_columns(json.loads(spelled))
            connection.execute(sa.update(CHANGE).where(CHANGE.c.id == change_id).values(values))
        last = rows[-1][0]


def _in_columns(old: dict[str, object]) -> dict[str, object]:
    is_step = "published" in old
    published = old.pop("published", None)
    reason = old.pop("reason", None) if is_step else None
    status = old.pop("status", None)
    # Taking a product out of retirement forgot what was published, and is no approval.
    is_approval = is_step and status != "retired"
    return {
        "old": _json(old),
        "status_before": status,
        "is_approval": is_approval,
        "published_before": None if published is None else _json(published),
        "reason": reason,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
