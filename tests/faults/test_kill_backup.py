"""kill -9 while a backup is written or put back: the previous backup and the previous hub stay, or
the new ones are whole.
"""

import random
from contextlib import closing
from pathlib import Path

import pytest

from pim import backup as backups
from pim import consistency
from tests.backup.shop import NOW, Hub, open_hub, url_of
from tests.faults.processes import killed
from tests.support.campaigns import times

ROUNDS = times(6)

SAVER = """
import sys
from pathlib import Path
from pim import backup as backups
from tests.backup.shop import NOW, open_hub
hub = open_hub(Path(sys.argv[1]), sys.argv[2])
print("begun", flush=True)
backups.backup(hub.database, hub.storage, hub.settings, NOW, Path(sys.argv[3]))
"""
RESTORER = """
import sys
from pathlib import Path
from pim import backup as backups
from tests.backup.shop import open_hub
hub = open_hub(Path(sys.argv[1]), sys.argv[2])
print("begun", flush=True)
backups.restore(hub.settings, Path(sys.argv[3]))
print("ended", flush=True)
"""


@pytest.mark.slow
def test_a_backup_that_is_killed_leaves_the_former_one(hub: Hub, tmp_path: Path) -> None:
    file, chance = tmp_path / "backup.tar", random.Random(3)
    backups.backup(hub.database, hub.storage, hub.settings, NOW, file)
    for _ in range(ROUNDS):
        killed(
            SAVER,
            str(hub.settings.home),
            url_of(hub.database),
            str(file),
            chance=chance,
            within=0.15,
        )
        hub.restore(file)  # whichever it is, it is whole
    assert consistency.check(hub.database, hub.storage) == []


@pytest.mark.slow
def test_a_restore_that_is_killed_leaves_the_former_hub(hub: Hub, tmp_path: Path) -> None:
    """Each round either the state before or the one of the backup, and never anything between; in
    the end a restore goes through.
    """
    file, chance, seen = tmp_path / "backup.tar", random.Random(4), set()
    backups.backup(hub.database, hub.storage, hub.settings, NOW, file)
    saved = hub.documents()
    hub.edit({"LATER": {"family": "shirts"}})
    later = hub.documents()
    hub.database.close()
    for _ in range(ROUNDS):
        said = killed(
            RESTORER,
            str(hub.settings.home),
            url_of(hub.database),
            str(file),
            chance=chance,
            within=0.6,
        )
        now = _documents(hub)
        assert now in ((saved,) if "ended" in said else (saved, later))
        seen.add(now == later)
        if now == saved:
            _edit(hub)
            later = _documents(hub)
    assert True in seen
    hub.restore(file)
    assert _documents(hub) == saved
    assert not list(hub.settings.home.glob("*.restoring*"))


def _documents(hub: Hub) -> object:
    again = open_hub(hub.settings.home, url_of(hub.database))
    with closing(again.database):
        assert consistency.check(again.database, again.storage) == []
        return again.documents()


def _edit(hub: Hub) -> None:
    again = open_hub(hub.settings.home, url_of(hub.database))
    with closing(again.database):
        again.edit({"LATER": {"family": "shirts"}})
