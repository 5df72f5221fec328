"""Alembic's entry: `pim.migrate` hands over its connection; on the command line the settings name
the database.
"""

from alembic import context

from pim.config import from_environment
from pim.db import Base, Database
from pim.migrate import OPTIONS, load_models

load_models()
handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    context.configure(connection=handed_over, target_metadata=Base.metadata, **OPTIONS)
    context.run_migrations()
else:
    with Database(from_environment().database_url).engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, **OPTIONS)
        with context.begin_transaction():
            context.run_migrations()
