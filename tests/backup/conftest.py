"""`hub`: a furnished hub on both engines. `home`: hubs without anything, for restoring into."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from pim.db import Database
from tests.backup.shop import Hub, fill, open_hub, url_of


@pytest.fixture
def hub(empty_database: Database, tmp_path: Path) -> Iterator[Hub]:
    made = open_hub(tmp_path / "hub", url_of(empty_database))
    with closing(made.database):
        yield fill(made)


@pytest.fixture
def sqlite_hub(tmp_path: Path) -> Iterator[Hub]:
    made = open_hub(tmp_path / "hub")
    with closing(made.database):
        yield fill(made)


@pytest.fixture
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Hub]]:
    """``home("sqlite")``: an empty folder. ``home("postgresql")``: the same with a database that
    has tables and no rows.
    """
    with ExitStack() as stack:

        def make(engine: str) -> Hub:
            url = (
                url_of(request.getfixturevalue("postgresql_database"))
                if engine == "postgresql"
                else ""
            )
            made = open_hub(tmp_path / f"other-{engine}", url)
            stack.enter_context(closing(made.database))
            return made

        yield make
