"""What is no whole backup of this version or an earlier one is refused, and then everything is as
it was.
"""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import inspect, select, text

from pim import backup as backups
from pim import consistency, migrate
from pim.db import Database
from pim.errors import Conflict, EtalageError
from pim.jobs import service as jobs
from pim.products.models import Product
from tests.backup.shop import NOW, Hub, open_hub, url_of

ROOT = Path(__file__).resolve().parents[2]
Members = dict[str, bytes]


@pytest.fixture
def saved(sqlite_hub: Hub, tmp_path: Path) -> Path:
    return backups.backup(
        sqlite_hub.database, sqlite_hub.storage, sqlite_hub.settings, NOW, tmp_path / "backup.tar"
    )


def members(file: Path) -> Members:
    with tarfile.open(file) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def write(file: Path, content: Members, *more: tarfile.TarInfo) -> Path:
    with tarfile.open(file, "w") as tar:
        for member in more:
            tar.addfile(member, io.BytesIO(b"x" * member.size))
        for name, data in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return file


def changed(file: Path, **values: Any) -> Members:
    """The same archive with another manifest."""
    content = members(file)
    content["manifest.json"] = orjson.dumps({**orjson.loads(content["manifest.json"]), **values})
    return content


def state(hub: Hub) -> tuple[Any, ...]:
    """Everything a restore could touch."""
    files = {stored.key: hub.storage.get(stored.key) for stored in hub.storage.list("")}
    with hub.database.engine.connect() as connection:
        found = inspect(connection)
        tables = sorted(found.get_table_names()), sorted(found.get_schema_names())
    return hub.documents(), files, tables, (hub.settings.home / "secret.key").read_bytes()


def refused(hub: Hub, file: Path) -> str:
    """What restoring it says; nothing may have changed."""
    before = state(hub)
    with pytest.raises(EtalageError) as caught:
        hub.restore(file)
    assert state(hub) == before
    assert not list(hub.settings.home.glob("*.restoring*"))
    return str(caught.value)


