"""Bring a database to the tables this version knows: Alembic over `migrations/`, in one
transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Literal

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from pim.db import Base, Database
from pim.errors import Conflict, ngettext
from pim.folders import folder

MODELS = (
    "pim.accounts.models",
    "pim.audit",
    "pim.bulk_edits.models",
    "pim.versions",
    "pim.deliveries.models",
    "pim.structure.models",
    "pim.feeds.models",
    "pim.imports.models",
    "pim.jobs.models",
    "pim.outbox",
    "pim.products.models",
    "pim.quality.models",
    "pim.search.models",
    "pim.spreadsheets.models",
    "pim.taxonomies.models",
    "pim.text_translation.models",
    "media.models",
    "pim.todays_file.models",
)


def load_models() -> None:
    """Import every module with tables, so that `Base.metadata` is complete."""
    for module in MODELS:
        import_module(module)


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate to `revision`; an empty database gets all tables. All or nothing.

    :class:`Conflict` when a row points nowhere afterwards (SQLite only: PostgreSQL refuses it
    earlier by itself).
    """
    with (
        database.engine.connect() as connection,
        _without_foreign_keys(connection),
        connection.begin(),
    ):
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        _refuse_orphans(connection)


def is_current(database: Database) -> bool:
    """Whether the tables are those of this version, so that serving may start."""
    return revision_of(database) == newest_revision()


def revision_of(database: Database) -> str | None:
    """The revision the database stands at; None when it was never migrated."""
    with database.reading() as session:
        return revision_in(session.connection())


def revision_in(connection: Connection) -> str | None:
    """The same, as this connection's transaction sees it."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether this version has the migrations up to ``revision``: a later version's database has
    others.
    """
    return revision in {
        script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()
    }


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def differences(database: Database) -> list[Any]:
    """What Alembic would still change to reach `Base.metadata`; empty when migrations and models
    agree.
    """
    load_models()
    with database.engine.connect() as connection:
        return list(
            compare_metadata(MigrationContext.configure(connection, opts=OPTIONS), Base.metadata)
        )


def is_ours(_object: Any, name: str | None, kind: str, reflected: bool, counterpart: Any) -> bool:
    """Leave alone the tables that no model declares: the inner tables of a full-text index, made by
    hand in its migration.
    """
    return not (kind == "table" and reflected and counterpart is None)


def plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our column types as what they are in the database: a migration must still run when our
    code has moved on.
    """
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


# The same for running, generating and comparing migrations. SQLite alters a table by rebuilding it:
# batch mode.
OPTIONS: dict[str, Any] = {
    "include_object": is_ours,
    "render_item": plain_type,
    "compare_type": True,
    "render_as_batch": True,
}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")).replace("%", "%%"))
    return config


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by rebuilding it, and dropping the old one would delete the rows that
    point to it.

    The switch works only outside a transaction, so it goes to the driver before SQLAlchemy begins
    one.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if orphans:
        raise Conflict(
            ngettext(
                "%(num)s row of table %(table)s points to a row that does not exist.",
                "%(num)s rows of table %(table)s point to rows that do not exist.",
                len(orphans),
                table=orphans[0][0],
            )
        )
