"""A full disk: a sentence that says so, nothing half done, and everything goes on when there is
room again.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from media.storage import INCOMING, Storage
from pim import backup as backups
from pim import consistency
from pim.errors import Conflict
from pim.jobs import queries
from pim.jobs.runner import Runner
from tests.backup.shop import NOW, Hub, fill, open_hub

SIZE = 12_000_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB."""
    if not sys.platform.startswith("linux"):
        pytest.skip("makes a small disk with Linux's tmpfs")
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"no right to mount a small disk: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Ballast:
    """Fills the disk to the last byte, and makes room again."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "ballast"

    def __enter__(self) -> None:
        with self.file.open("wb", buffering=0) as file:
            for size in (1 << 16, 1):
                with suppress(OSError):
                    while file.write(b"x" * size):
                        pass

    def __exit__(self, *_: object) -> None:
        self.file.unlink()


@pytest.fixture
def full_hub(disk: Path) -> Iterator[Hub]:
    """A furnished hub on the small disk."""
    made = open_hub(disk / "hub")
    with closing(made.database):
        yield fill(made)


def test_the_storage_says_so_and_keeps_the_old_file(disk: Path, tmp_path: Path) -> None:
    storage = Storage((disk / "storage").as_uri())
    storage.put("originals/one", b"old")
    source = tmp_path / "source"
    source.write_bytes(bytes(1_000_000))
    with Ballast(disk):
        with pytest.raises(Conflict, match="The disk is full"):
            storage.put("originals/one", bytes(1_000_000))
        with pytest.raises(Conflict, match="The disk is full"):
            storage.put_file("originals/two", source)
    assert storage.get("originals/one") == b"old"
    assert [one.key for one in storage.list("")] == ["originals/one"]
    assert list(storage.list(INCOMING)) == []
    storage.put("originals/one", bytes(1_000_000))


def test_a_feed_that_finds_no_room_leaves_the_published_one(full_hub: Hub, disk: Path) -> None:
    """As a job, so that what a person reads is tested too."""
    before = full_hub.published()
    runner = Runner(full_hub.database, {"feed": lambda context, code: full_hub.run_feed() and None})
    full_hub.edit({"S-2": {"price-EUR": "98.00"}})
    with Ballast(disk), pytest.raises(OSError, match="No space left"):
        full_hub.run_feed()
    assert full_hub.published() == before
    assert not list((full_hub.settings.home / "tmp").iterdir())
    assert consistency.check(full_hub.database, full_hub.storage) == []
    runner.run_until_idle()
    with full_hub.database.reading() as session:
        assert queries.get(session, 1).state == "done"
    assert b"98.00" in full_hub.published()[1]


def test_an_edit_that_finds_no_room_is_refused_whole(full_hub: Hub, disk: Path) -> None:
    before = full_hub.documents()
    with Ballast(disk):
        with pytest.raises(OperationalError, match="full"):
            full_hub.edit(
                {
                    "F-1": {"family": "shirts", "name-nl_NL": "x" * 1_000_000},
                    "S-3": {"name-nl_NL": "changed"},
                }
            )
        assert full_hub.documents() == before
    full_hub.edit({"AFTER": {"family": "shirts"}})
    assert {code: one for code, one in full_hub.documents().items() if code != "AFTER"} == before
    assert consistency.check(full_hub.database, full_hub.storage) == []


def test_a_backup_that_finds_no_room_leaves_the_former_one(full_hub: Hub, disk: Path) -> None:
    file = backups.backup(full_hub.database, full_hub.storage, full_hub.settings, NOW)
    before = file.read_bytes()
    with Ballast(disk), pytest.raises(OSError, match="No space left"):
        backups.backup(full_hub.database, full_hub.storage, full_hub.settings, NOW)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_a_restore_that_finds_no_room_leaves_the_hub(
    full_hub: Hub, disk: Path, tmp_path: Path
) -> None:
    file = backups.backup(
        full_hub.database, full_hub.storage, full_hub.settings, NOW, tmp_path / "backup.tar"
    )
    full_hub.edit({"AFTER": {"family": "shirts"}})
    before = full_hub.documents()
    full_hub.database.close()  # its log goes, before the disk is filled
    with (
        Ballast(disk),
        pytest.raises((Conflict, OperationalError, OSError), match=r"full|No space left"),
    ):
        full_hub.restore(file)
    assert full_hub.documents() == before
    assert not list(full_hub.settings.home.glob("*.restoring*"))
    full_hub.restore(file)
    assert "AFTER" not in full_hub.documents()