def link(name: str, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    return member


def plain(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = 1
    return member


HOSTILE = [
    plain("../outside"),
    plain("storage/../../outside"),
    plain("/storage/outside"),
    plain("storage/a\\..\\b"),
    plain("storage//a"),
    plain("storage/"),
    plain("tables/../outside.jsonl"),
    plain("unknown"),
    plain("secret.key"),
    plain("storage/a\nb"),
    link("storage/link", tarfile.SYMTYPE),
    link("secret.key", tarfile.SYMTYPE),
    link("storage/hard", tarfile.LNKTYPE),
    link("storage/device", tarfile.CHRTYPE),
    link("storage/pipe", tarfile.FIFOTYPE),
    link("storage/folder", tarfile.DIRTYPE),
]


@pytest.mark.parametrize(
    "member", HOSTILE, ids=lambda member: f"{member.name!r}-{member.type.decode()}"
)
def test_a_member_that_no_backup_has_is_refused(
    saved: Path, sqlite_hub: Hub, tmp_path: Path, member: tarfile.TarInfo
) -> None:
    sentence = refused(sqlite_hub, write(tmp_path / "hostile.tar", members(saved), member))
    assert "not a backup that can be restored" in sentence
    assert not (tmp_path / "outside").exists()


def test_a_file_that_is_no_tar_is_refused(sqlite_hub: Hub, tmp_path: Path) -> None:
    for data in (b"", b"hello", b"\x1f\x8b\x08" + bytes(100), bytes(10240), os.urandom(2048)):
        (tmp_path / "file").write_bytes(data)
        assert "not a backup" in refused(sqlite_hub, tmp_path / "file")


def test_an_archive_cut_off_anywhere_is_refused(
    saved: Path, sqlite_hub: Hub, tmp_path: Path
) -> None:
    whole = saved.read_bytes()
    end = whole.rindex(b"manifest.json")  # the last member's header
    for length in (512, 1024, len(whole) // 3, len(whole) // 2, end, end + 512, end + 600):
        (tmp_path / "cut.tar").write_bytes(whole[:length])
        assert "not a backup" in refused(sqlite_hub, tmp_path / "cut.tar")


def test_a_manifest_that_is_none_is_refused(saved: Path, sqlite_hub: Hub, tmp_path: Path) -> None:
    content = members(saved)
    for manifest in (
        b"",
        b"[]",
        b"{}",
        b"nonsense",
        b'{"format": "x"}',
        b'{"format": 1, "tables": 3, "files": 0, "revision": "0001"}',
    ):
        assert "manifest" in refused(
            sqlite_hub, write(tmp_path / "bad.tar", {**content, "manifest.json": manifest})
        )
    without = {
        name: data for name, data in content.items() if not name.startswith("storage/originals")
    }
    assert "what its manifest says" in refused(sqlite_hub, write(tmp_path / "bad.tar", without))


def test_one_of_a_later_version_is_refused(saved: Path, sqlite_hub: Hub, tmp_path: Path) -> None:
    for change in ({"format": 3}, {"revision": "9999"}):
        file = write(tmp_path / "later.tar", changed(saved, version="7.0", **change))
        assert (
            refused(sqlite_hub, file) == "The backup was made by a later version of Etalage (7.0)."
        )


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_rows_that_are_not_those_that_were_saved_are_refused(
    saved: Path, home: Callable[[str], Hub], engine: str, tmp_path: Path
) -> None:
    """Found when the database beside is half made: on both engines the one in use must not
    notice.
    """
    hub = home(engine)
    hub.restore(saved)
    hub = open_hub(hub.settings.home, hub.settings.database_url)
    content = members(saved)
    rows = content["tables/product.jsonl"]
    bad = {
        "not those": rows.replace(b"12.50", b"12.51"),
        "Line 1 is not a row": rows.replace(b'"root_id"', b'"toor_id"', 1),
        "Line 2 is not a row": rows.replace(b"\n", b"\nnonsense\n", 1),
    }
    with closing(hub.database):
        for expected, lines in bad.items():
            assert expected in refused(
                hub, write(tmp_path / "bad.tar", {**content, "tables/product.jsonl": lines})
            )
        lines = (
            orjson.dumps(
                {**orjson.loads(rows.splitlines()[0]), "id": 99, "key": "x", "parent_id": 98}
            )
            + b"\n"
            + rows
        )
        tables = orjson.loads(content["manifest.json"])["tables"]
        tables["product"] = {"rows": lines.count(b"\n"), "sha256": sha256(lines).hexdigest()}
        orphan = {**changed(saved, tables=tables), "tables/product.jsonl": lines}
        assert "refuses its rows" in refused(hub, write(tmp_path / "bad.tar", orphan))
        tables = {
            **orjson.loads(content["manifest.json"])["tables"],
            "strange": {"rows": 0, "sha256": ""},
        }
        strange = {"tables/strange.jsonl": b"", **changed(saved, tables=tables)}
        assert "no table “strange”" in refused(hub, write(tmp_path / "bad.tar", strange))


def test_an_earlier_versions_backup_is_brought_up_to_date(
    empty_database: Database, home: Callable[[str], Hub], tmp_path: Path
) -> None:
    """As `pim init` saves it before an upgrade: tables of the first revision, with what was in
    them.
    """
    migrate.upgrade(empty_database, "0001")
    with empty_database.writing() as session:
        session.execute(
            text(
                "INSERT INTO structure_item (kind, code, position, definition) VALUES ('locales',"
                " 'nl_NL', 1, '{}')"
            )
        )
    old = open_hub(tmp_path / "old", url_of(empty_database))
    file = backups.backup(old.database, old.storage, old.settings, NOW)
    old.database.close()
    hub = home("sqlite")
    hub.restore(file)
    assert migrate.is_current(hub.database)
    assert migrate.differences(hub.database) == []
    with hub.database.reading() as session:
        assert session.execute(text("SELECT kind, code FROM structure_item")).all() == [
            ("locales", "nl_NL")
        ]


def test_a_database_that_a_process_has_open_is_left_alone(saved: Path, sqlite_hub: Hub) -> None:
    """SQLite. Open is enough: an idle connection would later delete the log of the new file."""
    before = state(sqlite_hub)
    with pytest.raises(Conflict, match="in use"):
        backups.restore(sqlite_hub.settings, saved)
    assert state(sqlite_hub) == before


def test_a_hub_with_living_workers_is_left_alone(saved: Path, home: Callable[[str], Hub]) -> None:
    hub = home("postgresql")
    with hub.database.writing() as session:
        jobs.beat(session, "worker 1", datetime.now(UTC))
    assert "working" in refused(hub, saved)
    with hub.database.writing() as session:
        jobs.sign_off(session, "worker 1")
    hub.restore(saved)


def test_a_key_from_the_environment_is_not_overruled(saved: Path, sqlite_hub: Hub) -> None:
    settings = replace(sqlite_hub.settings, secret_key="k" * 40)
    sqlite_hub.database.close()
    with pytest.raises(Conflict, match="PIM_SECRET_KEY"):
        backups.restore(settings, saved)
    same = replace(sqlite_hub.settings, secret_key=sqlite_hub.settings.secret_key)
    backups.restore(same, saved)


def test_tables_of_somebody_else_are_not_dropped(
    saved: Path, postgresql_database: Database, tmp_path: Path
) -> None:
    with postgresql_database.writing() as session:
        session.execute(text("CREATE TABLE invoices (id INTEGER)"))
    hub = open_hub(tmp_path / "other", url_of(postgresql_database))
    with closing(hub.database):
        assert "invoices" in refused(hub, saved)


# Writes without ever closing: what it wrote is only in the write-ahead log.
WRITER = """
import os, sys
from sqlalchemy import text
from pim.db import Database
database = Database(sys.argv[1])
with database.writing() as session:
    session.execute(text("UPDATE product SET status = 'retired'"))
os._exit(0)
"""


@pytest.mark.parametrize("is_broken", [False, True])
def test_the_log_of_the_old_database_does_not_leak_into_the_new(
    saved: Path, sqlite_hub: Hub, is_broken: bool
) -> None:
    """Left beside the new file it would be played into it. Nobody can merge the log of a database
    that cannot be opened.
    """
    before, home = sqlite_hub.documents(), sqlite_hub.settings.home
    sqlite_hub.database.close()
    subprocess.run(
        [sys.executable, "-c", WRITER, sqlite_hub.settings.database_url], cwd=ROOT, check=True
    )
    assert (home / "etalage.db-wal").stat().st_size > 0
    if is_broken:
        (home / "etalage.db").write_bytes(b"nonsense" * 1000)
    sqlite_hub.restore(saved)
    assert not (home / "etalage.db-wal").exists()
    assert sqlite_hub.documents() == before


def test_a_full_restore_into_nothing(saved: Path, home: Callable[[str], Hub]) -> None:
    hub = home("sqlite")
    assert not (hub.settings.home / "etalage.db").exists()
    hub.restore(saved)
    with hub.database.reading() as session:
        assert session.scalars(select(Product.identifier).where(Product.parent_id.is_(None))).all()
    assert consistency.check(hub.database, hub.storage) == []
    assert (hub.settings.home / "secret.key").stat().st_mode & 0o777 == 0o600
