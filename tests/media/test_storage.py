"""One storage class over a folder, memory and S3; what is written is written whole."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from media.storage import INCOMING, Storage
from pim.errors import Conflict, NotFound

OTHER_DISK = Path("/dev/shm")
"""A folder that most Linux systems have on another disk than the temporary files of tests."""


@pytest.fixture
def s3_url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket on a local S3 server."""
    server_module = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = server_module.ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    import urllib3

    assert urllib3.request("PUT", f"http://{host}:{port}/bucket").status == 200
    yield "s3://bucket/hub"
    server.stop()


@pytest.fixture(params=["file", "memory", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "s3":
        return Storage(request.getfixturevalue("s3_url"))
    return Storage((tmp_path / "a folder #1").as_uri() if request.param == "file" else "memory://")


def test_what_is_put_is_found_listed_and_deleted(storage: Storage) -> None:
    storage.put("originals/ab/one.jpg", b"first")
    storage.put("originals/ab/one.jpg", b"second")
    storage.put("renditions/two.jpg", b"")
    assert storage.get("originals/ab/one.jpg") == b"second"
    assert storage.get("renditions/two.jpg") == b""
    assert [(stored.key, stored.bytes) for stored in storage.list("originals/")] == [
        ("originals/ab/one.jpg", 6)
    ]
    found = storage.find("originals/ab/one.jpg")
    assert found is not None
    assert abs(found.modified - datetime.now(UTC)) < timedelta(minutes=5)
    storage.delete("originals/ab/one.jpg")
    storage.delete("originals/ab/one.jpg")
    assert not storage.exists("originals/ab/one.jpg")


def test_a_file_that_is_not_there_is_not_found(storage: Storage) -> None:
    assert not storage.exists("originals/none.jpg")
    assert list(storage.list("originals/")) == []
    with pytest.raises(NotFound, match=r"originals/none\.jpg"):
        storage.get("originals/none.jpg")


@pytest.mark.parametrize(
    "key", ["../outside", "a/../../outside", "/etc/passwd", "a//b", "", "a\\b", "a\0b", "."]
)
def test_no_key_leaves_the_folder(tmp_path: Path, key: str) -> None:
    storage = Storage((tmp_path / "storage").as_uri())
    for verb in (storage.get, storage.exists, storage.delete, storage.local_path):
        with pytest.raises(ValueError, match="not a storage key"):
            verb(key)
    with pytest.raises(ValueError, match="not a storage key"):
        storage.put(key, b"x")
    assert not (tmp_path / "outside").exists()


def test_only_a_local_folder_has_paths(tmp_path: Path) -> None:
    assert Storage("memory://").local_path("a/b.jpg") is None
    assert Storage(tmp_path.as_uri()).local_path("a/b.jpg") == tmp_path / "a" / "b.jpg"


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    storage = Storage(tmp_path.as_uri())

    def put_five_times(data: bytes) -> None:
        for _ in range(5):
            storage.put("one", data)

    contents = {bytes([number]) * 300_000 for number in range(8)}
    storage.put("one", min(contents))
    writers = [threading.Thread(target=put_five_times, args=(data,)) for data in contents]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        seen.add(storage.get("one"))
    assert seen <= contents
    assert list(storage.list(INCOMING)) == []


def test_the_file_and_its_new_folders_are_synced_before_put_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fsync of the data before the rename, of every new folder's parent, and of the folder after
    the rename.
    """
    storage = Storage(tmp_path.as_uri())
    synced: list[tuple[str, bool]] = []
    real = os.fsync

    def note(handle: int) -> None:
        target = os.readlink(f"/proc/self/fd/{handle}")
        synced.append(
            (Path(target).relative_to(tmp_path).as_posix(), (tmp_path / "new/deep/file").exists())
        )
        real(handle)

    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc to name what is synced")
    monkeypatch.setattr(os, "fsync", note)
    storage.put("new/deep/file", b"data")
    assert {(".", False), ("new", False), ("new/deep", True)} <= set(synced)
    assert any(name.startswith(INCOMING) and not was_there for name, was_there in synced)


def test_a_file_from_another_disk_is_copied_whole(tmp_path: Path) -> None:
    if not OTHER_DISK.is_dir() or OTHER_DISK.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk here")
    storage = Storage((tmp_path / "storage").as_uri())
    with TemporaryDirectory(dir=OTHER_DISK) as folder:
        source = Path(folder) / "feed"
        source.write_bytes(b"x" * 3_000_000)
        storage.put_file("feeds/feed.csv", source)
        assert not source.exists()
    assert storage.get("feeds/feed.csv") == b"x" * 3_000_000
    assert list(storage.list(INCOMING)) == []


def test_unfinished_files_are_on_the_disk_of_the_storage(tmp_path: Path) -> None:
    local = Storage((tmp_path / "storage").as_uri())
    assert local.scratch(tmp_path / "home") == tmp_path / "storage" / "incoming"
    assert Storage("memory://").scratch(tmp_path / "home") == tmp_path / "home" / "tmp"


def test_a_part_of_a_file_is_read_alone(storage: Storage) -> None:
    storage.put("a/file", b"0123456789")
    assert storage.read("a/file", 3, 4) == b"3456"
    assert storage.read("a/file", 3, 0) == b""
    with pytest.raises(NotFound):
        storage.read("a/nothing", 0, 1)


def test_a_storage_that_cannot_write_says_so_and_leaves_the_old_file(tmp_path: Path) -> None:
    storage = Storage(tmp_path.as_uri())
    storage.put("folder/file", b"old")
    with pytest.raises(Conflict, match="does not answer as it should"):
        storage.put("folder/file/below", b"new")  # a file is no folder
    with pytest.raises(Conflict, match="does not answer as it should"):
        storage.put("folder", b"new")  # a folder is no file
    assert storage.get("folder/file") == b"old"
    assert list(storage.list(INCOMING)) == []
