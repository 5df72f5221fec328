"""A database that is not the one that belongs to the files around it, or is a later version's."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest


def database_of(desk: Any) -> Path:
    return Path(desk.folder / "home" / "etalage.db")


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("lose", [Path.unlink, empty])
def test_an_empty_database_beside_a_hubs_files_is_no_new_hub(
    shop: Any, lose: Callable[[Path], Any]
) -> None:
    shop.ok("backup")
    lose(database_of(shop))
    for command in (("init",), ("feeds", "list"), ("jobs", "list")):
        assert "Put back a backup" in shop.refused(*command)
    (backup,) = (shop.folder / "home" / "backups").iterdir()
    shop.ok("restore", str(backup), "--yes")
    assert shop.count() == 2


def test_pictures_belong_to_a_hub_too(shop: Any) -> None:
    originals = shop.folder / "home" / "storage" / "originals"
    originals.mkdir(parents=True, exist_ok=True)
    (originals / "0f").write_bytes(b"a picture")
    database_of(shop).unlink()
    assert "Put back a backup" in shop.refused("init")


def test_a_database_of_a_later_version_is_called_so(shop: Any) -> None:
    with closing(sqlite3.connect(database_of(shop))) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in (("init",), ("feeds", "list"), ("serve",)):
        assert "from a later version of Etalage (9999)" in shop.refused(*command)
