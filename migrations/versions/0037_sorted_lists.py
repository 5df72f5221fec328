"""lists by any condition, in any order: terms of a product by address, terms that sort by their
bytes, products by their last change
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # SQLite compares bytes by itself.
        op.alter_column("term", "term", type_=sa.String(200, collation="C"))
    op.create_index("ix_term_product", "term", ["address", "product_id", "term"])
    op.create_index("ix_product_updated", "product", ["updated", "id"])
    op.create_index("ix_change_actor", "change", ["actor", "product_id"])
