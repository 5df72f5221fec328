"""A shop with a family of assets, and pictures that can be given to it."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from media import service as media
from media.storage import Storage
from pim.db import Database
from pim.structure import service as structures
from tests.support.asset_shop import NOW, STRUCTURE


@pytest.fixture
def shop(database: Database) -> Database:
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
    return database


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage((tmp_path / "storage").as_uri())


@pytest.fixture
def add_picture(shop: Database, storage: Storage) -> Callable[[str, str], str]:
    """Takes in a picture of one colour under a name, and answers its code."""

    def add(filename: str, colour: str) -> str:
        drawn = BytesIO()
        Image.new("RGB", (40, 30), colour).save(drawn, "PNG")
        with shop.writing() as session:
            return media.take_in(session, storage, filename, drawn.getvalue(), NOW).code

    return add


@pytest.fixture
def red(add_picture: Callable[[str, str], str]) -> str:
    return add_picture("catalogue/Red bag.png", "red")


@pytest.fixture
def blue(add_picture: Callable[[str, str], str]) -> str:
    return add_picture("catalogue/Blue bag.png", "blue")
