"""lists: an index of the kinds, the words of the full-text index."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index("ix_product_kind", ["kind", "id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE word_vocabulary USING fts5vocab('word', 'instance')")
