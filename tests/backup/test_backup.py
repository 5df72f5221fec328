"""A backup is of one moment, whole or not there, for its owner only, and comes back on either
engine.
"""

import os
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import func, insert, select

from pim import backup as backups
from pim import consistency, migrate
from pim.accounts import queries as accounts
from pim.backup.archive import Archive
from pim.clock import utc_now
from pim.db import Database
from pim.errors import Conflict
from pim.imports.jobs import IMPORT_FILE, ImportArguments
from pim.imports.models import ImportRun
from pim.job_kinds import HubTools
from pim.jobs import service as jobs
from pim.jobs.context import JobContext
from pim.jobs.runner import Runner
from pim.products.models import Change, Product
from pim.search.models import Term
from tests.backup.shop import NOW, Hub, open_hub, url_of

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("sqlite", "postgresql")
Home = Callable[[str], Hub]


def save(hub: Hub, file: Path | None = None) -> Path:
    return backups.backup(hub.database, hub.storage, hub.settings, NOW, file)


def reopened(hub: Hub) -> Hub:
    """After a restore: with the key that came with it."""
    return open_hub(hub.settings.home, hub.settings.database_url)


@pytest.mark.parametrize("target", ENGINES)
def test_what_was_saved_while_somebody_worked_comes_back_whole(
    hub: Hub, home: Home, target: str, tmp_path: Path
) -> None:
    """Two products always get the same name in one transaction; a backup that is not of one moment
    would have two names.
    """
    before, feed = hub.documents(), hub.published()
    stop, written = threading.Event(), []

    def work() -> None:
        while not stop.is_set():
            name = f"name {len(written)}"
            hub.edit(
                {
                    "S-3": {"name-nl_NL": name},
                    "W-0": {"family": "shirts", "name-nl_NL": name},
                    f"W-{len(written) + 1}": {},
                }
            )
            written.append(name)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        while len(written) < 3:
            stop.wait(0.01)
        save(hub, tmp_path / "backup.tar")
    finally:
        stop.set()
        writer.join()
    other = home(target)
    other.restore(tmp_path / "backup.tar")
    other = reopened(other)
    with closing(other.database):
        after = other.documents()
        assert {code: after[code] for code in before if code != "S-3"} == {
            code: before[code] for code in before if code != "S-3"
        }
        assert after["S-3"][0]["name-nl_NL"] == after["W-0"][0]["name-nl_NL"] in written
        assert other.published() == feed
        assert other.run_feed().state == "unchanged"
        assert consistency.check(other.database, other.storage) == []
        with other.database.reading() as session:
            assert session.scalar(select(func.sum(Product.version))) == session.scalar(
                select(func.count()).select_from(Change)
            )


def test_rows_pass_through_both_engines_unchanged(
    sqlite_hub: Hub, home: Home, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.tar" for number in range(3)]
    hubs = [sqlite_hub, home("postgresql"), home("sqlite")]
    save(sqlite_hub, files[0])
    for file, other, result in zip(files, hubs[1:], files[1:], strict=False):
        other.restore(file)
        save(other, result)
    tables = []
    for file in files:
        with Archive(file) as archive:
            tables.append(archive.tables)
    assert tables[0] == tables[1] == tables[2]
    assert sum(table["rows"] for table in tables[0].values()) > 20


def test_a_restored_hub_goes_on(hub: Hub, home: Home, tmp_path: Path, engine_name: str) -> None:
    """People sign in, numbers are given out where they stopped, and the index finds what it
    found.
    """
    save(hub, tmp_path / "backup.tar")
    other = home(engine_name)
    other.restore(tmp_path / "backup.tar")
    with hub.database.reading() as session:
        terms = set(session.execute(select(Term.product_id, Term.address, Term.term)))
    with other.database.writing() as session:
        assert accounts.user_by_email(session, "anna@example.com") is not None
        assert jobs.enqueue(session, "feed", {"code": "till"}, NOW).id == 2
        assert set(session.execute(select(Term.product_id, Term.address, Term.term))) == terms
    assert [result.outcome for result in other.edit({"NEW": {"family": "shirts"}})] == ["created"]
    assert migrate.is_current(other.database)
    assert migrate.differences(other.database) == []


def test_it_replaces_what_was_there(hub: Hub, tmp_path: Path) -> None:
    before, feed = hub.documents(), hub.published()
    save(hub, tmp_path / "backup.tar")
    hub.edit({"S-2": {"price-EUR": "1.00"}, "LATER": {}})
    hub.run_feed()
    for stored in hub.storage.list("feeds/"):
        hub.storage.delete(stored.key)
    hub.restore(tmp_path / "backup.tar")
    again = reopened(hub)
    with closing(again.database):
        assert again.documents() == before
        assert again.published() == feed


def test_only_its_owner_reads_it_and_nothing_else_is_left(sqlite_hub: Hub) -> None:
    file = save(sqlite_hub)
    assert file == sqlite_hub.settings.home / "backups" / "etalage-20261122T120000Z.tar"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    with tarfile.open(file) as tar:
        names = tar.getnames()
        assert {member.mode for member in tar} == {0o600}
        manifest = orjson.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]
    assert names[-1] == "manifest.json"
    assert manifest["revision"] == migrate.newest_revision()
    assert manifest["files"] == sum(name.startswith("storage/") for name in names)
    assert "tables/product.jsonl" in names
    assert {"tables/word.jsonl", "tables/term.jsonl"}.isdisjoint(names)
    assert not [name for name in names if "incoming" in name]


