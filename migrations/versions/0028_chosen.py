"""a product knows what of it was chosen by hand, so that no file undoes it"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("product", sa.Column("chosen", sa.Text(), nullable=True))
    op.add_column("record", sa.Column("chosen", sa.Text(), nullable=True))
