"""Every row of an import is applied exactly once, whatever is killed when."""

from pathlib import Path

import pytest

from pim.db import Database
from tests.backup.shop import url_of
from tests.faults.import_campaign import prepared, run
from tests.support.campaigns import times

ROUNDS = times(2)


@pytest.mark.slow
def test_rows_are_applied_once_whoever_is_killed(empty_database: Database, tmp_path: Path) -> None:
    with prepared(tmp_path / "hub", url_of(empty_database)) as hub:
        campaign = run(hub, ROUNDS, seed=7)
    assert campaign.met
