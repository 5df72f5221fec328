"""Whatever a file says: its trial tells what it does, the hub is sound behind it, and once it is
taken back everything is as before, so that the same file does the same again.
"""

import contextlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from media.storage import Storage
from pim import consistency
from pim.db import Database
from pim.errors import Conflict
from pim.imports import batch_reader
from pim.imports.models import ImportRun
from pim.imports.undo import take_back
from pim.products.change import ProductInput
from pim.products.models import Product
from tests.support.campaigns import times
from tests.support.hub import HUB
from tests.support.imports import UNDO, ImportingHub, counts

STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL", "de_DE"],
    "currencies": ["EUR"],
    "channels": {
        "till": {"locales": ["nl_NL"], "currencies": ["EUR"], "tree": "shop"},
    },
    "attributes": {
        "sku": {"type": "identifier", "owner": "erp"},
        "name": {"type": "text", "localizable": True, "owner": "erp"},
        "note": {"type": "text", "owner": "hub"},
        "mark": {"type": "text", "unique": True, "owner": "erp"},
        "price": {"type": "price", "owner": "erp", "fact": True},
        "weight": {"type": "measurement", "dimension": "weight", "unit": "GRAM", "owner": "erp"},
        "color": {"type": "choice", "owner": "erp", "options": {"red": {}, "blue": {}}},
        "size": {"type": "choice", "owner": "erp", "options": {"s": {}, "m": {}}},
        "spare": {"type": "link", "multiple": True, "owner": "erp"},
    },
    "families": {
        "socks": {
            "attributes": ["sku", "name", "mark", "price", "color", "size", "spare", "weight"],
            "label": "name",
            "requirements": {"till": ["name", "price"]},
        },
        "hats": {"attributes": ["sku", "name", "note"], "label": "name"},
    },
    "variants": {
        "by_color": {
            "family": "socks",
            "levels": [{"axes": ["color"], "attributes": ["sku", "mark", "price"]}],
        },
    },
    "categories": {
        "shop": {"children": {"warm": {}, "cold": {}}},
    },
    "associations": {"beside": {}},
}
COLUMNS = {
    "Family": "family",
    "Parent": "parent",
    "Naam": "name-nl_NL",
    "Name": "name-de_DE",
    "Note": "note",
    "Mark": "mark",
    "Price": "price-EUR",
    "Weight": "weight",
    "Color": "color",
    "Size": "size",
    "Spare": "spare",
    "Groups": "categories",
    "Beside": "beside-products",
    "Enabled": "enabled",
}
HEADER = ",".join(["Nr", *COLUMNS])
NAMES = [f"P-{number}" for number in range(8)] + ["V-1", "V-2", "V-3"]
CELLS = {
    "Family": ["", "", "socks", "hats", "shoes"],
    "Parent": ["", "", "", "M-1", "M-2", "M-9", "P-1"],
    "Naam": ["", "-", "Sok", "Kous", "8.71235E+12", "\x00"],
    "Name": ["", "-", "Socke", "Strumpf"],
    "Note": ["", "-", "theirs"],
    "Mark": ["", "", "-", "a", "b", "c", "A"],
    "Price": ["", "-", "1.00", "2.50", "dear"],
    "Weight": ["", "5 GRAM", "1 KILOGRAM", "heavy"],
    "Color": ["", "-", "red", "blue", "Red", "green"],
    "Size": ["", "s", "m"],
    "Spare": ["", "-", "P-1|P-2", "P-0|Q-7", "P-3"],
    "Groups": ["", "-", "warm", "cold|warm", "hot|cold"],
    "Beside": ["", "-", "P-4", "P-5|P-5"],
    "Enabled": ["", "", "0", "1", "perhaps"],
}


def profile(code: str, kind: str = "product") -> str:
    columns = "".join(f"  {name}: {_column(name, to)}\n" for name, to in COLUMNS.items())
    return (
        f"code: {code}\nowner: erp\nkind: {kind}\nkey: Nr\nclear: '-'\n"
        f"columns:\n  Nr: sku\n{columns}"
    )


def _column(name: str, to: str) -> str:
    several = name in ("Spare", "Groups", "Beside")
    return f'{{to: {to}, separator: "|"}}' if several else to


