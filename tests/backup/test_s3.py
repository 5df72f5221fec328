"""A hub whose files are on S3: saved from there, put back there."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import urllib3

from media.storage import Storage
from pim import backup as backups
from pim import consistency
from tests.backup.shop import NOW, Hub, fill, open_hub


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket on a local S3 server."""
    server_module = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = server_module.ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in (
        ("ENDPOINT", f"http://{host}:{port}"),
        ("ALLOW_HTTP", "true"),
        ("REGION", "us-east-1"),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    assert urllib3.request("PUT", f"http://{host}:{port}/bucket").status == 200
    yield "s3://bucket"
    server.stop()


def on_s3(home: Path, url: str) -> Hub:
    hub = open_hub(home)
    return Hub(replace(hub.settings, storage_url=url), hub.database, Storage(url))


def test_files_come_from_s3_and_go_back_there(bucket: str, tmp_path: Path) -> None:
    hub, other = (
        on_s3(tmp_path / "hub", f"{bucket}/one"),
        on_s3(tmp_path / "other", f"{bucket}/two"),
    )
    with closing(hub.database), closing(other.database):
        fill(hub)
        file = backups.backup(hub.database, hub.storage, hub.settings, NOW)
        other.restore(file)
        files = {one.key: hub.storage.get(one.key) for one in hub.storage.list("")}
        assert files == {one.key: other.storage.get(one.key) for one in other.storage.list("")}
        assert {key.partition("/")[0] for key in files} == {"originals", "renditions", "feeds"}
        assert consistency.check(other.database, other.storage) == []
        other.storage.delete(
            next(key for key in files if key.startswith("feeds/") and key.endswith(".csv"))
        )
        assert [str(one)[:9] for one in consistency.check(other.database, other.storage)] == [
            "Feed till"
        ]
