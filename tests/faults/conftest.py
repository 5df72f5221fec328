"""`hub`: a furnished hub on both engines, which other processes can open by its folder and
address.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pim.db import Database
from tests.backup.shop import Hub, fill, open_hub, url_of


@pytest.fixture
def hub(empty_database: Database, tmp_path: Path) -> Iterator[Hub]:
    made = open_hub(tmp_path / "hub", url_of(empty_database))
    with closing(made.database):
        yield fill(made)
