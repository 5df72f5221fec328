"""The command line as a user has it: a home folder, files written by hand, commands, exit codes and
what is said.
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from click.testing import CliRunner, Result

from pim.cli.frame import pim

STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL", "de_DE"],
    "currencies": ["EUR"],
    "channels": {
        "shop": {"locales": ["nl_NL", "de_DE"], "currencies": ["EUR"]},
        "till": {"locales": ["nl_NL"], "currencies": ["EUR"]},
    },
    "attributes": {
        "sku": {"type": "identifier", "owner": "erp"},
        "name": {"type": "text", "localizable": True, "owner": "erp"},
        "teaser": {"type": "text", "localizable": True, "scopable": True, "owner": "erp"},
        "price": {"type": "price", "owner": "erp", "fact": True, "decimals": 2},
        "color": {"type": "choice", "owner": "erp", "options": {"red": {}, "blue": {}}},
    },
    "families": {
        "goods": {
            "attributes": ["sku", "name", "price", "color"],
            "label": "name",
            "requirements": {"shop": ["name", "price"]},
        },
    },
    "variants": {"by_color": {"family": "goods", "levels": [{"axes": ["color"]}]}},
}
PROFILE: dict[str, Any] = {
    "code": "erp",
    "source": "erp",
    "key": "Nr",
    "columns": {
        "Nr": "sku",
        "Naam": "name-nl_NL",
        "Prijs": "price-EUR",
        "Kleur": "color",
        "Familie": "family",
    },
}
FEEDS: dict[str, Any] = {
    "till": {
        "label": "Kassa",
        "exporter": "tryton_pos",
        "channel": "till",
        "locale": "nl_NL",
        "currency": "EUR",
        "mapping": {
            "name": {"from": ["name"]},
            "gross_price": {"from": ["price"]},
            "suffix_code": {"from": ["$identifier"]},
        },
    },
}
ARTICLES = "Nr;Naam;Prijs;Kleur;Familie\nA1;Fiets;749.00;red;goods\nA2;Bel;9.95;;goods\n"


class Desk:
    """Somebody at a terminal in an empty folder."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        monkeypatch.chdir(folder)
        monkeypatch.setenv("PIM_HOME", str(folder / "home"))
        for name in ("PIM_DATABASE_URL", "PIM_STORAGE_URL", "PIM_BROKER_URL", "PIM_SECRET_KEY"):
            monkeypatch.delenv(name, raising=False)

    def write(self, name: str, content: Any) -> str:
        """A file with this text or these bytes, or, for anything else, this YAML."""
        data = (
            content
            if isinstance(content, str | bytes)
            else yaml.safe_dump(content, sort_keys=False)
        )
        (self.folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
        return name

    def run(self, *arguments: str) -> Result:
        """A command that ends as it should: with a result or a sentence, never with a traceback."""
        result = CliRunner().invoke(pim, arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.output
        return result

    def ok(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *arguments: str) -> Any:
        return orjson.loads(self.ok(*arguments, "--json"))

    def count(self) -> int:
        """Products there are, seen from beside the program."""
        with closing(sqlite3.connect(self.folder / "home" / "etalage.db")) as database:
            number: int = database.execute("SELECT count(*) FROM product").fetchone()[0]
            return number

    def refused(self, *arguments: str) -> str:
        """What is said when it does not work; the same sentences as JSON."""
        result = self.run(*arguments)
        assert result.exit_code == 1, result.output
        spoken = result.stderr.strip()
        assert spoken
        assert result.stdout == ""
        again = self.run(*arguments, "--json")
        assert again.exit_code == 1
        said = orjson.loads(again.stdout)
        assert said.keys() == {"error", "messages"}
        assert all(
            sentence in spoken for sentences in said["messages"].values() for sentence in sentences
        )
        return spoken


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the tables in it, to be copied: migrating takes a second."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        Desk(folder, patch).ok("jobs", "list")
    return folder / "home"


@pytest.fixture
def desk(made_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A hub without anything in it."""
    shutil.copytree(made_home, tmp_path / "home")
    return Desk(tmp_path, monkeypatch)


@pytest.fixture
def empty_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Nothing: not even a home folder."""
    return Desk(tmp_path, monkeypatch)


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A hub with a structure, a profile, a feed and two articles."""
    desk.ok("structure", "apply", desk.write("structure.yaml", STRUCTURE))
    desk.write("profile.yaml", PROFILE)
    desk.ok("import", "products", desk.write("articles.csv", ARTICLES), "--profile", "profile.yaml")
    desk.ok("feeds", "apply", desk.write("feeds.yaml", FEEDS))
    return desk


@pytest.fixture
def structure() -> dict[str, Any]:
    return deepcopy(STRUCTURE)


@pytest.fixture
def profile() -> dict[str, Any]:
    return deepcopy(PROFILE)


@pytest.fixture
def feeds() -> dict[str, Any]:
    return deepcopy(FEEDS)


@pytest.fixture
def commands() -> Callable[[], list[list[str]]]:
    """Every command there is, as the words one types."""

    def walk() -> list[list[str]]:
        found: list[list[str]] = []
        waiting: list[tuple[list[str], Any]] = [([], pim)]
        while waiting:
            words, group = waiting.pop()
            for name, command in group.commands.items():
                if hasattr(command, "commands"):
                    waiting.append(([*words, name], command))
                else:
                    found.append([*words, name])
        return found

    return walk
