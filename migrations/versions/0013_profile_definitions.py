"""import profiles as JSON: what an import uses, beside the YAML that people edit"""

import json

import sqlalchemy as sa
import yaml
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PROFILES = sa.table(
    "import_profile",
    sa.column("code", sa.String),
    sa.column("document", sa.Text),
    sa.column("definition", sa.Text),
)


def upgrade() -> None:
    op.add_column(
        "import_profile",
        sa.Column("definition", sa.Text(), server_default="{}", nullable=False),
    )
    connection = op.get_bind()
    for code, document in connection.execute(sa.select(PROFILES.c.code, PROFILES.c.document)).all():
        # What the owner was called when these profiles were written.
        content = yaml.safe_load(document)
        definition = {("owner" if key == "source" else key): content[key] for key in content}
        row = sa.update(PROFILES).where(PROFILES.c.code == code)
        connection.execute(row.values(definition=json.dumps(definition, ensure_ascii=False)))