def test_a_backup_that_fails_leaves_the_old_one(empty_database: Database, tmp_path: Path) -> None:
    hub = open_hub(tmp_path / "hub", url_of(empty_database))
    file = tmp_path / "place" / "backup.tar"
    file.parent.mkdir()
    file.write_bytes(b"the old one")
    with closing(hub.database), pytest.raises(Conflict, match="pim init"):
        save(hub, file)
    assert file.read_bytes() == b"the old one"
    assert list(file.parent.iterdir()) == [file]


def test_what_killed_backups_left_is_cleared_away_after_a_day(
    sqlite_hub: Hub, tmp_path: Path
) -> None:
    folder = sqlite_hub.settings.home / "backups"
    folder.mkdir()
    for name in ("etalage-1.tar.x.part", "etalage-2.tar.y.part"):
        (folder / name).touch()
    os.utime(folder / "etalage-1.tar.x.part", (0, 0))
    os.utime(folder / "etalage-2.tar.y.part", (NOW.timestamp(), NOW.timestamp()))
    for name in ("film.part", "my.tar.x.part"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0))
    save(sqlite_hub)
    save(sqlite_hub, tmp_path / "my.tar")
    assert {one.name for one in folder.glob("*.part")} == {"etalage-2.tar.y.part"}
    assert {one.name for one in tmp_path.glob("*.part")} == {"film.part"}


# Prints the most memory it ever held, in KiB: before, after saving, after restoring.
MEASURED = """
import resource, sys
from pathlib import Path
from pim import backup as backups
from tests.backup.shop import NOW, open_hub

def peak():
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

hub, other = open_hub(Path(sys.argv[1]), sys.argv[2]), open_hub(Path(sys.argv[3]), sys.argv[4])
with hub.database.reading() as session:
    session.connection()
peak()
file = backups.backup(hub.database, hub.storage, hub.settings, NOW)
peak()
backups.restore(other.settings, file)
peak()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB on Linux alone")
def test_memory_stays_flat(hub: Hub, home: Home, engine_name: str) -> None:
    """200 MB of history and a file of 50 MB, saved and restored with a fraction of that in
    memory.
    """
    old = {"name-nl_NL": "x" * 10_000}
    same = {"product_id": 1, "version": 1, "at": NOW, "source": "user", "actor": "anna", "old": old}
    rows: list[dict[str, Any]] = [{**same, "id": 1000 + number} for number in range(1000)]
    for _ in range(20):
        with hub.database.writing() as session:
            session.execute(insert(Change), rows)
        for row in rows:
            row["id"] += 1000
    hub.storage.put("originals/aa/large", bytes(50_000_000))
    other = home(engine_name)
    places = [
        str(hub.settings.home),
        url_of(hub.database),
        str(other.settings.home),
        url_of(other.database),
    ]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *places],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    before, saved, restored = map(int, done.stdout.split())
    assert saved - before < 40_000
    assert restored - before < 120_000  # SQLite's page cache alone may hold 64 MB of it


def test_an_import_that_ran_during_a_backup_goes_on_in_the_restored_hub(
    hub: Hub, home: Home, tmp_path: Path, engine_name: str
) -> None:
    """With its file, in another folder, from the row that the backup has seen."""
    rows = [f"I-{number};Mug {number};shirts" for number in range(1, 2501)]
    content = "\n".join(["sku;name;family", *rows]).encode()
    (hub.settings.home / "uploads").mkdir()
    name = f"uploads/{sha256(content).hexdigest()}"
    (hub.settings.home / name).write_bytes(content)
    arguments = ImportArguments(name, PROFILE, "mugs.csv", "anna@example.com")
    with hub.database.writing() as session:
        IMPORT_FILE.enqueue(session, arguments, utc_now())

    def save_once(done: int) -> None:
        if done and not (tmp_path / "backup.tar").exists():
            save(hub, tmp_path / "backup.tar")

    worker_of(hub, save_once).run_until_idle()
    other = home(engine_name)
    other.restore(tmp_path / "backup.tar")
    other = reopened(other)
    with closing(other.database):
        assert 0 < imported(other) < 2500
        # Its worker is dead, so some time later another one takes it up.
        worker_of(other, lambda done: None, in_five_minutes).run_until_idle()
        assert imported(other) == imported(hub) == 2500
        with other.database.reading() as session:
            (run,) = session.scalars(select(ImportRun))
            assert (run.state, run.rows, run.created) == ("done", 2500, 2500)


PROFILE = {
    "code": "mugs",
    "owner": "hub",
    "key": "sku",
    "columns": {"sku": "sku", "name": "name-nl_NL", "family": "family"},
}


def in_five_minutes() -> datetime:
    return utc_now() + timedelta(minutes=5)


def worker_of(
    hub: Hub, progress: Callable[[int], None], clock: Callable[[], datetime] = utc_now
) -> Runner:
    """Runs imports; ``progress`` is told how many rows are in."""

    def take_in(context: JobContext, **stored: Any) -> Any:
        told = context.progress

        def tell(done: int, *more: Any) -> None:
            told(done, *more)
            progress(done)

        context.progress = tell  # type: ignore[method-assign]
        tools = HubTools(hub.settings, hub.storage)
        return IMPORT_FILE.run(tools, context, IMPORT_FILE.read(stored))

    return Runner(hub.database, {"import": take_in}, 0, clock)


def imported(hub: Hub) -> int:
    with hub.database.reading() as session:
        found = select(func.count()).select_from(Product).where(Product.key.like("i-%"))
        return session.scalar(found) or 0
