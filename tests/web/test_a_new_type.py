"""A fourteenth attribute type comes in two files, a type and its control, and works everywhere: in
form, import, filter, feed and JSON.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pim.attributes
import pim.web.controls
from media.storage import Storage
from pim.attributes import registry
from pim.db import Database
from pim.feeds import service as feeds
from pim.feeds.run import run_feed
from pim.imports.profiles import read_profile
from pim.imports.run import import_products
from pim.products import publishing, queries
from pim.products.change import Origin
from pim.products.matching import Filters
from pim.structure import queries as catalog
from pim.structure import service as structures

TYPE = '''
"""Stars, from one to five."""

from dataclasses import dataclass
from typing import Any, ClassVar

from pim.attributes.base import AttributeType, InvalidValue, Reading
from pim.errors import Text, text


@dataclass(frozen=True)
class StarsType(AttributeType):
    code: ClassVar[str] = "stars"
    label: ClassVar[Text] = text("Stars")
    help: ClassVar[Text] = text("From one star to five.")
    control: ClassVar[str] = "stars"

    def parse(self, raw: str, reading: Reading) -> Any:
        spelled = raw.strip()
        return self.load(len(spelled) if set(spelled) == {"*"} else spelled) if spelled else None

    def load(self, raw: Any) -> Any:
        if str(raw) not in "12345":
            raise InvalidValue("stars", text("There are one to five stars."))
        return str(raw)

    def show(self, value: Any, locale: str) -> str:
        return "★" * int(value)

    def lister(self, context: Any) -> Any:
        return lambda value: f"{value}/5"
'''
CONTROL = '''
"""Stars are typed as stars."""

from typing import ClassVar

from pim.web.controls.base import Control


class StarsControl(Control):
    name_of_control: ClassVar[str] = "stars"

    @property
    def widget(self) -> str:
        return "widgets/text.html"

    @property
    def is_long(self) -> bool:
        return False
'''
STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL"],
    "currencies": ["EUR"],
    "channels": {"shop": {"locales": ["nl_NL"], "currencies": ["EUR"]}},
    "attributes": {
        "sku": {"type": "identifier"},
        "rating": {"type": "stars", "filterable": True, "labels": {"en_GB": "Rating"}},
    },
    "families": {"bikes": {"attributes": ["sku", "rating"], "label": "sku"}},
}
PROFILE = """\
code: reviews
source: hub
key: SKU
file: {delimiter: ";"}
columns: {SKU: sku, Familie: family, Sterren: rating}
"""
FEED = {
    "label": "Till",
    "exporter": "tryton_pos",
    "channel": "shop",
    "locale": "nl_NL",
    "currency": "EUR",
    "options": {"unit": "Unit", "type": "goods"},
    "mapping": {
        "name": {"from": ["rating"]},
        "gross_price": {"value": "1.00"},
        "suffix_code": {"from": ["$identifier"]},
    },
}
ANNA = Origin("user", "anna@example.org", None)


@pytest.fixture
def stars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The two files, found beside the product's own as a module of theirs would be."""
    for package, code in ((pim.attributes, TYPE), (pim.web.controls, CONTROL)):
        folder = tmp_path / package.__name__
        folder.mkdir()
        (folder / "stars.py").write_text(code)
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    monkeypatch.setattr(registry, "_found", {})
    monkeypatch.setattr(pim.web.controls, "_found", {})
    yield
    for name in ("pim.attributes.stars", "pim.web.controls.stars"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("stars")
def test_a_new_type_works_at_every_door(
    database: Database, enter: Any, settings: Any, clock: Any, tmp_path: Path
) -> None:
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
    file = tmp_path / "reviews.csv"
    file.write_text("SKU;Familie;Sterren\nA;bikes;****\nB;bikes;******\n")
    run = import_products(database, file, read_profile(PROFILE), "anna", clock)
    assert (run.created, run.left_out) == (2, 1)

    editor = enter("approver")
    page = editor.get("/products/A").get_data(as_text=True)
    assert re.search(r'name="value-rating"[^>]*value="4"', page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    fields = {"version": version[1], "was-rating": "4", "value-rating": "*****"}
    assert editor.send("/products/A", **fields).status_code == 303
    assert 'value="5"' in editor.get("/products/A").get_data(as_text=True)
    assert "★★★★★" in editor.get("/products/A?tab=history").get_data(as_text=True)
    refused = editor.send("/products/A", **(fields | {"value-rating": "six"}))
    assert refused.status_code == 422
    assert "There are one to five stars." in refused.get_data(as_text=True)

    with database.writing() as session:
        structure = catalog.structure(session)
        found = queries.page(session, structure, Filters(terms=(("rating", "5"),)))
        assert [row.identifier for row in found.rows] == ["A"]
        publishing.approve(session, ["A"], ANNA, clock(), force="no channel asks for more")
        feeds.define(session, "till", FEED, clock())
        assert structure.attributes["rating"].type.load(5) == "5"
    storage = Storage(settings.storage_url)
    build = run_feed(database, storage, tmp_path / "scratch", "till", "https://hub", clock)
    assert b"5/5" in storage.get(build.path)