@dataclass(frozen=True)
class Said:
    """What came of a file."""

    counts: tuple[int, int, int, int]
    left_out: int
    report: tuple[tuple[str, str, str], ...]


class Lottery(ImportingHub):
    """``chance``: decides what the files say."""

    chance: random.Random

    def lines(self) -> list[str]:
        names = self.chance.sample(NAMES, self.chance.randint(1, len(NAMES)))
        return [HEADER, *(",".join([name, *self._cells(name)]) for name in names)]

    def _cells(self, name: str) -> list[str]:
        filled = {
            column: self.chance.choice(cells) if self.chance.random() < 0.6 else ""
            for column, cells in CELLS.items()
        }
        if name.startswith("V") and self.chance.random() < 0.8:
            filled |= {"Parent": "M-1", "Color": self.chance.choice(["red", "blue"])}
        return list(filled.values())

    def by_hand(self) -> None:
        """What people did before."""
        self.batch(
            [
                ProductInput("M-1", {"family_variant": "by_color", "name-nl_NL": "Sok"}, "model"),
                ProductInput("M-2", {"family_variant": "by_color"}, "model"),
                ProductInput("P-1", {"family": "socks", "categories": ["warm"], "note": "ours"}),
                ProductInput("P-2", {"family": "hats", "beside-products": ["P-1"]}),
                ProductInput("V-1", {"parent": "M-1", "color": "red", "mark": "b"}),
            ],
            HUB,
        )
        if self.chance.random() < 0.5:
            self.approve("P-1", force="for the season")
        if self.chance.random() < 0.3:
            self.move("P-2", "retired")

    def said(self, lines: list[str], code: str, **options: Any) -> Said:
        run = self.file(lines, profile(code), **options)
        return Said(counts(run), run.left_out, tuple(sorted(self.report(run))))

    def state(self) -> dict[str, tuple[Any, ...]]:
        with self.database.reading() as session:
            products = session.scalars(select(Product)).all()
            named = {one.id: one.identifier for one in products}
            return {
                one.identifier: (
                    one.kind,
                    one.status,
                    one.family,
                    one.family_variant,
                    one.enabled,
                    named.get(one.parent_id),
                    one.values,
                    one.chosen,
                )
                for one in products
            }

    def newest_run(self) -> ImportRun:
        with self.database.reading() as session:
            newest = select(ImportRun).order_by(ImportRun.started.desc(), ImportRun.id)
            return session.scalars(newest).first()


def unsound(database: Database, folder: Path) -> list[str]:
    """What is inconsistent, but for links to what is not there, which are kept and told."""
    found = consistency.check(database, Storage((folder / "storage").as_uri()))
    return [str(one) for one in found if "which is not there" not in str(one)]


State = Mapping[str, tuple[Any, ...]]


def changed(before: State, after: State) -> dict[str, tuple[Any, Any]]:
    """The products that differ, as they were and as they are."""
    return {
        name: (before.get(name), after.get(name))
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name)
    }


@pytest.mark.parametrize("block", range(4))
def test_a_file_does_what_its_trial_says_and_an_undo_takes_it_back(
    database: Database, clock: Any, tmp_path: Path, monkeypatch: Any, block: int
) -> None:
    hub = Lottery(database, clock, tmp_path, STRUCTURE)
    hub.chance = random.Random(block)
    hub.by_hand()
    for turn in range(times(5)):
        monkeypatch.setattr(batch_reader, "BATCH", hub.chance.choice([1, 3, 1000]))
        lines, code = hub.lines(), f"erp{turn}"
        hint = "\n".join(lines)
        before = hub.state()
        expected = hub.said(lines, code, dry_run=True)
        assert changed(before, hub.state()) == {}, hint
        clock.advance(minutes=1)
        assert hub.said(lines, code) == expected, hint
        behind = hub.state()
        assert unsound(database, tmp_path) == [], hint
        # A run that changed nothing says that there is nothing to undo.
        with contextlib.suppress(Conflict):
            take_back(database, hub.newest_run().id, UNDO, clock)
        assert changed(before, hub.state()) == {}, hint
        clock.advance(minutes=1)
        assert hub.said(lines, code) == expected, hint
        assert changed(behind, hub.state()) == {}, hint
