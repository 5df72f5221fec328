"""Which builds and files are kept, and what is not published although it was built."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pim.feeds import queries
from pim.feeds.files import keys_of
from pim.feeds.run import KEEP
from tests.feeds.conftest import ERP


def test_who_lost_the_lease_publishes_nothing(shop: Any, full: dict[str, Any]) -> None:
    class Lost(Exception):
        pass

    def guard(session: Session) -> None:
        raise Lost

    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    with pytest.raises(Lost):
        shop.run("google_nl", guard=guard)
    assert (shop.builds("google_nl"), shop.world("google_nl")) == ([], "")
    assert list(shop.folder.iterdir()) == []


def test_a_build_that_a_later_one_overtook_is_not_published(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")

    def meanwhile(done: int, total: int) -> None:
        shop.edit("A", {"price-EUR": "5.00"}, ERP)
        assert shop.run("google_nl").state == "published"

    assert shop.run("google_nl", step=meanwhile).state == "overtaken"
    assert "5.00" in shop.world("google_nl")
    with shop.database.reading() as session:
        assert queries.last_build(session, "google_nl").state == "overtaken"


def test_builds_are_forgotten_after_thirty_and_no_file_that_is_still_named(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("till")
    shop.edit("A", full)
    shop.approve("A")
    first = shop.run("till")
    for number in range(KEEP):
        shop.edit("A", {"price-EUR": f"{number}.50"}, ERP)
        shop.run("till")
    builds = shop.builds("till")
    assert len(builds) == KEEP
    assert first.id not in {one.id for one in builds}
    assert not any(shop.storage.exists(key) for key in keys_of(first))
    shop.edit("A", {"price-EUR": "3.50"}, ERP)
    again = shop.run("till")
    fourth = builds[-4]
    assert (again.path, again.state) == (fourth.path, "published")
    for number in range(10):
        shop.edit("A", {"price-EUR": f"{number + 100}.50"}, ERP)
        shop.run("till")
    kept = shop.builds("till")
    assert fourth.id not in {one.id for one in kept}
    assert again.id in {one.id for one in kept}
    named = {key for one in kept for key in keys_of(one)}
    always = {key for key in named if not key.endswith((".gz", ".differences"))}
    stored = {one.key for one in shop.storage.list("feeds/")}
    assert always <= stored <= named


def test_runs_that_change_nothing_push_no_build_out(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    shop.edit("A", full)
    shop.approve("A")
    first = shop.run("till")
    shop.edit("A", {"price-EUR": "3.50"}, ERP)
    for _ in range(KEEP + 2):
        shop.run("till")
    builds = shop.builds("till")
    assert (len(builds), builds[-1].id) == (KEEP + 2, first.id)


def test_a_file_that_was_lost_is_written_again(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    shop.edit("A", full)
    shop.approve("A")
    build = shop.run("till")
    for key in keys_of(build):
        shop.storage.delete(key)
    assert shop.run("till").state == "unchanged"
    assert "749.00" in shop.world("till")


def test_a_file_that_was_damaged_is_not_copied_on(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    for name in ("A", "B"):
        shop.edit(name, full)
        shop.approve(name)
    build = shop.run("till")
    shop.storage.put(build.path, shop.storage.get(build.path).replace(b"749.00", b"149.00"))
    shop.edit("B", {"price-EUR": "99.00"})
    shop.run("till")
    assert "749.00" in shop.world("till")
    assert "149.00" not in shop.world("till")


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from media.storage import Storage
from pim.db import Database
from pim.feeds.run import run_feed

url, storage, folder, code = sys.argv[1:]
run_feed(Database(url), Storage(storage), Path(folder), code, "https://hub.example",
         lambda: datetime.now(UTC),
         guard=lambda session: os.kill(os.getpid(), 9))
"""


def test_killed_between_build_and_publication_the_old_one_stays(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("till")
    shop.edit("A", full)
    shop.approve("A")
    shop.run("till")
    old = shop.world("till")
    shop.edit("A", {"price-EUR": "1.00"}, ERP)
    url = shop.database.engine.url.render_as_string(hide_password=False)
    arguments = [url, Path(shop.storage.folder).as_uri(), str(shop.folder), "till"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], check=False, capture_output=True
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert shop.world("till") == old
    assert [one.state for one in shop.builds("till")] == ["published"]
    assert shop.run("till").state == "published"
    assert "1.00" in shop.world("till")
