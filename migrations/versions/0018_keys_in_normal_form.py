"""identifiers are compared in Unicode's composed form, and ß is no longer ss"""

from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PRODUCTS = sa.table(
    "product",
    sa.column("id", sa.BigInteger),
    sa.column("identifier", sa.String),
    sa.column("key", sa.String),
)


def upgrade() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.select(PRODUCTS)).yield_per(10_000)
    keys = {row.id: key for row in rows if (key := _key_of(row.identifier)) != row.key}
    for product_id, key in keys.items():
        taken = sa.select(PRODUCTS.c.id).where(PRODUCTS.c.key == key)
        # Two products that only the form of their accents told apart stay as they are.
        if connection.execute(taken).first() is None:
            own = sa.update(PRODUCTS).where(PRODUCTS.c.id == product_id)
            connection.execute(own.values(key=key))


def _key_of(identifier: str) -> str:
    return normalize("NFC", identifier).lower()
